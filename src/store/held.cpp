// Holding, listing and showing held mail.
#include <algorithm>

#include "base/digest.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/held_id.h"
#include "store/notice.h"

namespace beadle::store {
namespace {

constexpr std::string_view summary_columns =
    "id, state, received_ms, from_address, sender, subject, decided_by, decided_ms, reason, purged_ms";

Result<std::string> find_same_submission(Database& database, std::string_view intake_key) {
  if (intake_key.empty()) return std::string();
  Statement query = TRY(database.query(
      "SELECT id FROM held WHERE intake_key = ?1 AND intake_key <> '' AND state IN ('held', 'releasing')", intake_key));
  return TRY(query.step()) ? query.text(0) : std::string();
}

Result<void> insert_message(Database& database, const std::string& id, const NewHeld& held, const std::string& sha256) {
  const std::string release_sha256 = held.release_bytes.empty() ? "" : sha256_hex(held.release_bytes);
  TRY(database.run(
      "INSERT INTO message (held, door, login, smtputf8, body, message_id, queue_id, client, sha256, release_sha256, "
      "verdict_json, bytes, release_bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
      id, held.door, held.envelope.login, held.envelope.smtputf8, held.envelope.body, held.message_id, held.queue_id, held.client,
      sha256, release_sha256, held.verdict_json, Blob{held.bytes}, Blob{held.release_bytes}));
  return {};
}

Result<void> insert_held(Database& database, const std::string& id, const NewHeld& held, const std::string& sha256, Time now) {
  TRY(database.run(
      "INSERT INTO held (id, state, received_ms, from_address, sender, subject, intake_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      id, to_string(HeldState::held), now, held.from, held.envelope.sender, held.subject, held.intake_key));
  TRY(insert_message(database, id, held, sha256));
  Statement recipient =
      TRY(database.prepare("INSERT INTO recipient (held, position, address, state) VALUES (?1, ?2, ?3, 'pending')"));
  for (std::size_t i = 0; i < held.envelope.recipients.size(); ++i) TRY(recipient.with(id, i, held.envelope.recipients[i]).run());
  Statement clause = TRY(database.prepare("INSERT INTO clause (held, position, clause) VALUES (?1, ?2, ?3)"));
  for (std::size_t i = 0; i < held.clauses.size(); ++i) TRY(clause.with(id, i, held.clauses[i]).run());
  return {};
}

Result<std::vector<std::string>> texts(Statement& query) {
  std::vector<std::string> found;
  while (TRY(query.step())) found.push_back(query.text(0));
  return found;
}

Result<HeldSummary> summary_of(const Statement& row) {
  const std::optional<HeldState> state = held_state_from(row.text(1));
  if (!state) return Error{ErrorKind::bad_data, "held message " + row.text(0) + " has an unknown state"};
  HeldSummary summary;
  summary.id = row.text(0);
  summary.state = *state;
  summary.received = row.time(2);
  summary.from = row.text(3);
  summary.sender = row.text(4);
  summary.subject = row.text(5);
  summary.decided_by = row.text(6);
  summary.decided = row.maybe_time(7);
  summary.reason = row.text(8);
  summary.purged = row.maybe_time(9);
  return summary;
}

/// Fills in what stands in tables of its own; the two statements are used again from row to row.
Result<void> add_lists(HeldSummary& summary, Statement& recipients, Statement& clauses) {
  summary.recipients = TRY(texts(recipients.with(summary.id)));
  summary.clauses = TRY(texts(clauses.with(summary.id)));
  return {};
}

Result<Statement> recipients_query(Database& database) {
  return database.prepare("SELECT address FROM recipient WHERE held = ?1 ORDER BY position");
}

Result<Statement> clauses_query(Database& database) {
  return database.prepare("SELECT clause FROM clause WHERE held = ?1 ORDER BY position");
}

Result<void> add_message(Database& database, Held& held) {
  Statement row =
      TRY(database.query("SELECT door, login, smtputf8, body, message_id, queue_id, client, sha256, release_sha256, "
                         "verdict_json, bytes, release_bytes FROM message WHERE held = ?1",
                         held.id));
  if (!TRY(row.step())) return Error{ErrorKind::bad_data, "held message " + held.id + " has lost its bytes"};
  held.door = row.text(0);
  held.envelope = {.sender = held.sender,
                   .recipients = held.recipients,
                   .login = row.text(1),
                   .smtputf8 = row.integer(2) != 0,
                   .body = row.text(3)};
  held.message_id = row.text(4);
  held.queue_id = row.text(5);
  held.client = row.text(6);
  held.sha256 = row.text(7);
  held.verdict_json = row.text(9);
  held.bytes = row.text(10);
  held.release_bytes = row.text(11);
  const std::string release_sha256 = held.release_bytes.empty() ? "" : sha256_hex(held.release_bytes);
  // Other bytes than those that were judged must never be sent.
  if (sha256_hex(held.bytes) != held.sha256 || release_sha256 != row.text(8)) {
    return Error{ErrorKind::bad_data, "held message " + held.id + " is damaged: its bytes do not fit their digest"};
  }
  return {};
}

Result<void> add_outcomes(Database& database, Held& held) {
  Statement row = TRY(database.query(
      "SELECT address, state, reply, tries, next_try_ms, changed_ms FROM recipient WHERE held = ?1 ORDER BY position", held.id));
  while (TRY(row.step())) {
    held.outcomes.push_back({.address = row.text(0),
                             .state = row.text(1),
                             .reply = row.text(2),
                             .tries = static_cast<int>(row.integer(3)),
                             .next_try = row.maybe_time(4),
                             .changed = row.maybe_time(5)});
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
    TRY(insert_held(*database, outcome.id, held, sha256, now));
    if (notices) TRY(add_notices(*database, outcome.id, notices(outcome.id), now));
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
  Statement recipients = TRY(recipients_query(*database));
  Statement clauses = TRY(clauses_query(*database));
  std::vector<HeldState> wanted = states;
  if (wanted.empty())
    wanted = {HeldState::held, HeldState::releasing, HeldState::released, HeldState::returned, HeldState::withdrawn};
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  Statement row =
      TRY(database->prepare("SELECT " + std::string(summary_columns) + " FROM held WHERE state = ?1 ORDER BY id DESC LIMIT ?2"));
  std::vector<HeldSummary> found;
  for (const HeldState state : wanted) {
    row.with(to_string(state), most);
    while (TRY(row.step())) found.push_back(TRY(summary_of(row)));
  }
  std::sort(found.begin(), found.end(), [](const HeldSummary& a, const HeldSummary& b) { return a.id > b.id; });
  if (found.size() > most) found.resize(most);
  for (HeldSummary& summary : found) TRY(add_lists(summary, recipients, clauses));
  return found;
}

Result<Held> Store::get(std::string_view id) {
  auto database = content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  const std::string whole = TRY(find_id(*database, id));
  Statement row = TRY(database->query("SELECT " + std::string(summary_columns) + " FROM held WHERE id = ?1", whole));
  if (!TRY(row.step())) return Error{ErrorKind::not_found, "no held message " + whole};
  Statement recipients = TRY(recipients_query(*database));
  Statement clauses = TRY(clauses_query(*database));
  Held held;
  static_cast<HeldSummary&>(held) = TRY(summary_of(row));
  TRY(add_lists(held, recipients, clauses));
  if (held.purged) {
    held.envelope = {.sender = held.sender, .recipients = held.recipients, .login = "", .smtputf8 = false, .body = ""};
  } else {
    TRY(add_message(*database, held));
  }
  TRY(add_outcomes(*database, held));
  return held;
}

}  // namespace beadle::store
