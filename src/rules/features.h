// What a sentence is weighed by: its words, its pairs of words (beside each other, or with one between), and where it begins and
// ends. Numbers become 0, sums of money £0, contractions two words ("don't" = do n't), so that "£300" and "£4,500" are one word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beadle::rules {

/// Words and marks of one folded sentence, in lower case, at most limits::sentence_words_max.
std::vector<std::string> sentence_words(std::string_view folded);

/// One feature: a word, or two.
struct Feature {
  std::string name;  // "pay", "will pay", "will .. pay", "^ please", "? $"
  std::uint64_t hash = 0;
};

/// Every different feature once, in the order in which they stand.
std::vector<Feature> features_of(const std::vector<std::string>& words);
/// The same without names: what weighing needs.
std::vector<std::uint64_t> feature_hashes(const std::vector<std::string>& words);
/// Of a name as features_of gives it.
std::uint64_t feature_hash(std::string_view name);

/// What the points of a sentence with so many features are divided by: the root of their number, so that long sentences weigh no more than short
/// ones. Of two or three words ("Mr Noble.") nobody can tell much, so those count as a few more.
double feature_root(std::size_t count);

}  // namespace beadle::rules
