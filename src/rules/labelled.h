// Labelled sentences: what weights are learned from and lexicons are measured by. Tab-separated columns, a heading line:
// cue, label (yes or no), writer, sentence (line breaks as \n), note.
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
};

/// nullopt where something is wrong; every mistake is in `problems` with its line.
std::optional<std::vector<LabelledSentence>> parse_labelled(std::string_view text, std::string_view file, Problems& problems);

}  // namespace beadle::rules
