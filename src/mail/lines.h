// The lines of a decoded text with their depth of quoting: what zones, quoted header blocks and signatures are found in.
// Lines beyond limits::zone_lines_max are one long last line: they are still read, but not told apart.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"

namespace beadle::mail {

struct Line {
  Range range;            // of the text, its line end included
  std::string_view text;  // without quote marks, and without blanks (also no-break ones) at both ends
  int depth = 0;          // quote marks (">") in front
  bool flat() const { return text.empty(); }
};

/// Lines end with LF. `>` counts with or without a blank behind it ("> > x", ">> x").
std::vector<Line> lines_of(std::string_view utf8);

/// The first line at or behind `from` that has text; lines.size() where there is none.
std::size_t next_with_text(const std::vector<Line>& lines, std::size_t from);

/// Blanks, tabs, no-break spaces and zero-width characters taken off both ends.
std::string_view trimmed_wide(std::string_view text);

/// Lower case words (letters, digits and all bytes above 127), for looking at the shape of a line; at most `words_max`.
std::vector<std::string> words_of(std::string_view text, std::size_t words_max = 64);

bool has_digit(std::string_view text);

}  // namespace beadle::mail
