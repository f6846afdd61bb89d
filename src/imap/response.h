// One response of an IMAP server as values (RFC 3501 §7, RFC 9051 §7): status, data or go-ahead. What it means is for machine.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beadle::imap {

struct Value {
  enum class Kind { atom, text, nil, list };
  Kind kind = Kind::nil;
  std::string text;  // of an atom, a quoted string or a literal
  std::vector<Value> items;

  bool is_list() const { return kind == Kind::list; }
  bool is_word() const { return kind == Kind::atom || kind == Kind::text; }
  /// nullopt where it is no number of 32 bits, or of 64.
  std::optional<std::uint32_t> number() const;
  std::optional<std::uint64_t> long_number() const;
  bool operator==(const Value&) const = default;
};

struct Response {
  enum class Kind { untagged, tagged, go_ahead };
  Kind kind = Kind::untagged;
  std::string tag;                      // of a tagged one
  std::optional<std::uint32_t> number;  // "* 12 EXISTS"
  std::string name;                     // upper case: OK NO BAD BYE PREAUTH, EXISTS FETCH SEARCH LIST …
  std::string code, code_value;         // of a status: "[UIDVALIDITY 7]" is UIDVALIDITY and "7"; code in upper case
  std::string words;                    // of a status or a go-ahead
  std::vector<Value> values;            // of data

  bool is_status() const { return name == "OK" || name == "NO" || name == "BAD" || name == "BYE" || name == "PREAUTH"; }
};

}  // namespace beadle::imap
