// Text in sentences, and folded for matching: case kept, but quotes, dashes, blanks, accents and invisible characters made plain.
// Each sentence keeps its place in the original, because evidence shows the sender's own words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beadle::rules {

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const Span&) const = default;
};

/// Sentences of `text` (UTF-8) as byte ranges, trimmed, in order. Splits at . ! ? … followed by a blank, at blank lines, at list
/// items and at short lines (greeting, heading), not at wrapped lines, abbreviations, initials, decimals or times.
std::vector<Span> split_sentences(std::string_view text);

/// A text made plain for matching: one sentence a line.
struct Folded {
  std::string text;
  std::vector<Span> sentences;  // in the original
  std::vector<Span> lines;      // in `text`, without line end; same count as sentences
};
Folded fold(std::string_view text);

}  // namespace beadle::rules
