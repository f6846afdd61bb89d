// What a set of rules decides by, as one SHA-256: comments, places, wording for people and the order of files leave it as it is.
#pragma once

#include <string>
#include <vector>

#include "rules/pack.h"
#include "rules/weights.h"

namespace beadle::rules {

/// A cue as it is matched: expressions with their names replaced.
struct DecidingCue {
  struct Form {
    std::vector<std::string> all, none;
    int sentences = 1;
  };
  std::string name;
  std::vector<Form> forms;
  std::vector<std::string> unless;
  std::optional<int> points;
  int sentences = 1;
  const Weights* weights = nullptr;  // where there are points
};

/// 64 hexadecimal digits.
/// vectors: digest of the word vectors, "" where there are none.
std::string rule_digest(const std::vector<Pack>& packs, const std::vector<DecidingCue>& cues, std::string_view vectors);

}  // namespace beadle::rules
