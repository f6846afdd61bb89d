#include "rules/sentence_memory.h"

#include "base/limits.h"

namespace beadle::rules {

std::shared_ptr<const JudgedSentence> SentenceMemory::find(std::string_view sentence) {
  Shard& shard = shard_of(sentence);
  const std::lock_guard lock(shard.mutex);
  if (const auto young = shard.young.find(sentence); young != shard.young.end()) return young->second;
  const auto old = shard.old.find(sentence);
  if (old == shard.old.end()) return nullptr;
  auto node = shard.old.extract(old);
  auto judged = node.mapped();
  add(shard, std::move(node.key()), judged);
  return judged;
}

void SentenceMemory::keep(std::string_view sentence, std::shared_ptr<const JudgedSentence> judged) {
  if (sentence.size() > limits::remembered_sentence_bytes_max) return;
  Shard& shard = shard_of(sentence);
  const std::lock_guard lock(shard.mutex);
  add(shard, std::string(sentence), std::move(judged));
}

void SentenceMemory::add(Shard& shard, std::string sentence, std::shared_ptr<const JudgedSentence> judged) {
  constexpr std::size_t most = limits::remembered_sentences_max / 2 / std::tuple_size_v<decltype(shards_)>;
  if (shard.young.size() >= most) {
    shard.old = std::move(shard.young);
    shard.young.clear();
  }
  shard.young.insert_or_assign(std::move(sentence), std::move(judged));
}

void SentenceMemory::clear() {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.young.clear();
    shard.old.clear();
  }
}

}  // namespace beadle::rules
