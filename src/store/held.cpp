// Holding, listing and showing held mail.
#include <algorithm>
#include <functional>

#include "base/digest.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/held_id.h"
#include "store/notice.h"
#include "store/sealing.h"
#include "store/summary.h"

namespace beadle::store {
namespace {

Result<std::string> find_same_submission(Database& database, std::string_view intake_key) {
  if (intake_key.empty()) return std::string();
  Statement query = TRY(database.query(
      "SELECT id FROM held WHERE intake_key = ?1 AND intake_key <> '' AND state IN ('held', 'releasing')", intake_key));
  return TRY(query.step()) ? query.text(0) : std::string();
}

Result<void> insert_message(Database& database, const Vault& vault, const std::string& id, const NewHeld& held, const std::string& sha256) {
  const std::string release_sha256 = held.release_bytes.empty() ? "" : sha256_hex(held.release_bytes);
  const std::string bytes = sealed(vault, held.bytes, sealed_message, 0, id);
  const std::string release_bytes = sealed(vault, held.release_bytes, sealed_release, 0, id);
  TRY(database.run(
      "INSERT INTO message (held, door, login, smtputf8, body, message_id, queue_id, client, sha256, release_sha256, verdict_json, bytes, "
      "release_bytes, key_id, release_key, dsn) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?15)",
      id, held.door, held.envelope.login, held.envelope.smtputf8, held.envelope.body, held.message_id, held.queue_id, held.client, sha256,
      release_sha256, sealed(vault, held.verdict_json, sealed_message, 1, id), Blob{bytes}, Blob{release_bytes}, vault.key_id(),
      held.envelope.dsn));
  return {};
}

std::vector<std::string> addresses_of(const NewHeld& held) {
  std::vector<std::string> addresses = {held.from, held.envelope.sender};
  addresses.insert(addresses.end(), held.envelope.recipients.begin(), held.envelope.recipients.end());
  return addresses;
}

Result<void> insert_held(Database& database, const Vault& vault, const std::string& id, const NewHeld& held, const std::string& sha256, Time now) {
  TRY(database.run("INSERT INTO held (id, state, received_ms, from_address, sender, subject, subject_key, intake_key) VALUES (?1, ?2, ?3, ?4, ?5, "
                   "?6, ?7, ?8)",
                   id, to_string(HeldState::held), now, held.from, held.envelope.sender, sealed(vault, held.subject, sealed_subject, 0, id),
                   held.subject.empty() ? "" : vault.key_id(), held.intake_key));
  TRY(insert_message(database, vault, id, held, sha256));
  Statement recipient =
      TRY(database.prepare("INSERT INTO recipient (held, position, address, state, dsn) VALUES (?1, ?2, ?3, 'pending', ?4)"));
  for (std::size_t i = 0; i < held.envelope.recipients.size(); ++i) {
    TRY(recipient.with(id, i, held.envelope.recipients[i], inspect::dsn_of_recipient(held.envelope, i)).run());
  }
  Statement clause = TRY(database.prepare("INSERT INTO clause (held, position, clause) VALUES (?1, ?2, ?3)"));
  for (std::size_t i = 0; i < held.clauses.size(); ++i) TRY(clause.with(id, i, held.clauses[i]).run());
  return {};
}

Result<void> add_message(Database& database, const Vault& vault, Held& held) {
  Statement row =
      TRY(database.query("SELECT door, login, smtputf8, body, message_id, queue_id, client, sha256, release_sha256, "
                         "verdict_json, bytes, release_bytes, key_id, release_key, dsn FROM message WHERE held = ?1",
                         held.id));
  if (!TRY(row.step())) return Error{ErrorKind::bad_data, "held message " + held.id + " has lost its bytes"};
  held.door = row.text(0);
  held.envelope = {.sender = held.sender,
                   .recipients = held.recipients,
                   .login = row.text(1),
                   .smtputf8 = row.integer(2) != 0,
                   .body = row.text(3),
                   .dsn = row.text(14)};
  held.message_id = row.text(4);
  held.queue_id = row.text(5);
  held.client = row.text(6);
  held.sha256 = row.text(7);
  held.bytes = TRY(unsealed(vault, row.text(12), row.text(10), sealed_message, 0, held.id));
  held.verdict_json = TRY(unsealed(vault, row.text(12), row.text(9), sealed_message, 1, held.id));
  held.release_bytes = TRY(unsealed(vault, row.text(13), row.text(11), sealed_release, 0, held.id));
  const std::string release_sha256 = held.release_bytes.empty() ? "" : sha256_hex(held.release_bytes);
  // Other bytes than those that were judged must never be sent.
  if (sha256_hex(held.bytes) != held.sha256 || release_sha256 != row.text(8)) {
    return Error{ErrorKind::bad_data, "held message " + held.id + " is damaged: its bytes do not fit their digest"};
  }
  return {};
}

Result<void> add_outcomes(Database& database, Held& held) {
  Statement row = TRY(database.query(
      "SELECT address, state, reply, tries, next_try_ms, changed_ms, dsn FROM recipient WHERE held = ?1 ORDER BY position", held.id));
  while (TRY(row.step())) {
    held.outcomes.push_back({.address = row.text(0),
                             .state = row.text(1),
                             .reply = row.text(2),
                             .tries = static_cast<int>(row.integer(3)),
                             .next_try = row.maybe_time(4),
                             .changed = row.maybe_time(5)});
    held.envelope.recipient_dsn.push_back(row.text(6));
  }
  return {};
}

}  // namespace

Result<Store::HoldOutcome> Store::hold(const NewHeld& held, Time now,
                                       const std::function<std::vector<Notice>(const std::string& id)>& notices) {
  // It could never be released.
  if (held.envelope.recipients.empty()) return Error{ErrorKind::bad_data, "a message without recipients cannot be held"};
  const std::string sha256 = sha256_hex(held.bytes);
  const std::string digest = json_object({{"door", held.door}, {"sha256", sha256}, {"queue_id", held.queue_id}});
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  HoldOutcome outcome{.id = TRY(find_same_submission(*database, held.intake_key)), .joined = false};
  if (outcome.id.empty()) {
    outcome.id = new_id(now);
    TRY(insert_held(*database, *content_->vault, outcome.id, held, sha256, now));
    TRY(replace_words(*database, content_->words, outcome.id, held.subject, addresses_of(held)));
    if (notices) TRY(add_notices(*database, *content_->vault, outcome.id, notices(outcome.id), now));
  } else {
    outcome.joined = true;
  }
  TRY(append_audit(*database, outcome.joined ? "joined" : "held", "beadle", outcome.id, digest, now));
  TRY(transaction.commit());
  return outcome;
}

Result<std::vector<HeldSummary>> Store::list(const std::vector<HeldState>& states, std::size_t most) {
  auto database = content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  SummaryReader reader = TRY(SummaryReader::prepare(*database, *content_->vault));
  std::vector<HeldState> wanted = states;
  if (wanted.empty()) wanted = {HeldState::held, HeldState::releasing, HeldState::released, HeldState::returned, HeldState::withdrawn};
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  Statement row = TRY(database->prepare("SELECT id FROM held WHERE state = ?1 ORDER BY id DESC LIMIT ?2"));
  std::vector<std::string> ids;
  for (const HeldState state : wanted) {
    row.with(to_string(state), most);
    while (TRY(row.step())) ids.push_back(row.text(0));
  }
  std::sort(ids.begin(), ids.end(), std::greater<>());
  if (ids.size() > most) ids.resize(most);
  std::vector<HeldSummary> found;
  for (const std::string& id : ids) found.push_back(TRY(reader.read(id, Unreadable::left_out)));
  return found;
}

Result<Held> Store::get(std::string_view id) {
  auto database = content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  SummaryReader reader = TRY(SummaryReader::prepare(*database, *content_->vault));
  Held held;
  static_cast<HeldSummary&>(held) = TRY(reader.read(TRY(find_id(*database, id)), Unreadable::is_an_error));
  if (held.purged) {
    held.envelope = {.sender = held.sender, .recipients = held.recipients, .login = "", .smtputf8 = false, .body = ""};
  } else {
    TRY(add_message(*database, *content_->vault, held));
  }
  TRY(add_outcomes(*database, held));
  return held;
}

}  // namespace beadle::store
