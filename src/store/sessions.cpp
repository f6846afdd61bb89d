// Who is signed in, and who tried to be.
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "store/accounts.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/failure_key.h"

namespace beadle::store {
namespace {

constexpr std::int64_t seen_again_ms = 60'000;  // a write a click would be too many
constexpr std::int64_t sessions_of_account_most = 20;  // some browsers and a phone; who signs in in a loop fills nothing
constexpr std::int64_t failures_most = 100'000;  // whoever tries from many addresses must not fill the disk
constexpr std::size_t host_bytes_most = 100;

Result<bool> is_there(Database& database, std::string_view name) {
  return TRY(database.number("SELECT count(*) FROM account WHERE name = ?1", name)) > 0;
}

Result<Accounts::Failures> failures_in(Database& database, std::string_view account, std::string_view host, Time since, bool known) {
  Accounts::Failures failures;
  failures.of_account = TRY(database.number("SELECT count(*) FROM failure WHERE account = ?1 AND at_ms >= ?2", failure_key(account, known), since));
  failures.of_host =
      TRY(database.number("SELECT count(*) FROM failure WHERE host = ?1 AND at_ms >= ?2", host.substr(0, host_bytes_most), since));
  return failures;
}

}  // namespace

std::string failure_key(std::string_view name, bool known) {
  // No form brings a NUL.
  return sha256_hex((known ? std::string(1, '\0') : std::string()) + ascii_lower(trimmed(name))).substr(0, 8);
}

Result<void> Accounts::begin_session(std::string_view token, std::string_view account, std::string_view csrf, Time now) {
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  Statement row = TRY(database->query("SELECT disabled FROM account WHERE name = ?1", account));
  if (!TRY(row.step())) return Error{ErrorKind::not_found, "no account " + printable(shortened(account, limits::account_name_bytes_max))};
  if (row.integer(0) != 0) return Error{ErrorKind::refused, "the account " + std::string(account) + " is disabled"};
  TRY(database->run("INSERT INTO session (token_sha256, account, csrf, begun_ms, seen_ms) VALUES (?1, ?2, ?3, ?4, ?4)", sha256_hex(token), account, csrf,
                    now));
  TRY(database->run("DELETE FROM session WHERE token_sha256 IN (SELECT token_sha256 FROM session WHERE account = ?1 ORDER BY begun_ms DESC, "
                    "token_sha256 LIMIT -1 OFFSET ?2)",
                    account, sessions_of_account_most));
  TRY(database->run("UPDATE account SET last_sign_in_ms = ?2 WHERE name = ?1", account, now));
  TRY(append_audit(*database, "signed-in", account, "", "{}", now));
  return transaction.commit();
}

Result<std::optional<Session>> Accounts::session(std::string_view token, Time idle_since, Time begun_since, Time now) {
  auto database = store_.content_->database.access();
  const std::string digest = sha256_hex(token);
  Session session;
  {
    Statement row = TRY(database->query(
        "SELECT account, csrf, begun_ms, seen_ms FROM session JOIN account ON account.name = session.account "
        "WHERE token_sha256 = ?1 AND seen_ms >= ?2 AND begun_ms >= ?3 AND disabled = 0",
        digest, idle_since, begun_since));
    if (!TRY(row.step())) return std::optional<Session>();
    session = {.account = row.text(0), .csrf = row.text(1), .begun = row.time(2), .seen = row.time(3)};
  }
  if (to_ms(now) - to_ms(session.seen) >= seen_again_ms) {
    TRY(database->run("UPDATE session SET seen_ms = ?2 WHERE token_sha256 = ?1 AND seen_ms < ?2", digest, now));
    session.seen = now;
  }
  return std::optional<Session>(std::move(session));
}

Result<void> Accounts::end_session(std::string_view token, std::string_view who, Time now) {
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  if (TRY(database->run("DELETE FROM session WHERE token_sha256 = ?1", sha256_hex(token))) == 0) return {};
  TRY(append_audit(*database, "signed-out", who, "", "{}", now));
  return transaction.commit();
}

Result<void> Accounts::note_failure(std::string_view account, std::string_view host, Time now, bool known) {
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  TRY(database->run("INSERT INTO failure (account, host, at_ms) VALUES (?1, ?2, ?3)", failure_key(account), host.substr(0, host_bytes_most), now));
  if (known) TRY(database->run("INSERT INTO failure (account, host, at_ms) VALUES (?1, '', ?2)", failure_key(account, true), now));
  TRY(database->run("DELETE FROM failure WHERE number <= (SELECT max(number) FROM failure) - ?1", failures_most));
  const std::string name = ascii_lower(trimmed(account));
  const Failures before = TRY(failures_in(*database, name, host, now - std::chrono::milliseconds(limits::sign_in_window_ms), false));
  // One more than are let try: then the trail has said that it is being guessed, and does not grow with every guess.
  if (before.of_account <= limits::sign_in_failures_of_account_max + 1 && TRY(is_there(*database, name))) {
    TRY(append_audit(*database, "sign-in-failed", name, "", json_object({{"host", std::string(host.substr(0, host_bytes_most))}}), now));
  }
  return transaction.commit();
}

Result<Accounts::Failures> Accounts::failures(std::string_view account, std::string_view host, Time since, bool known) {
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  return failures_in(*database, account, host, since, known);
}

Result<void> Accounts::forget_failures(std::string_view account) {
  auto database = store_.content_->database.access();
  TRY(database->run("DELETE FROM failure WHERE account IN (?1, ?2)", failure_key(account), failure_key(account, true)));
  return {};
}

}  // namespace beadle::store
