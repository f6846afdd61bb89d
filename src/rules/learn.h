// Learns weights from labelled sentences: a linear support vector machine (squared hinge loss) by dual coordinate descent, always
// in the same order, so that the same sentences give the same weights, byte for byte.
#pragma once

#include <string_view>
#include <vector>

#include "rules/labelled.h"
#include "rules/weights.h"

namespace beadle::rules {

/// What is learned: a cue, and its kin, whose rows are left out because they may well do the same.
struct Subject {
  std::string cue;
  std::vector<std::string> kin;
};

/// Weights of a cue: its `yes` rows against its `no` rows, the everyday ones (cue "none"), and, counting less, all rows of cues that are no
/// kin. shape: sorted by points, those that speak for it first · error: none; without rows of both labels the weights are empty.
Weights learn(const Subject& subject, const std::vector<LabelledSentence>& sentences);

/// Points of each row of the cue, of the everyday ones and of other cues by weights that were learned without it (`folds` parts, in turn): what
/// they are worth on sentences that they have not seen.
struct Judged {
  const LabelledSentence* row = nullptr;
  int points = 0;
};
std::vector<Judged> cross_validate(const Subject& subject, const std::vector<LabelledSentence>& sentences, std::size_t folds);

}  // namespace beadle::rules
