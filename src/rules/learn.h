// Learns weights from labelled sentences: a linear support vector machine (squared hinge loss) by dual coordinate descent, always
// in the same order, so that the same sentences give the same weights, byte for byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/labelled.h"
#include "rules/vectors.h"
#include "rules/weights.h"

namespace beadle::rules {

/// What is learned: a cue, and its kin, whose rows are left out because they may well do the same.
struct Subject {
  std::string cue;
  std::vector<std::string> kin;
  bool together = false;  // two neighbouring sentences may do it together: pairs are learned too
};

/// Labelled sentences taken apart, once for all cues.
class Lessons {
 public:
  /// vectors: nullptr to learn from the words alone. Both must outlive this.
  explicit Lessons(const std::vector<LabelledSentence>& sentences, const WordVectors* vectors = nullptr);

  struct Example {
    const LabelledSentence* sentence = nullptr;
    std::vector<std::uint32_t> features;  // indices into names()
    double value = 0;                     // of each feature: these have length 1 together
    Place place{};                        // among the word vectors
    double length = 0;                    // squared, of all of it
  };
  const std::vector<Example>& examples() const { return examples_; }
  /// Two sentences that stand one behind the other, as one.
  struct Pair {
    Example both;
    const LabelledSentence *first = nullptr, *second = nullptr;
  };
  const std::vector<Pair>& pairs() const { return pairs_; }
  const std::vector<std::string>& names() const { return names_; }
  bool has_vectors() const { return vectors_ != nullptr; }

 private:
  Example example_of(const LabelledSentence& sentence, const std::vector<Word>& words);

  const WordVectors* vectors_ = nullptr;
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;  // of features, by their hash
  std::vector<Example> examples_;
  std::vector<Pair> pairs_;
  std::vector<std::string> names_;
};

/// Weights of a cue: its `yes` rows against its `no` rows, the everyday ones (cue "none"), and, counting less, all rows of cues that are no
/// kin; of a cue that two sentences may do together also pairs of neighbours, which do it if one of them does. shape: sorted by points, those
/// that speak for it first · error: none; without rows of both labels the weights are empty.
Weights learn(const Subject& subject, const Lessons& lessons);

/// Points of each row of the cue, of the everyday ones and of other cues by weights that were learned without it (`folds` parts, in turn): what
/// they are worth on sentences that they have not seen. No pairs are learned for it.
struct Judged {
  const LabelledSentence* row = nullptr;
  int points = 0;
};
std::vector<Judged> cross_validate(const Subject& subject, const Lessons& lessons, std::size_t folds);

}  // namespace beadle::rules
