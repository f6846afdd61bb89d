// What single characters are to the matcher: blank, invisible, or something with a plain form. Knows nothing of words or lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace beadle::rules {

/// Blanks of every width, and the separators that Unicode has beside CR and LF.
bool is_blank(char32_t c);
/// Zero width, soft hyphens, bidirectional controls, variation selectors, fillers, control characters.
bool is_invisible(char32_t c);
/// Appends the plain form of a visible character: straight quotes, - for dashes, letters without accents or stroke, compatibility
/// forms (fullwidth, ligatures, mathematical) as ordinary ones. May append blanks ("´" is a blank with an accent) or nothing (a
/// mark).
void append_plain(std::string& out, char32_t c);
/// The Latin letter that a Cyrillic or Greek one is drawn like; 0 where there is none.
char latin_look_alike(char32_t c);
/// A Cyrillic or Greek letter.
bool is_cyrillic_or_greek(char32_t c);

/// Past blanks and invisible characters, and with them past line ends and the quote marks (>) that begin a line.
std::size_t skip_blanks(std::string_view text, std::size_t at, std::size_t end);
/// The same backwards, without quote marks: the end of what is visible before `end`.
std::size_t trim_end(std::string_view text, std::size_t begin, std::size_t end);
/// Past the blanks and quote marks that a line begins with; counts the marks.
std::size_t skip_quote_marks(std::string_view text, std::size_t at, std::size_t end, int& marks);

}  // namespace beadle::rules
