#include "replay/record.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>

#include "base/limits.h"

namespace beadle::replay {

Result<inspect::History> MemoryRecord::look_up(const std::vector<std::string>& message_ids) {
  const std::shared_lock lock(mutex_);
  inspect::History history;
  const std::size_t count = std::min(message_ids.size(), limits::references_max + 1);
  for (std::size_t i = 0; i < count; ++i) {
    const auto found = by_id_.find(message_ids[i]);
    if (found == by_id_.end()) continue;
    // inspect::history_keys names none twice, but for an own id that is "".
    (i == 0 ? history.same : history.referenced).push_back(mail_of(mails_[found->second]));
  }
  return history;
}

Result<bool> MemoryRecord::has_fingerprints() {
  const std::shared_lock lock(mutex_);
  return !by_fingerprint_.empty();
}

Result<std::vector<inspect::SharedPassages>> MemoryRecord::look_up_passages(const std::vector<inspect::Fingerprint>& fingerprints) {
  const std::shared_lock lock(mutex_);
  std::map<Number, std::vector<inspect::Fingerprint>> shared;
  for (const inspect::Fingerprint& fingerprint : fingerprints) {
    const auto found = by_fingerprint_.find(fingerprint.hash);
    if (found == by_fingerprint_.end() || found->second.size() > limits::fingerprint_mails_most) continue;
    for (const Number mail : found->second) shared[mail].push_back(fingerprint);
  }
  std::vector<inspect::SharedPassages> passages;
  for (auto& [mail, own] : shared) {
    if (own.size() < limits::passage_fingerprints_least) continue;
    passages.push_back({mail_of(mails_[mail]), std::move(own), fingerprints.size()});
  }
  std::stable_sort(passages.begin(), passages.end(), [](const auto& a, const auto& b) { return a.shared.size() > b.shared.size(); });
  return passages;
}

Result<void> MemoryRecord::remember(const Remembered& remembered) {
  const inspect::EarlierMail& mail = remembered.mail;
  if (mail.message_id.empty()) return {};  // nothing could ever refer to it
  const std::unique_lock lock(mutex_);
  const auto [place, is_new] = by_id_.emplace(mail.message_id, static_cast<Number>(mails_.size()));
  if (is_new) {
    mails_.emplace_back();
    mails_.back().message_id = &place->first;
    mails_.back().sender = number_of(mail.sender);
    mails_.back().at = mail.at;
  }
  Kept& kept = mails_[place->second];
  kept.marked = kept.marked || mail.marked;
  kept.consent = kept.consent || mail.consent;
  add(kept.visible, mail.visible);
  add(kept.recipients, mail.recipients);
  for (const std::uint64_t hash : remembered.fingerprints) {
    auto& mails = by_fingerprint_[hash];
    // One more than the most says that it is a form of words.
    const bool known = mails.size() > limits::fingerprint_mails_most || std::find(mails.begin(), mails.end(), place->second) != mails.end();
    if (!known) mails.push_back(place->second);
  }
  return {};
}

MemoryRecord::Number MemoryRecord::number_of(const std::string& address) {
  const auto [place, is_new] = addresses_.emplace(address, static_cast<Number>(address_of_.size()));
  if (is_new) address_of_.push_back(&place->first);
  return place->second;
}

void MemoryRecord::add(std::vector<Number>& known, const std::vector<std::string>& more) {
  std::set<Number> seen(known.begin(), known.end());
  for (const std::string& address : more) {
    if (known.size() >= limits::header_addresses_max) break;
    const Number number = number_of(address);
    if (seen.insert(number).second) known.push_back(number);
  }
}

inspect::EarlierMail MemoryRecord::mail_of(const Kept& kept) const {
  inspect::EarlierMail mail;
  mail.message_id = *kept.message_id;
  mail.sender = *address_of_[kept.sender];
  for (const Number number : kept.visible) mail.visible.push_back(*address_of_[number]);
  for (const Number number : kept.recipients) mail.recipients.push_back(*address_of_[number]);
  mail.marked = kept.marked;
  mail.consent = kept.consent;
  mail.at = kept.at;
  return mail;
}

Result<std::unique_ptr<StoreRecord>> StoreRecord::open(const std::string& file, Time now) {
  store::Store store = TRY(store::Store::open(file, now));
  std::string key = TRY(store.secret("record"));  // the same that intake/record.cpp uses
  return std::unique_ptr<StoreRecord>(new StoreRecord(std::move(store), std::move(key)));
}

}  // namespace beadle::replay
