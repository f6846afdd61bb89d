// What people decide about held mail: compare-and-swap on its state, so that of two the second is told who was first.
#include "base/digest.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/held_id.h"
#include "store/notice.h"
#include "store/sealing.h"

namespace beadle::store {
namespace {

/// Says why `id` cannot be decided about any more: what was decided, by whom and when.
Error already_decided(Database& database, const std::string& id) {
  Result<Statement> row = database.query("SELECT state, decided_by, decided_ms FROM held WHERE id = ?1", id);
  if (!row) return row.error();
  const Result<bool> there = row->step();
  if (!there) return there.error();
  if (!*there) return Error{ErrorKind::not_found, "no held message " + id};
  const std::string state = row->text(0);
  const std::string by = " by " + row->text(1) + " at " + to_rfc3339(row->time(2));
  if (state == "releasing") return Error{ErrorKind::refused, "already being released: asked" + by};
  if (state == "released") return Error{ErrorKind::refused, "already released: asked" + by};
  if (state == "held") return Error{ErrorKind::refused, "still held: nobody has asked for its release"};
  return Error{ErrorKind::refused, "already " + state + by};
}

/// From held to `state`; the error says who was first.
Result<void> decide(Database& database, const Vault& vault, const std::string& id, HeldState state, std::string_view who,
                    std::string_view reason, Time now) {
  const std::int64_t changed =
      TRY(database.run("UPDATE held SET state = ?2, decided_by = ?3, decided_ms = ?4, reason = ?5, reason_key = ?6 WHERE id = ?1 AND state = 'held'",
                       id, to_string(state), who, now, sealed(vault, reason, sealed_reason, 0, id), reason.empty() ? "" : vault.key_id()));
  if (changed == 0) return already_decided(database, id);
  TRY(database.run("DELETE FROM claim WHERE held = ?1", id));
  return {};
}

Result<void> ask_again(Database& database, const std::string& id, Time now) {
  const std::int64_t releasing = TRY(database.number("SELECT count(*) FROM held WHERE id = ?1 AND state = 'releasing'", id));
  if (releasing == 0) return already_decided(database, id);
  const std::int64_t again =
      TRY(database.run("UPDATE recipient SET state = 'pending', tries = 0, next_try_ms = ?2, changed_ms = ?2 WHERE held = ?1 AND "
                       "state = 'refused'",
                       id, now));
  if (again > 0) return {};
  Error error = already_decided(database, id);
  error.what += "; no recipient is refused";
  return error;
}

Result<void> ask_release_of(Database& database, const Vault& vault, const std::string& id, std::string_view who, std::string_view reason, Time now) {
  TRY(decide(database, vault, id, HeldState::releasing, who, reason, now));
  TRY(database.run("UPDATE recipient SET next_try_ms = ?2, changed_ms = ?2 WHERE held = ?1", id, now));
  return {};
}

/// A release on its way can be called back only while nobody has the message.
Result<void> call_back(Database& database, const std::string& id) {
  const std::int64_t gone =
      TRY(database.number("SELECT count(*) FROM recipient WHERE held = ?1 AND state IN ('delivered', 'sending')", id));
  if (gone > 0) {
    Error error = already_decided(database, id);
    error.what += "; " + std::to_string(gone) + " recipient(s) have it or are being sent it";
    return error;
  }
  TRY(database.run("UPDATE recipient SET next_try_ms = NULL WHERE held = ?1", id));
  TRY(database.run("UPDATE held SET state = 'held' WHERE id = ?1 AND state = 'releasing'", id));
  return {};
}

}  // namespace

Result<void> Store::ask_release(std::string_view id, std::string_view who, std::string_view reason, bool again, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  if (again) {
    TRY(ask_again(*database, whole, now));
  } else {
    TRY(ask_release_of(*database, *content_->vault, whole, who, reason, now));
  }
  TRY(append_audit(*database, again ? "released-asked-again" : "released-asked", who, whole, words_json("reason", reason), now));
  return transaction.commit();
}

Result<void> Store::ask_release_disclosed(std::string_view id, std::string_view who, std::string_view reason, std::string_view release_bytes,
                                          const std::vector<Notice>& notices, std::string_view detail_json, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  TRY(ask_release_of(*database, *content_->vault, whole, who, reason, now));
  if (!release_bytes.empty()) {
    const std::string bytes = sealed(*content_->vault, release_bytes, sealed_release, 0, whole);
    TRY(database->run("UPDATE message SET release_bytes = ?2, release_sha256 = ?3, release_key = ?4 WHERE held = ?1", whole, Blob{bytes},
                      sha256_hex(release_bytes), content_->vault->key_id()));
  }
  TRY(add_notices(*database, *content_->vault, whole, notices, now));
  TRY(append_audit(*database, "released-asked", who, whole, words_json("reason", reason), now));
  TRY(append_audit(*database, "copy-disclosed", who, whole, detail_json, now));
  return transaction.commit();
}

Result<void> Store::return_to_sender(std::string_view id, std::string_view who, std::string_view words, Time now,
                                     const std::vector<Notice>& notices) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  if (TRY(database->number("SELECT count(*) FROM held WHERE id = ?1 AND state = 'releasing'", whole)) > 0) {
    // Who asked for the release may think better of it, and what the mail server refused needs somebody to act. Else another one had the page open
    // before it was asked for, and is told.
    const bool theirs = TRY(database->number("SELECT count(*) FROM held WHERE id = ?1 AND decided_by = ?2", whole, who)) > 0;
    const bool stuck = TRY(database->number("SELECT count(*) FROM recipient WHERE held = ?1 AND state = 'refused'", whole)) > 0;
    if (!theirs && !stuck) return already_decided(*database, whole);
    TRY(call_back(*database, whole));
  }
  TRY(decide(*database, *content_->vault, whole, HeldState::returned, who, words, now));
  TRY(add_notices(*database, *content_->vault, whole, notices, now));
  TRY(append_audit(*database, "returned", who, whole, words_json("words", words), now));
  return transaction.commit();
}

Result<void> Store::withdraw(std::string_view id, std::string_view who, std::string_view reason, Time now, const std::vector<Notice>& notices,
                             std::string_view done_for) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  TRY(decide(*database, *content_->vault, whole, HeldState::withdrawn, who, reason, now));
  TRY(add_notices(*database, *content_->vault, whole, notices, now));
  TRY(append_audit(*database, "withdrawn", who, whole, words_json("reason", reason, done_for), now));
  return transaction.commit();
}

Result<void> Store::opened(std::string_view id, std::string_view who, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  TRY(database->run("UPDATE held SET opened = 1 WHERE id = ?1 AND opened = 0", whole));
  TRY(append_audit(*database, "opened", who, whole, "{}", now));
  return transaction.commit();
}

}  // namespace beadle::store
