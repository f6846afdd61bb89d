// Words, comments and signs of an address field (RFC 5322 §3.2), cut once. Leaves what they mean to address_list.cpp.
#pragma once

#include <string_view>
#include <vector>

namespace beadle::mail {

/// Encoded words are of names only (RFC 2047 §5): none is a part of an address.
enum class AddressTokenKind { atom, quoted, encoded, comment, literal, special };

struct AddressToken {
  AddressTokenKind kind;
  std::string_view text;  // without quotes or parentheses; a literal keeps its brackets
  bool blank_before = false;
  bool is(char c) const { return kind == AddressTokenKind::special && text.front() == c; }
  bool is_word() const { return kind == AddressTokenKind::atom || kind == AddressTokenKind::quoted; }
};

struct AddressTokens {
  std::vector<AddressToken> tokens;
  bool regular = true;  // false: something is not closed, or hides what looks like an address
};

/// Views into `text`, which has neither line ends nor control characters. Linear.
AddressTokens cut_addresses(std::string_view text);

inline constexpr std::string_view address_specials = "()<>[]:;@,\"\\";  // RFC 5322 §3.2.3, without "."

}  // namespace beadle::mail
