#include "store/remarks.h"

#include "base/digest.h"
#include "base/limits.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/held_id.h"
#include "store/notice.h"
#include "store/sealing.h"

namespace beadle::store {
namespace {

Result<void> check_length(std::string_view words) {
  if (words.size() <= limits::desk_words_bytes_max) return {};
  return Error{ErrorKind::usage, "too long: at most " + std::to_string(limits::desk_words_bytes_max) + " bytes"};
}

BreakGlass break_glass_of(const Statement& row, std::string reason) {
  return {.asked_by = row.text(1), .reason = std::move(reason), .asked = row.time(4), .agreed_by = row.text(5), .agreed = row.maybe_time(6)};
}

constexpr std::string_view select_break_glass = "SELECT number, who, reason, reason_key, asked_ms, agreed_by, agreed_ms, held FROM break_glass ";

Result<std::string> reason_of(const Statement& row, const Vault& vault) {
  return unsealed(vault, row.text(3), row.text(2), sealed_break_glass, 0, std::to_string(row.integer(0)));
}

}  // namespace

Result<void> check_not_purged(Database& database, const std::string& id) {
  if (TRY(database.number("SELECT count(*) FROM held WHERE id = ?1 AND purged_ms IS NOT NULL", id)) == 0) return {};
  return Error{ErrorKind::refused, "the content of " + id + " was forgotten when its time was up"};
}

Result<void> add_note(Database& database, const Vault& vault, const std::string& id, const Note& note) {
  TRY(check_length(note.words));
  TRY(check_not_purged(database, id));
  if (TRY(database.number("SELECT count(*) FROM note WHERE held = ?1", id)) >= static_cast<std::int64_t>(limits::notes_per_held_max)) {
    return Error{ErrorKind::refused, id + " has " + std::to_string(limits::notes_per_held_max) + " notes already"};
  }
  const std::int64_t number = TRY(database.number("SELECT coalesce(max(number), 0) + 1 FROM note"));
  const std::string words = sealed(vault, note.words, sealed_note, 0, std::to_string(number));
  TRY(database.run("INSERT INTO note (number, held, who, kind, words, words_key, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", number, id, note.who,
                   note.kind, Blob{words}, vault.key_id(), note.at));
  return {};
}

Result<void> Desk::note(std::string_view id, const Note& note) {
  if (note.kind != "note" && note.kind != "explained") return Error{ErrorKind::usage, "no kind of note: " + note.kind};
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  TRY(add_note(*database, *store_.content_->vault, whole, note));
  TRY(append_audit(*database, note.kind == "note" ? "noted" : "explained", note.who, whole, words_json("words", note.words), note.at));
  return transaction.commit();
}

Result<bool> Desk::explain_by_link(std::string_view token, const Note& note, const std::vector<Notice>& notices) {
  const std::string digest = sha256_hex(token);
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  if (TRY(database->run("UPDATE link SET used_ms = ?2 WHERE token_sha256 = ?1 AND used_ms IS NULL AND expires_ms > ?2", digest, note.at)) == 0) return false;
  Statement link = TRY(database->query("SELECT held.id, state FROM link JOIN held ON held.id = link.held WHERE token_sha256 = ?1", digest));
  if (!TRY(link.step())) return Error{ErrorKind::not_found, "the message of this link is not there any more"};
  const std::string id = link.text(0);
  if (link.text(1) != "held") return Error{ErrorKind::refused, "Your message has been decided about already."};
  TRY(add_note(*database, *store_.content_->vault, id, note));
  TRY(add_notices(*database, *store_.content_->vault, id, notices, note.at));
  TRY(append_audit(*database, "explained", note.who, id, words_json("words", note.words), note.at));
  TRY(transaction.commit());
  return true;
}

Result<std::vector<Note>> Desk::notes(std::string_view id) {
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  Statement row = TRY(database->query("SELECT number, who, kind, words, words_key, at_ms FROM note WHERE held = ?1 ORDER BY number LIMIT ?2",
                                      TRY(find_id(*database, id)), limits::notes_per_held_max));
  std::vector<Note> notes;
  while (TRY(row.step())) {
    std::string words = TRY(unsealed(*store_.content_->vault, row.text(4), row.text(3), sealed_note, 0, std::to_string(row.integer(0))));
    notes.push_back({.who = row.text(1), .kind = row.text(2), .words = std::move(words), .at = row.time(5)});
  }
  return notes;
}

Result<void> Desk::ask_break_glass(std::string_view id, std::string_view who, std::string_view reason, Time now) {
  TRY(check_length(reason));
  const Vault& vault = *store_.content_->vault;
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  TRY(check_not_purged(*database, whole));
  const std::int64_t number = TRY(database->number("SELECT coalesce(max(number), 0) + 1 FROM break_glass"));
  const std::string words = sealed(vault, reason, sealed_break_glass, 0, std::to_string(number));
  const std::int64_t added =
      TRY(database->run("INSERT INTO break_glass (number, held, who, reason, reason_key, asked_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
                        "ON CONFLICT (held, who) DO NOTHING",
                        number, whole, who, Blob{words}, vault.key_id(), now));
  if (added == 0) return {};
  TRY(append_audit(*database, "break-glass-asked", who, whole, words_json("reason", reason), now));
  return transaction.commit();
}

Result<void> Desk::agree_break_glass(std::string_view id, std::string_view who, Time now, std::string_view asked_by) {
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_id(*database, id));
  if (TRY(database->number("SELECT count(*) FROM break_glass WHERE held = ?1 AND who = ?2", whole, who)) > 0) {
    return Error{ErrorKind::refused, "who asked cannot agree: it needs somebody else"};
  }
  std::vector<std::string> askers;
  {
    Statement open = TRY(database->query("SELECT who FROM break_glass WHERE held = ?1 AND agreed_ms IS NULL AND (?2 = '' OR who = ?2) ORDER BY number",
                                         whole, asked_by));
    while (TRY(open.step())) askers.push_back(open.text(0));
  }
  if (askers.empty()) {
    return Error{ErrorKind::refused, "nobody waits for an agreement to decide about " + whole + " in spite of a conflict of interest"};
  }
  for (const std::string& asker : askers) {
    TRY(database->run("UPDATE break_glass SET agreed_by = ?2, agreed_ms = ?3 WHERE held = ?1 AND who = ?4 AND agreed_ms IS NULL", whole, who, now, asker));
    TRY(append_audit(*database, "break-glass-agreed", who, whole, json_object({{"asked_by", asker}}), now));
  }
  return transaction.commit();
}

Result<std::optional<BreakGlass>> Desk::break_glass(std::string_view id, std::string_view who) {
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  Statement row = TRY(database->query(std::string(select_break_glass) + "WHERE held = ?1 AND who = ?2", TRY(find_id(*database, id)), who));
  if (!TRY(row.step())) return std::optional<BreakGlass>();
  return std::optional<BreakGlass>(break_glass_of(row, TRY(reason_of(row, *store_.content_->vault))));
}

Result<std::vector<std::pair<std::string, BreakGlass>>> Desk::break_glass_asked(std::string_view id) {
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  const std::string whole = id.empty() ? std::string() : TRY(find_id(*database, id));
  Statement row = TRY(database->query(std::string(select_break_glass) + "WHERE agreed_ms IS NULL AND (?1 = '' OR held = ?1) ORDER BY number LIMIT ?2", whole,
                                      limits::page_rows_max));
  std::vector<std::pair<std::string, BreakGlass>> asked;
  while (TRY(row.step())) asked.emplace_back(row.text(7), break_glass_of(row, TRY(reason_of(row, *store_.content_->vault))));
  return asked;
}

}  // namespace beadle::store
