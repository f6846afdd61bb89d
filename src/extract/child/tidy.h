// Text as the formats hold it → text as it is inspected: UTF-8, LF, no stray control characters. And where a first page ends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace beadle::extract {

/// CRLF, CR, vertical tab, form feed and the Unicode line and paragraph separators become LF; other controls go; what is not
/// UTF-8 becomes U+FFFD.
std::string tidied(std::string_view text);
/// A member's name as it is shown and reported: one line, shortened. Names that are not UTF-8 are read as the ZIP format says
/// (code page 437).
std::string shown_name(std::string_view name);
/// Bytes of the first `lines` lines of `text`.
std::size_t lines_end(std::string_view text, std::size_t lines);
/// The largest cut of at most `bytes_max` bytes that does not split a character.
std::size_t last_whole_character(std::string_view text, std::size_t bytes_max);

/// Little-endian numbers of at least the bytes they need; 0 where `at` lies outside.
std::uint16_t u16_at(std::string_view bytes, std::size_t at);
std::uint32_t u32_at(std::string_view bytes, std::size_t at);
std::string utf8_from_utf16le(std::string_view bytes);
std::string utf8_from_utf16be(std::string_view bytes);
/// `code_page` as Windows counts them (1252, 932, 65001 …); unknown ones are read as 1252. Never fails: what has no meaning
/// becomes U+FFFD.
std::string utf8_from_code_page(std::string_view bytes, unsigned code_page);

}  // namespace beadle::extract
