// A TOML (or JSON) file as a tree of values that know their place, and a reader that notes every mistake with that place.
// Keeps the heavy parser headers in one .cpp. JSON values carry no line and column, only their path.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/problem.h"

namespace beadle {

struct Value;
struct Member;
using Array = std::vector<Value>;
using Table = std::vector<Member>;  // in the order of the file

struct Value {
  std::variant<std::string, std::int64_t, double, bool, Array, Table> content;
  Position at;

  const std::string* text() const { return std::get_if<std::string>(&content); }
  const Array* array() const { return std::get_if<Array>(&content); }
  const Table* table() const { return std::get_if<Table>(&content); }
};

struct Member {
  std::string key;
  Position at;  // of the key
  Value value;
};

/// Parses `text`; nullopt where it is no TOML, with the reason in `problems`. Dates become text (2024-05-13).
std::optional<Value> parse_toml(std::string_view text, std::string_view file, Problems& problems);
std::optional<Value> parse_json(std::string_view text, std::string_view file, Problems& problems);
/// JSON if the name ends in .json, else TOML.
std::optional<Value> parse_document(std::string_view text, std::string_view file, Problems& problems);

/// Reads one table key by key. What has the wrong type, and (in `finish`) what nobody asked for, becomes a Problem.
class TableReader {
 public:
  /// `table` and `problems` must outlive the reader. `what` names the table in messages: `[council]`, `person`.
  TableReader(const Value& table, std::string_view file, std::string_view what, Problems& problems);

  std::optional<std::string> text(std::string_view key);
  std::string required_text(std::string_view key);
  /// A text or a list of texts.
  std::vector<std::string> texts(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<bool> boolean(std::string_view key);
  /// `[[key]]`: the tables of an array; a single table counts as one.
  std::vector<const Value*> tables(std::string_view key);
  /// `[key]`; nullptr where it is absent.
  const Value* table(std::string_view key);
  /// Whatever stands at the key, marked as read; nullptr where it is absent.
  const Value* any(std::string_view key);
  bool has(std::string_view key) const;
  /// Place of the key, or of the table where the key is absent.
  Position place(std::string_view key) const;
  Position place() const { return at_; }

  void error(Position at, std::string what, std::string hint = "");
  void odd(Position at, std::string what, std::string hint = "");
  /// Notes each key that was not asked for, with the nearest known name as hint. Call last.
  void finish();

 private:
  const Member* find(std::string_view key);

  const Table* table_ = nullptr;
  Position at_;
  std::string file_;
  std::string what_;
  Problems* problems_;
  std::vector<std::string> known_;
};

/// The candidate nearest to `word` by edit distance, if near enough to be a slip of typing.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace beadle
