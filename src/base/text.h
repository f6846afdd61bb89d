// Small helpers for ASCII and UTF-8 text. Nothing here knows of mail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beadle {

/// A-Z to a-z; all other bytes stay.
std::string ascii_lower(std::string_view text);
/// a-z to A-Z; all other bytes stay.
std::string ascii_upper(std::string_view text);
bool ascii_iequals(std::string_view a, std::string_view b);
bool ascii_istarts_with(std::string_view text, std::string_view prefix);
/// Without blanks, tabs, CR and LF at both ends.
std::string_view trimmed(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string joined(const std::vector<std::string>& parts, std::string_view separator);
/// `text` with each byte sequence that is not UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);
bool is_valid_utf8(std::string_view text);
/// Length of the run of ASCII that `text` begins with. Many bytes at a time, since most mail is nothing else.
std::size_t ascii_prefix(std::string_view text);
/// Reads one code point at `at` and moves `at` past it; U+FFFD (and one byte) where the bytes are not UTF-8.
char32_t next_long_code_point(std::string_view text, std::size_t& at);
void append_long_utf8(std::string& out, char32_t code_point);
// Nearly all of a text is ASCII, which costs no call.
inline char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first >= 0x80) return next_long_code_point(text, at);
  ++at;
  return first;
}
inline void append_utf8(std::string& out, char32_t code_point) {
  if (code_point >= 0x80) return append_long_utf8(out, code_point);
  out += static_cast<char>(code_point);
}
/// At most `bytes_max` bytes, cut between code points, with "…" where something was cut.
std::string shortened(std::string_view text, std::size_t bytes_max);
/// For terminals and logs: control characters (also C1 and bidirectional overrides) become spaces or are dropped.
std::string printable(std::string_view text);
/// `*` stands for any run of characters; compares without ASCII case. Linear in text × stars.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace beadle
