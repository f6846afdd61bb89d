// What single sentences were found to do, remembered for the next time: plain text and HTML say the same, replies quote what was sent before,
// and every letter ends with the same lines. Forgets what has not been met for long. Nothing that is found depends on it.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace beadle::rules {

/// Of one folded sentence, whatever stands beside it.
struct JudgedSentence {
  struct Weighed {
    std::size_t cue = 0;  // in the order of the scales
    int points = 0;
  };
  std::vector<int> asked;        // patterns that match, in ascending order
  std::vector<Weighed> weighed;  // cues that it does, or nearly does
};

/// Safe to use from several threads at once.
class SentenceMemory {
 public:
  std::shared_ptr<const JudgedSentence> find(std::string_view sentence);
  void keep(std::string_view sentence, std::shared_ptr<const JudgedSentence> judged);
  void clear();

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Sentences = std::unordered_map<std::string, std::shared_ptr<const JudgedSentence>, Hash, std::equal_to<>>;
  /// Two generations: who is met again comes into the young one, and when that is full, it becomes the old one, which is forgotten.
  struct Shard {
    std::mutex mutex;
    Sentences young, old;
  };
  Shard& shard_of(std::string_view sentence) { return shards_[Hash()(sentence) % shards_.size()]; }
  static void add(Shard& shard, std::string sentence, std::shared_ptr<const JudgedSentence> judged);

  std::array<Shard, 16> shards_;  // so that conversations seldom wait for each other
};

}  // namespace beadle::rules
