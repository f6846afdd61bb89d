// What single sentences were found to do, remembered for the next time: plain text and HTML say the same, replies quote what was sent before,
// and every letter ends with the same lines. Forgets what has not been met for long. Nothing that is found depends on it.
//
// A sentence is known by a keyed hash of 128 bits: its words stay nowhere, and nobody can write one that is taken for another.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/sip_hash.h"

namespace beadle::rules {

/// Of one folded sentence, whatever stands beside it.
struct JudgedSentence {
  struct Weighed {
    std::size_t cue = 0;  // in the order of the scales
    int points = 0;
  };
  std::vector<int> asked{};        // patterns that match, in ascending order
  std::vector<Weighed> weighed{};  // cues that it does, or nearly does
  bool nearly_together = false;    // it comes near to what two sentences may do together
  std::size_t findings() const { return asked.size() + weighed.size(); }
};

/// Safe to use from several threads at once.
class SentenceMemory {
 public:
  SipHash hash_of(std::string_view sentence) const { return sip_hash(key_, sentence); }
  /// nullptr: not remembered.
  std::shared_ptr<const JudgedSentence> find(const SipHash& hash);
  /// Not where there are more than limits::remembered_findings_max findings. Others give way until all at its place have no more than that.
  void keep(const SipHash& hash, std::shared_ptr<const JudgedSentence> judged);
  void clear();

 private:
  struct Entry {
    SipHash hash{};
    std::shared_ptr<const JudgedSentence> judged;
  };
  /// Sentences that have the same place, the one met last in front.
  using Place = std::array<Entry, 8>;
  static constexpr std::size_t place_count = limits::remembered_sentences_max / std::tuple_size_v<Place>;
  static_assert(std::has_single_bit(place_count));

  static std::size_t place_of(const SipHash& hash) { return hash[0] & (place_count - 1); }
  std::mutex& mutex_of(const SipHash& hash) { return mutexes_[place_of(hash) % mutexes_.size()]; }

  SipKey key_ = random_sip_key();
  std::array<std::mutex, 16> mutexes_;  // so that conversations seldom wait for each other
  std::vector<Place> places_ = std::vector<Place>(place_count);
};

}  // namespace beadle::rules
