#include "rules/sentence_memory.h"

#include <algorithm>
#include <utility>

namespace beadle::rules {

std::shared_ptr<const JudgedSentence> SentenceMemory::find(const SipHash& hash) {
  const std::lock_guard lock(mutex_of(hash));
  Place& place = places_[place_of(hash)];
  const auto met = std::find_if(place.begin(), place.end(), [&](const Entry& entry) { return entry.judged && entry.hash == hash; });
  if (met == place.end()) return nullptr;
  std::rotate(place.begin(), met, met + 1);
  return place.front().judged;
}

void SentenceMemory::keep(const SipHash& hash, std::shared_ptr<const JudgedSentence> judged) {
  if (judged->findings() > limits::remembered_findings_max) return;
  const std::lock_guard lock(mutex_of(hash));
  Place& place = places_[place_of(hash)];
  const auto met = std::find_if(place.begin(), place.end() - 1, [&](const Entry& entry) { return entry.judged && entry.hash == hash; });
  *met = {hash, std::move(judged)};
  std::rotate(place.begin(), met, met + 1);
  std::size_t findings = 0;
  for (Entry& entry : place) {
    if (!entry.judged) continue;
    findings += entry.judged->findings();
    if (findings > limits::remembered_findings_max) entry = {};
  }
}

void SentenceMemory::clear() {
  for (std::size_t at = 0; at < places_.size(); ++at) {
    const std::lock_guard lock(mutexes_[at % mutexes_.size()]);
    places_[at] = {};
  }
}

}  // namespace beadle::rules
