// The release loop's side: which recipients are due, which are being sent, and what became of each.
#include <set>

#include "base/digest.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/notice.h"

namespace beadle::store {
namespace {

/// refused, where the state of `id` is not `releasing` or, with `or_released`, released.
Result<void> check_releasing(Database& database, std::string_view id, bool or_released) {
  Statement row = TRY(database.query("SELECT state FROM held WHERE id = ?1", id));
  if (!TRY(row.step())) return Error{ErrorKind::not_found, "no held message " + std::string(id)};
  const std::string state = row.text(0);
  if (state == "releasing" || (or_released && state == "released")) return {};
  return Error{ErrorKind::refused, "held message " + std::string(id) + " is " + state + ", not being released"};
}

struct RecipientNow {
  std::string state;
  int tries = 0;
};

Result<RecipientNow> recipient_now(Database& database, std::string_view id, const std::string& address) {
  Statement row = TRY(database.query(
      "SELECT state, tries FROM recipient WHERE held = ?1 AND address = ?2 ORDER BY position LIMIT 1", id, address));
  if (!TRY(row.step())) return Error{ErrorKind::bad_data, "held message " + std::string(id) + " has no recipient " + address};
  return RecipientNow{.state = row.text(0), .tries = static_cast<int>(row.integer(1))};
}

std::string_view word_of(Store::Delivery::Outcome outcome) {
  switch (outcome) {
    case Store::Delivery::Outcome::delivered:
      return "delivered";
    case Store::Delivery::Outcome::deferred:
      return "deferred";
    case Store::Delivery::Outcome::refused:
      return "refused";
  }
  return "";
}

Result<void> record_delivery(Database& database, std::string_view id, const Store::Delivery& delivery, Time now) {
  const RecipientNow before = TRY(recipient_now(database, id, delivery.address));
  if (before.state == "delivered") return {};  // told twice: what was delivered stays delivered
  const int tries = before.tries + 1;
  const bool deferred = delivery.outcome == Store::Delivery::Outcome::deferred;
  const std::string_view word = word_of(delivery.outcome);
  // An address that stands twice in the envelope is sent, and settled, once.
  Statement update =
      TRY(database.prepare("UPDATE recipient SET state = ?3, reply = ?4, tries = ?5, next_try_ms = ?6, changed_ms = ?7 "
                           "WHERE held = ?1 AND address = ?2 AND state <> 'delivered'"));
  if (deferred) {
    update.with(id, delivery.address, "pending", delivery.reply, tries, next_try(tries, now), now);
  } else {
    update.with(id, delivery.address, word, delivery.reply, tries, std::nullopt, now);
  }
  TRY(update.run());
  const std::string detail = json_object({{"recipient", delivery.address},
                                          {"code", reply_code(delivery.reply)},
                                          {"reply_sha256", sha256_hex(delivery.reply)},
                                          {"tries", std::to_string(tries)}});
  return append_audit(database, word, "beadle", id, detail, now);
}

/// From releasing to released, if every recipient has it. Gives whether it was now.
Result<bool> settle(Database& database, std::string_view id, Time now) {
  const std::int64_t changed =
      TRY(database.run("UPDATE held SET state = 'released' WHERE id = ?1 AND state = 'releasing' AND NOT EXISTS "
                       "(SELECT 1 FROM recipient WHERE held = ?1 AND state <> 'delivered')",
                       id));
  if (changed == 0) return false;
  TRY(append_audit(database, "released", "beadle", id, "{}", now));
  return true;
}

}  // namespace

Result<std::vector<std::string>> Store::due_releases(Time now, std::size_t most) {
  auto database = content_->database.access();
  Statement query = TRY(database->query(
      "SELECT recipient.held FROM recipient JOIN held ON held.id = recipient.held "
      "WHERE held.state = 'releasing' AND recipient.state = 'pending' AND recipient.next_try_ms IS NOT NULL "
      "AND recipient.next_try_ms <= ?1 GROUP BY recipient.held ORDER BY min(recipient.next_try_ms), recipient.held LIMIT ?2",
      now, most));
  std::vector<std::string> ids;
  while (TRY(query.step())) ids.push_back(query.text(0));
  return ids;
}

Result<std::vector<std::pair<std::string, std::string>>> Store::recover_interrupted(Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  Statement query =
      TRY(database->prepare("SELECT DISTINCT held, address FROM recipient WHERE state = 'sending' ORDER BY held, position"));
  std::vector<std::pair<std::string, std::string>> found;
  while (TRY(query.step())) found.emplace_back(query.text(0), query.text(1));
  for (const auto& [id, address] : found) {
    TRY(
        database->run("UPDATE recipient SET state = 'pending', tries = tries + 1, next_try_ms = ?3, changed_ms = ?3 "
                      "WHERE held = ?1 AND address = ?2 AND state = 'sending'",
                      id, address, now));
    const std::string detail = json_object({{"recipient", address}, {"note", "may be delivered twice"}});
    TRY(append_audit(*database, "interrupted", "beadle", id, detail, now));
  }
  TRY(transaction.commit());
  return found;
}

Result<void> Store::mark_sending(std::string_view id, const std::vector<std::string>& addresses, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  TRY(check_releasing(*database, id, false));
  // An address may stand twice in the envelope.
  const std::set<std::string> once(addresses.begin(), addresses.end());
  for (const std::string& address : once) {
    const RecipientNow before = TRY(recipient_now(*database, id, address));
    if (before.state == "pending") {
      TRY(database->run(
          "UPDATE recipient SET state = 'sending', changed_ms = ?3 WHERE held = ?1 AND address = ?2 AND state = 'pending'", id,
          address, now));
    } else {
      return Error{ErrorKind::refused,
                   "recipient " + address + " of " + std::string(id) + " is " + before.state + ", not pending"};
    }
  }
  TRY(append_audit(*database, "sending", "beadle", id, json_object({{"recipients", std::to_string(once.size())}}), now));
  return transaction.commit();
}

Result<bool> Store::record_deliveries(std::string_view id, const std::vector<Delivery>& deliveries, Time now,
                                      const std::function<std::vector<Notice>(bool released)>& notices) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  TRY(check_releasing(*database, id, true));
  for (const Delivery& delivery : deliveries) TRY(record_delivery(*database, id, delivery, now));
  const bool released = TRY(settle(*database, id, now));
  if (notices) TRY(add_notices(*database, *content_->vault, id, notices(released), now));
  TRY(transaction.commit());
  return released;
}

}  // namespace beadle::store
