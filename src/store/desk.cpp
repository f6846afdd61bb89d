// Who is on it, who passes it to whom, and what must be kept.
#include "store/desk.h"

#include "base/digest.h"
#include "base/limits.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/held_id.h"
#include "store/remarks.h"

namespace beadle::store {
namespace {

/// refused, where it is decided, or somebody else has it. Gives whose it is, "" for nobody's.
Result<std::string> check_free(Database& database, const std::string& id, std::string_view who) {
  Statement row = TRY(database.query("SELECT state, decided_by FROM held WHERE id = ?1", id));
  if (!TRY(row.step())) return Error{ErrorKind::not_found, "no held message " + id};
  if (row.text(0) != "held") return Error{ErrorKind::refused, "already decided by " + row.text(1) + ": it is " + row.text(0)};
  Statement claim = TRY(database.query("SELECT who, at_ms FROM claim WHERE held = ?1", id));
  if (!TRY(claim.step())) return std::string();
  if (claim.text(0) != who) return Error{ErrorKind::refused, "claimed by " + claim.text(0) + " at " + to_rfc3339(claim.time(1))};
  return claim.text(0);
}

Result<void> set_claim(Database& database, const std::string& id, std::string_view who, Time now) {
  TRY(database.run("INSERT OR REPLACE INTO claim (held, who, at_ms) VALUES (?1, ?2, ?3)", id, who, now));
  return {};
}

}  // namespace

Result<void> Desk::claim(std::string_view id, std::string_view who, Time now) {
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  if (TRY(check_free(*database, whole, who)) == who) return {};
  TRY(set_claim(*database, whole, who, now));
  TRY(append_audit(*database, "claimed", who, whole, "{}", now));
  return transaction.commit();
}

Result<void> Desk::unclaim(std::string_view id, std::string_view who, Time now) {
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  if (TRY(check_free(*database, whole, who)).empty()) return {};
  TRY(database->run("DELETE FROM claim WHERE held = ?1", whole));
  TRY(append_audit(*database, "unclaimed", who, whole, "{}", now));
  return transaction.commit();
}

Result<void> Desk::pass_on(std::string_view id, std::string_view who, std::string_view to, std::string_view words, Time now) {
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  TRY(check_free(*database, whole, who));
  if (to.empty()) {
    TRY(database->run("DELETE FROM claim WHERE held = ?1", whole));
  } else {
    TRY(set_claim(*database, whole, to, now));
  }
  TRY(add_note(*database, *store_.content_->vault, whole, {.who = std::string(who), .kind = "passed-on", .words = std::string(words), .at = now}));
  TRY(append_audit(*database, "passed-on", who, whole, json_object({{"to", std::string(to)}, {"words_sha256", sha256_hex(words)}}), now));
  return transaction.commit();
}

Result<void> Desk::set_legal_hold(std::string_view id, bool on, std::string_view who, std::string_view reason, Time now) {
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  if (on) TRY(check_not_purged(*database, whole));
  if (TRY(database->run("UPDATE held SET legal_hold = ?2 WHERE id = ?1 AND legal_hold <> ?2", whole, on)) == 0) return {};
  if (!reason.empty()) {
    TRY(add_note(*database, *store_.content_->vault, whole, {.who = std::string(who), .kind = "legal-hold", .words = std::string(reason), .at = now}));
  }
  TRY(append_audit(*database, on ? "legal-hold-on" : "legal-hold-off", who, whole, words_json("reason", reason), now));
  return transaction.commit();
}

Result<std::vector<std::string>> Desk::waiting_since(Time then, std::size_t most) {
  auto database = store_.content_->database.access();
  Statement query = TRY(database->query("SELECT id FROM held WHERE state = 'held' AND id < ?1 ORDER BY id LIMIT ?2", first_id_at(then), most));
  std::vector<std::string> ids;
  while (TRY(query.step())) ids.push_back(query.text(0));
  return ids;
}

}  // namespace beadle::store
