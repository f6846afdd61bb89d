#include "intake/document_memory.h"

#include <utility>

#include "base/limits.h"

namespace beadle::intake {

SipHash DocumentMemory::hash_of(std::string_view body, mail::Encoding encoding, std::string_view file_name) const {
  // One hash is the key of the next, so that no byte can move from one to another.
  SipKey key = sip_hash(key_, body);
  key[0] ^= static_cast<std::uint64_t>(encoding);
  return sip_hash(key, file_name);
}

std::shared_ptr<const mail::Document> DocumentMemory::find(const SipHash& hash) {
  const std::lock_guard lock(mutex_);
  const auto met = by_hash_.find(hash);
  if (met == by_hash_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, met->second);
  return met->second->document;
}

void DocumentMemory::keep(const SipHash& hash, const mail::Document& document) {
  constexpr std::size_t least = 500;  // what an entry takes beside its texts
  std::size_t bytes = least;
  for (const mail::DocumentText& text : document.texts) bytes += text.utf8.size() + text.path.size();
  if (bytes > limits::remembered_document_bytes_max) return;
  auto kept = std::make_shared<const mail::Document>(document);
  const std::lock_guard lock(mutex_);
  if (by_hash_.contains(hash)) return;
  entries_.push_front({hash, std::move(kept), bytes});
  by_hash_.emplace(hash, entries_.begin());
  bytes_ += bytes;
  while (bytes_ > limits::remembered_documents_bytes_max) {
    bytes_ -= entries_.back().bytes;
    by_hash_.erase(entries_.back().hash);
    entries_.pop_back();
  }
}

}  // namespace beadle::intake
