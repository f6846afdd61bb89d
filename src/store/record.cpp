// The record of earlier correspondence: who was written to under which Message-ID. Keeps no text of mail.
#include <algorithm>
#include <map>
#include <set>

#include "base/limits.h"
#include "store/content.h"

namespace beadle::store {
namespace {

struct Known {
  std::int64_t number = 0;
  inspect::EarlierMail mail;
};

Result<std::vector<std::string>> addresses_of(Database& database, std::int64_t number, std::string_view field) {
  Statement query =
      TRY(database.query("SELECT address FROM earlier_address WHERE mail = ?1 AND field = ?2 ORDER BY position", number, field));
  std::vector<std::string> addresses;
  while (TRY(query.step())) addresses.push_back(query.text(0));
  return addresses;
}

Result<std::optional<Known>> read_known(Database& database, Statement& query) {
  if (!TRY(query.step())) return std::optional<Known>();
  Known known{.number = query.integer(0), .mail = {}};
  known.mail.message_id = query.text(1);
  known.mail.sender = query.text(2);
  known.mail.marked = query.integer(3) != 0;
  known.mail.at = query.time(4);
  known.mail.consent = query.integer(5) != 0;
  known.mail.visible = TRY(addresses_of(database, known.number, "visible"));
  known.mail.recipients = TRY(addresses_of(database, known.number, "recipient"));
  return std::optional<Known>(std::move(known));
}

Result<std::optional<Known>> find(Database& database, const std::string& message_id) {
  if (message_id.empty()) return std::optional<Known>();
  Statement query = TRY(database.query("SELECT number, message_id, sender, marked, at_ms, consent FROM earlier_mail WHERE message_id = ?1", message_id));
  return read_known(database, query);
}

Result<std::optional<Known>> find(Database& database, std::int64_t number) {
  Statement query = TRY(database.query("SELECT number, message_id, sender, marked, at_ms, consent FROM earlier_mail WHERE number = ?1", number));
  return read_known(database, query);
}

/// Adds what is new of `more` behind `known`. Bounded: whoever uses one Message-ID for everything must not make it grow for ever.
Result<void> add_addresses(Database& database, std::int64_t number, std::string_view field, const std::vector<std::string>& known,
                           const std::vector<std::string>& more) {
  std::set<std::string_view> seen(known.begin(), known.end());
  Statement insert =
      TRY(database.prepare("INSERT INTO earlier_address (mail, field, position, address) VALUES (?1, ?2, ?3, ?4)"));
  for (const std::string& address : more) {
    if (seen.size() >= limits::header_addresses_max) break;
    const std::size_t position = seen.size();
    if (seen.insert(address).second) TRY(insert.with(number, field, position, address).run());
  }
  return {};
}

Result<void> write_record(Database& database, const NewRecord& record) {
  const inspect::EarlierMail& mail = record.mail;
  std::optional<Known> known = TRY(find(database, mail.message_id));
  if (!known) {
    TRY(database.run("INSERT INTO earlier_mail (message_id, sender, marked, at_ms, consent) VALUES (?1, ?2, ?3, ?4, ?5)", mail.message_id, mail.sender,
                     mail.marked, mail.at, mail.consent));
    known = Known{.number = TRY(database.number("SELECT last_insert_rowid()")), .mail = {}};
  } else if (mail.marked && !known->mail.marked) {
    TRY(database.run("UPDATE earlier_mail SET marked = 1 WHERE number = ?1", known->number));
  }
  if (mail.consent && !known->mail.consent) TRY(database.run("UPDATE earlier_mail SET consent = 1 WHERE number = ?1", known->number));
  if (!record.fingerprints.empty()) {
    Statement insert = TRY(database.prepare("INSERT OR IGNORE INTO fingerprint (hash, mail) VALUES (?1, ?2)"));
    for (const std::uint64_t hash : record.fingerprints) TRY(insert.with(static_cast<std::int64_t>(hash), known->number).run());
  }
  TRY(add_addresses(database, known->number, "visible", known->mail.visible, mail.visible));
  return add_addresses(database, known->number, "recipient", known->mail.recipients, mail.recipients);
}

}  // namespace

Result<inspect::History> Store::look_up(const std::vector<std::string>& message_ids) {
  auto database = content_->readings().access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  inspect::History history;
  std::set<std::string_view> seen;
  const std::size_t count = std::min(message_ids.size(), limits::references_max + 1);
  for (std::size_t i = 0; i < count; ++i) {
    if (!seen.insert(message_ids[i]).second) continue;
    std::optional<Known> known = TRY(find(*database, message_ids[i]));
    if (known) (i == 0 ? history.same : history.referenced).push_back(std::move(known->mail));
  }
  return history;
}

Recorded Store::remember_soon(inspect::EarlierMail mail, Time now, std::vector<std::uint64_t> fingerprints) {
  if (mail.message_id.empty()) return {};  // nothing could ever refer to it
  if (mail.at == Time{}) mail.at = now;
  return content_->record_queue.add({std::move(mail), std::move(fingerprints)});
}

Result<void> Store::remember(const inspect::EarlierMail& mail, Time now, const std::vector<std::uint64_t>& fingerprints) {
  return remember_soon(mail, now, fingerprints).wait();
}

Result<void> Store::Content::write_records(std::span<const NewRecord> records) {
  auto access = database.access();
  Transaction transaction = TRY(Transaction::begin_write(*access));
  for (const NewRecord& record : records) TRY(write_record(*access, record));
  return transaction.commit();
}

Result<bool> Store::has_fingerprints() {
  auto database = content_->readings().access();
  return TRY(database->number("SELECT EXISTS (SELECT 1 FROM fingerprint)")) != 0;
}

Result<std::vector<inspect::SharedPassages>> Store::look_up_passages(const std::vector<inspect::Fingerprint>& fingerprints) {
  auto database = content_->readings().access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  std::map<std::int64_t, std::vector<inspect::Fingerprint>> shared;
  Statement query = TRY(database->prepare("SELECT mail FROM fingerprint WHERE hash = ?1 LIMIT ?2"));
  for (const inspect::Fingerprint& fingerprint : fingerprints) {
    query.with(static_cast<std::int64_t>(fingerprint.hash), static_cast<std::int64_t>(limits::fingerprint_mails_most + 1));
    std::vector<std::int64_t> mails;
    while (TRY(query.step())) mails.push_back(query.integer(0));
    if (mails.size() > limits::fingerprint_mails_most) continue;
    for (const std::int64_t mail : mails) shared[mail].push_back(fingerprint);
  }
  std::vector<inspect::SharedPassages> passages;
  for (auto& [mail, own] : shared) {
    if (own.size() < limits::passage_fingerprints_least) continue;
    std::optional<Known> known = TRY(find(*database, mail));
    if (known) passages.push_back({std::move(known->mail), std::move(own), fingerprints.size()});
  }
  // What most of the message is from stands first.
  std::stable_sort(passages.begin(), passages.end(), [](const auto& a, const auto& b) { return a.shared.size() > b.shared.size(); });
  return passages;
}

}  // namespace beadle::store
