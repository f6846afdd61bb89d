// Labelled sentences: what weights are learned from and lexicons are measured by. Tab-separated columns, a heading line:
// cue, label (yes, no or only), writer, sentence (line breaks as \n), note. "only": the cue column names, parted by blanks, everything that the
// sentence does ("none": nothing), and it does nothing else; it gives a row for each of them. A cue with a question mark ("leak?") may be done:
// nobody learns from the sentence whether it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"

namespace beadle::rules {

struct LabelledSentence {
  std::string cue;  // "none": everyday words that do nothing any cue asks for
  bool does = false;
  std::string writer;
  std::string sentence;
  std::string note;
  int line = 0;
  bool complete = false;          // labelled "only"
  std::vector<std::string> also;  // complete: the other cues that it does, or may do
  std::vector<std::string> perhaps = {};  // of these, those that it may do
  bool again = false;             // complete: a row of the same sentence came before
};

/// nullopt where something is wrong; every mistake is in `problems` with its line.
std::optional<std::vector<LabelledSentence>> parse_labelled(std::string_view text, std::string_view file, Problems& problems);

}  // namespace beadle::rules
