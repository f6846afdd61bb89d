// What was read of single documents, remembered for the next time: a council sends one agenda to fifteen councillors in fifteen mails. Forgets
// what has not come for longest. Nothing that is found depends on it.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>

#include "base/sip_hash.h"
#include "mail/message.h"

namespace beadle::intake {

/// Safe to use from several threads at once.
class DocumentMemory {
 public:
  /// Of a part: its encoded bytes, how they are encoded, and the name that the document has, which tells what kind it is.
  SipHash hash_of(std::string_view body, mail::Encoding encoding, std::string_view file_name) const;
  /// As it was read, with the `part` that it had then; nullptr: not remembered.
  std::shared_ptr<const mail::Document> find(const SipHash& hash);
  /// A document that would be read in the same way again. More than limits::remembered_document_bytes_max of texts are not kept.
  void keep(const SipHash& hash, const mail::Document& document);

 private:
  struct Entry {
    SipHash hash{};
    std::shared_ptr<const mail::Document> document;
    std::size_t bytes = 0;
  };

  const SipKey key_ = random_sip_key();
  std::mutex mutex_;
  std::list<Entry> entries_;  // the one met last in front
  std::map<SipHash, std::list<Entry>::iterator> by_hash_;
  std::size_t bytes_ = 0;  // of all entries
};

}  // namespace beadle::intake
