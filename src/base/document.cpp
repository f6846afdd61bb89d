#include "base/document.h"

#include <algorithm>
#include <sstream>

#include <nlohmann/json.hpp>

// Its parser asserts (and in release builds takes for granted) what a file may well break, "[.a]" for one, before it looks for itself
// and says what is wrong.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "base/limits.h"
#include "base/text.h"

namespace beadle {
namespace {

Position position_of(const toml::source_position& at) { return {static_cast<int>(at.line), static_cast<int>(at.column)}; }

template <class T>
std::string as_text(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

std::optional<Value> from_toml(const toml::node& node, std::size_t depth, std::string& why) {
  if (depth > limits::document_depth_max) {
    why = "nested too deeply";
    return std::nullopt;
  }
  Value value;
  value.at = position_of(node.source().begin);
  if (const auto* table = node.as_table()) {
    Table members;
    for (const auto& [key, child] : *table) {
      auto content = from_toml(child, depth + 1, why);
      if (!content) return std::nullopt;
      members.push_back({std::string(key.str()), position_of(key.source().begin), std::move(*content)});
    }
    std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) {
      return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
    });
    value.content = std::move(members);
  } else if (const auto* array = node.as_array()) {
    Array items;
    for (const auto& child : *array) {
      auto content = from_toml(child, depth + 1, why);
      if (!content) return std::nullopt;
      items.push_back(std::move(*content));
    }
    value.content = std::move(items);
  } else if (const auto* text = node.as_string()) {
    value.content = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.content = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    value.content = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.content = flag->get();
  } else if (const auto* date = node.as_date()) {
    value.content = as_text(date->get());
  } else if (const auto* time = node.as_time()) {
    value.content = as_text(time->get());
  } else if (const auto* date_time = node.as_date_time()) {
    value.content = as_text(date_time->get());
  }
  return value;
}

std::optional<Value> from_json(const nlohmann::json& node, std::size_t depth, std::string& why) {
  if (depth > limits::document_depth_max) {
    why = "nested too deeply";
    return std::nullopt;
  }
  Value value;
  if (node.is_object()) {
    Table members;
    for (const auto& [key, child] : node.items()) {
      auto content = from_json(child, depth + 1, why);
      if (!content) return std::nullopt;
      members.push_back({key, {}, std::move(*content)});
    }
    value.content = std::move(members);
  } else if (node.is_array()) {
    Array items;
    for (const auto& child : node) {
      auto content = from_json(child, depth + 1, why);
      if (!content) return std::nullopt;
      items.push_back(std::move(*content));
    }
    value.content = std::move(items);
  } else if (node.is_string()) {
    value.content = node.get<std::string>();
  } else if (node.is_number_integer()) {
    value.content = node.get<std::int64_t>();
  } else if (node.is_number()) {
    value.content = node.get<double>();
  } else if (node.is_boolean()) {
    value.content = node.get<bool>();
  } else {
    why = "null is not a value here";
    return std::nullopt;
  }
  return value;
}

/// Where a line of TOML has a text without quotes, or between the curly ones of a word processor: what to do about it.
std::string quotes_hint(std::string_view text, Position at) {
  std::size_t begin = 0;
  for (int line = 1; line < at.line && begin != std::string_view::npos; ++line) {
    begin = text.find('\n', begin);
    if (begin != std::string_view::npos) ++begin;
  }
  if (at.line < 1 || begin == std::string_view::npos) return "";
  const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
  const std::size_t equals = line.find('=');
  std::string_view value = trimmed(equals == std::string_view::npos ? line : line.substr(equals + 1));
  while (value.starts_with('[') || value.starts_with(' ')) value.remove_prefix(1);
  const bool curly = value.starts_with("\u201C") || value.starts_with("\u201D") || value.starts_with("\u2018") || value.starts_with("\u2019");
  const char first = value.empty() ? ' ' : value[0];
  const bool bare = equals != std::string_view::npos && ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '/');
  return curly || bare ? "texts stand in quotes \"…\"" : "";
}

std::string_view kind_of(const Value& value) {
  static constexpr std::string_view kinds[] = {"a text", "a whole number", "a number", "true or false", "a list", "a table"};
  return kinds[value.content.index()];
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<Value> parse_toml(std::string_view text, std::string_view file, Problems& problems) {
  const auto fail = [&](Position at, std::string what) -> std::optional<Value> {
    problems.push_back({Problem::Severity::error, std::string(file), at, std::move(what), ""});
    return std::nullopt;
  };
  if (text.size() > limits::settings_file_bytes_max) return fail({}, "the file is too large");
  const toml::parse_result result = toml::parse(text, file);
  if (!result) {
    const Position at = position_of(result.error().source().begin);
    problems.push_back({Problem::Severity::error, std::string(file), at, std::string(result.error().description()), quotes_hint(text, at)});
    return std::nullopt;
  }
  std::string why;
  auto value = from_toml(result.table(), 0, why);
  if (!value) return fail({}, why);
  return value;
}

std::optional<Value> parse_json(std::string_view text, std::string_view file, Problems& problems) {
  const auto fail = [&](Position at, std::string what) -> std::optional<Value> {
    problems.push_back({Problem::Severity::error, std::string(file), at, std::move(what), ""});
    return std::nullopt;
  };
  if (text.size() > limits::settings_file_bytes_max) return fail({}, "the file is too large");
  // The parser recurses over its own stack of values, not ours; depth is bounded when we copy.
  try {
    const auto document = nlohmann::json::parse(text.begin(), text.end());
    std::string why;
    auto value = from_json(document, 0, why);
    if (!value) return fail({}, why);
    return value;
  } catch (const nlohmann::json::parse_error& error) {
    Position at{1, 1};
    for (std::size_t i = 0; i + 1 < error.byte && i < text.size(); ++i) {
      ++at.column;
      if (text[i] == '\n') at = {at.line + 1, 1};
    }
    return fail(at, "not JSON: " + printable(error.what()));
  } catch (const std::exception& error) {
    return fail({}, printable(error.what()));
  }
}

std::optional<Value> parse_document(std::string_view text, std::string_view file, Problems& problems) {
  return file.ends_with(".json") ? parse_json(text, file, problems) : parse_toml(text, file, problems);
}

TableReader::TableReader(const Value& table, std::string_view file, std::string_view what, Problems& problems)
    : table_(table.table()), at_(table.at), file_(file), what_(what), problems_(&problems) {
  if (table_ == nullptr) error(table.at, what_ + " is " + std::string(kind_of(table)) + ", a table is wanted");
}

const Member* TableReader::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  if (table_ == nullptr) return nullptr;
  for (const Member& member : *table_) {
    if (member.key == key) return &member;
  }
  return nullptr;
}

