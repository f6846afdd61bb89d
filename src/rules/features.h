// What a sentence is weighed by: its words, how its longer words begin ("approving" and "approval" both begin with "appro"), its pairs of words
// (beside each other, or with one between), and where it begins and ends. Numbers become 0, sums of money £0, contractions two words
// ("don't" = do n't), so that "£300" and "£4,500" are one word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beadle::rules {

/// A word or mark of a sentence, in lower case. Views hold as long as the SentenceWords that they are of.
struct Word {
  std::string_view text;
  std::uint64_t hash = 0;       // feature_hash(text)
  std::uint64_t beginning = 0;  // of the feature "appro*"; 0: the word is too short to have one
  bool bare = false;            // every sentence has it ("the", "of", a comma), so that it tells nothing by itself
};

/// Words and marks of one folded sentence, at most limits::sentence_words_max.
class SentenceWords {
 public:
  SentenceWords() = default;
  explicit SentenceWords(std::string_view folded);
  const std::vector<Word>& words() const { return words_; }

 private:
  std::vector<char> text_;  // not a string: its bytes stay where they are when this is moved
  std::vector<Word> words_;
};

/// Two sentences with more words than this together are not looked at as one: points add up, and of so much text one thing or another seems done.
inline constexpr std::size_t together_words_max = 150;
/// The words of two sentences, as of one.
std::vector<Word> as_one(const std::vector<Word>& first, const std::vector<Word>& second);

/// One feature: a word, its beginning, or two words.
struct Feature {
  std::string name;  // "pay", "appro*", "will pay", "will .. pay", "^ please", "? $"
  std::uint64_t hash = 0;
};

/// Every feature, in the order in which they stand, as often as it stands there.
std::vector<Feature> features_of(const std::vector<Word>& words);
/// The same without names: what weighing needs.
std::vector<std::uint64_t> feature_hashes(const std::vector<Word>& words);
/// Of a name as features_of gives it.
std::uint64_t feature_hash(std::string_view name);

/// What the points of a sentence with so many features are divided by: the root of their number, so that long sentences weigh no more than short
/// ones. Of two or three words ("Mr Noble.") nobody can tell much, so those count as a few more.
double feature_root(std::size_t count);

}  // namespace beadle::rules
