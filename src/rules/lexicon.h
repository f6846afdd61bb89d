// A lexicon: cues, each a thing that a sentence can do ("binds the council"), with the forms in which people say it, what takes
// it back (negation, hypothesis, report of another's words), and examples of both. Read from rules/lexicon/*.toml.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"

namespace beadle::rules {

struct Pattern {
  std::string text;  // as written, {names} not yet replaced
  Position at;
};

/// Patterns that must all stand in one sentence (or window), and those that must not.
struct Form {
  std::vector<Pattern> all;
  std::vector<Pattern> none;
  int sentences = 1;  // size of the window of neighbouring sentences in which they must stand
  Position at;
};

struct LabelledText {
  std::string text;
  Position at;
};

struct Cue {
  std::string name;  // "commitment"
  std::string says;  // what a sentence with this cue does
  std::vector<Form> forms;
  std::vector<Pattern> unless;  // takes the forms back
  std::optional<int> points;    // least points of a sentence by the weights of this name (rules/weights); absent: not weighed
  std::string weights_of;       // "" or another cue, whose weights these points are held against, and whose `unless` counts here too
  int sentences = 1;            // neighbouring sentences that are also weighed together
  std::vector<std::string> kin;  // cues whose sentences may well do this too: they teach nothing here
  std::vector<LabelledText> matches;
  std::vector<LabelledText> passes;
  std::string file;
  Position at;
};

struct Lexicon {
  std::string file;
  std::map<std::string, Pattern> words;  // {name} in patterns stands for these
  std::vector<Cue> cues;
};

/// nullopt where something is wrong; every mistake is in `problems` with its place. A cue without examples both ways is refused.
/// Patterns are read, but {names} of other files are only known to RuleSet::compile.
std::optional<Lexicon> parse_lexicon(std::string_view text, std::string_view file, Problems& problems);

}  // namespace beadle::rules
