// The record of earlier correspondence: who was written to under which Message-ID. Keeps no text of mail.
#include <algorithm>
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

Result<std::optional<Known>> find(Database& database, const std::string& message_id) {
  if (message_id.empty()) return std::optional<Known>();
  Statement query =
      TRY(database.query("SELECT number, sender, marked, at_ms FROM earlier_mail WHERE message_id = ?1", message_id));
  if (!TRY(query.step())) return std::optional<Known>();
  Known known{.number = query.integer(0), .mail = {}};
  known.mail.message_id = message_id;
  known.mail.sender = query.text(1);
  known.mail.marked = query.integer(2) != 0;
  known.mail.at = query.time(3);
  known.mail.visible = TRY(addresses_of(database, known.number, "visible"));
  known.mail.recipients = TRY(addresses_of(database, known.number, "recipient"));
  return std::optional<Known>(std::move(known));
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

}  // namespace

Result<inspect::History> Store::look_up(const std::vector<std::string>& message_ids) {
  auto database = content_->database.access();
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

Result<void> Store::remember(const inspect::EarlierMail& mail, Time now) {
  if (mail.message_id.empty()) return {};  // nothing could ever refer to it
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  std::optional<Known> known = TRY(find(*database, mail.message_id));
  if (!known) {
    const Time at = mail.at == Time{} ? now : mail.at;
    TRY(database->run("INSERT INTO earlier_mail (message_id, sender, marked, at_ms) VALUES (?1, ?2, ?3, ?4)", mail.message_id,
                      mail.sender, mail.marked, at));
    known = Known{.number = TRY(database->number("SELECT last_insert_rowid()")), .mail = {}};
  } else if (mail.marked && !known->mail.marked) {
    TRY(database->run("UPDATE earlier_mail SET marked = 1 WHERE number = ?1", known->number));
  }
  TRY(add_addresses(*database, known->number, "visible", known->mail.visible, mail.visible));
  TRY(add_addresses(*database, known->number, "recipient", known->mail.recipients, mail.recipients));
  return transaction.commit();
}

}  // namespace beadle::store
