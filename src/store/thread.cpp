// What is known of the mails that a mail answers: from the record, and from what is or was held.
#include <algorithm>

#include "base/limits.h"
#include "store/content.h"
#include "store/desk.h"

namespace beadle::store {
namespace {

Result<std::vector<std::string>> texts(Statement query) {
  std::vector<std::string> found;
  while (TRY(query.step())) found.push_back(query.text(0));
  return found;
}

/// From the record; false where it does not know it.
Result<bool> add_record(Database& database, Desk::ThreadMail& mail) {
  Statement row = TRY(database.query("SELECT number, sender, marked, at_ms FROM earlier_mail WHERE message_id = ?1", mail.message_id));
  if (!TRY(row.step())) return false;
  mail.sender = row.text(1);
  mail.marked = row.integer(2) != 0;
  mail.at = row.time(3);
  mail.recipients = TRY(texts(
      TRY(database.query("SELECT address FROM earlier_address WHERE mail = ?1 AND field = 'recipient' ORDER BY position", row.integer(0)))));
  return true;
}

/// Which held message it is, the newest of several; with its envelope where the record knows nothing. false: none.
Result<bool> add_held(Database& database, Desk::ThreadMail& mail, bool on_record) {
  Statement row = TRY(database.query("SELECT held FROM message WHERE message_id = ?1 ORDER BY held DESC LIMIT 1", mail.message_id));
  if (!TRY(row.step())) return false;
  mail.held = row.text(0);
  if (on_record) return true;
  Statement held = TRY(database.query("SELECT from_address, received_ms FROM held WHERE id = ?1", mail.held));
  if (TRY(held.step())) {
    mail.sender = held.text(0);
    mail.at = held.time(1);
  }
  mail.recipients = TRY(texts(TRY(database.query("SELECT address FROM recipient WHERE held = ?1 ORDER BY position", mail.held))));
  return true;
}

}  // namespace

Result<std::vector<Desk::ThreadMail>> Desk::thread(const std::vector<std::string>& message_ids) {
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  std::vector<ThreadMail> mails;
  for (const std::string& message_id : message_ids) {
    if (mails.size() > limits::references_max) break;
    const bool seen = std::any_of(mails.begin(), mails.end(), [&](const ThreadMail& mail) { return mail.message_id == message_id; });
    if (message_id.empty() || seen) continue;
    ThreadMail mail;
    mail.message_id = message_id;
    const bool on_record = TRY(add_record(*database, mail));
    const bool is_held = TRY(add_held(*database, mail, on_record));
    if (on_record || is_held) mails.push_back(std::move(mail));
  }
  std::stable_sort(mails.begin(), mails.end(), [](const ThreadMail& a, const ThreadMail& b) { return a.at < b.at; });
  return mails;
}

}  // namespace beadle::store