bool TableReader::has(std::string_view key) const {
  return table_ != nullptr && std::any_of(table_->begin(), table_->end(), [&](const Member& member) { return member.key == key; });
}

Position TableReader::place(std::string_view key) const {
  if (table_ != nullptr) {
    for (const Member& member : *table_) {
      if (member.key == key) return member.value.at.line > 0 ? member.value.at : member.at;
    }
  }
  return at_;
}

std::optional<std::string> TableReader::text(std::string_view key) {
  const Member* member = find(key);
  if (member == nullptr) return std::nullopt;
  if (const std::string* text = member->value.text()) return *text;
  error(member->value.at, std::string(key) + " is " + std::string(kind_of(member->value)) + ", a text is wanted", "put it in quotes");
  return std::nullopt;
}

std::string TableReader::required_text(std::string_view key) {
  const bool given = has(key);
  const std::string value = text(key).value_or("");
  if (!given) {
    error(at_, what_ + ": " + std::string(key) + " is missing");
  } else if (trimmed(value).empty() && find(key)->value.text() != nullptr) {
    error(place(key), std::string(key) + " is empty");
  }
  return value;
}

std::vector<std::string> TableReader::texts(std::string_view key) {
  const Member* member = find(key);
  std::vector<std::string> out;
  if (member == nullptr) return out;
  if (const std::string* text = member->value.text()) return {*text};
  const Array* items = member->value.array();
  if (items == nullptr) {
    error(member->value.at, std::string(key) + " is " + std::string(kind_of(member->value)) + ", a list of texts is wanted");
    return out;
  }
  for (const Value& item : *items) {
    if (const std::string* text = item.text()) {
      out.push_back(*text);
    } else {
      error(item.at, std::string(key) + " holds " + std::string(kind_of(item)) + ", texts are wanted");
    }
  }
  return out;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const Member* member = find(key);
  if (member == nullptr) return std::nullopt;
  const auto* number = std::get_if<std::int64_t>(&member->value.content);
  if (number == nullptr) {
    error(member->value.at, std::string(key) + " is " + std::string(kind_of(member->value)) + ", a whole number is wanted");
    return std::nullopt;
  }
  if (*number < least || *number > most) {
    error(member->value.at, std::string(key) + " is " + std::to_string(*number),
          "from " + std::to_string(least) + " to " + std::to_string(most));
    return std::nullopt;
  }
  return *number;
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const Member* member = find(key);
  if (member == nullptr) return std::nullopt;
  if (const bool* flag = std::get_if<bool>(&member->value.content)) return *flag;
  error(member->value.at, std::string(key) + " is " + std::string(kind_of(member->value)) + ", true or false is wanted");
  return std::nullopt;
}

std::vector<const Value*> TableReader::tables(std::string_view key) {
  const Member* member = find(key);
  std::vector<const Value*> out;
  if (member == nullptr) return out;
  if (member->value.table() != nullptr) return {&member->value};
  const Array* items = member->value.array();
  if (items == nullptr) {
    error(member->value.at, std::string(key) + " is " + std::string(kind_of(member->value)) + ", tables are wanted",
          "[[" + std::string(key) + "]]");
    return out;
  }
  for (const Value& item : *items) {
    if (item.table() != nullptr) {
      out.push_back(&item);
    } else {
      error(item.at, std::string(key) + " holds " + std::string(kind_of(item)) + ", tables are wanted");
    }
  }
  return out;
}

const Value* TableReader::table(std::string_view key) {
  const Member* member = find(key);
  if (member == nullptr) return nullptr;
  if (member->value.table() != nullptr) return &member->value;
  error(member->value.at, std::string(key) + " is " + std::string(kind_of(member->value)) + ", a table is wanted", "[" + std::string(key) + "]");
  return nullptr;
}

const Value* TableReader::any(std::string_view key) {
  const Member* member = find(key);
  return member == nullptr ? nullptr : &member->value;
}

void TableReader::error(Position at, std::string what, std::string hint) {
  problems_->push_back({Problem::Severity::error, file_, at, std::move(what), std::move(hint)});
}

void TableReader::odd(Position at, std::string what, std::string hint) {
  problems_->push_back({Problem::Severity::odd, file_, at, std::move(what), std::move(hint)});
}

void TableReader::finish() {
  if (table_ == nullptr) return;
  for (const Member& member : *table_) {
    if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
    const auto suggestion = nearest(member.key, known_);
    error(member.at, what_ + ": unknown key " + shortened(printable(member.key), 60),
          suggestion ? "did you mean " + *suggestion + "?" : "known: " + joined(known_, ", "));
  }
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.size() > 60) return std::nullopt;
  std::optional<std::string> best;
  std::size_t least = 1 + word.size() / 3;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > 60) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < least || (distance == least && !best)) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace beadle
