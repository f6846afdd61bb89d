#include "store/accounts.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/failure_key.h"
#include "store/sealing.h"

namespace beadle::store {
namespace {

constexpr std::string_view roles_there_are[] = {"reviewer", "auditor", "administrator"};
constexpr std::string_view select_accounts =
    "SELECT name, address, roles, password_hash, totp, totp_key, disabled, created_ms, last_sign_in_ms FROM account";

std::string canonical_name(std::string_view name) { return ascii_lower(trimmed(name)); }

Result<void> check_name(const std::string& name) {
  const bool good = !name.empty() && name.size() <= limits::account_name_bytes_max &&
                    name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
  if (!good) return Error{ErrorKind::usage, "a name to sign in with has letters from a to z, digits, dots, hyphens and underscores, at most 64"};
  if (name == "beadle" || name == "sender") return Error{ErrorKind::usage, "the name " + name + " means somebody else in the audit trail"};
  return {};
}

Result<void> check_roles(const std::vector<std::string>& roles) {
  for (const std::string& role : roles) {
    if (std::find(std::begin(roles_there_are), std::end(roles_there_are), role) == std::end(roles_there_are)) {
      return Error{ErrorKind::usage, "no role " + printable(shortened(role, 40)) + ": there are reviewer, auditor and administrator"};
    }
  }
  return {};
}

Error no_account(std::string_view name) { return {ErrorKind::not_found, "no account " + printable(shortened(name, limits::account_name_bytes_max))}; }

Result<Account> account_of(const Statement& row, const Vault& vault) {
  Account account;
  account.name = row.text(0);
  account.address = row.text(1);
  const std::string roles = row.text(2);
  for (const std::string_view role : split(roles, ' ')) {
    if (!role.empty()) account.roles.emplace_back(role);
  }
  account.password_hash = row.text(3);
  account.totp_secret = TRY(unsealed(vault, row.text(5), row.text(4), sealed_totp, 0, account.name));
  account.disabled = row.integer(6) != 0;
  account.created = row.time(7);
  account.last_sign_in = row.maybe_time(8);
  return account;
}

Result<void> end_sessions(Database& database, const std::string& name) {
  TRY(database.run("DELETE FROM session WHERE account = ?1", name));
  return {};
}

}  // namespace

bool Account::has_role(std::string_view role) const { return std::find(roles.begin(), roles.end(), role) != roles.end(); }

Result<void> Accounts::add(const Account& account, std::string_view who, Time now) {
  TRY(check_name(account.name));
  TRY(check_roles(account.roles));
  const Vault& vault = *store_.content_->vault;
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  if (TRY(database->number("SELECT count(*) FROM account")) >= static_cast<std::int64_t>(limits::accounts_max)) {
    return Error{ErrorKind::refused, "there are " + std::to_string(limits::accounts_max) + " accounts already"};
  }
  const std::string totp = sealed(vault, account.totp_secret, sealed_totp, 0, account.name);
  const std::int64_t added = TRY(database->run(
      "INSERT OR IGNORE INTO account (name, address, roles, password_hash, totp, totp_key, disabled, created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      account.name, account.address, joined(account.roles, " "), account.password_hash, Blob{totp}, totp.empty() ? "" : vault.key_id(),
      account.disabled, now));
  if (added == 0) return Error{ErrorKind::refused, "there is an account " + account.name + " already"};
  const std::string detail = json_object({{"account", account.name}, {"address", account.address}, {"roles", joined(account.roles, " ")}});
  TRY(append_audit(*database, "account-added", who, "", detail, now));
  return transaction.commit();
}

Result<std::optional<Account>> Accounts::find(std::string_view name) {
  auto database = store_.content_->database.access();
  Statement row = TRY(database->query(std::string(select_accounts) + " WHERE name = ?1", canonical_name(name)));
  if (!TRY(row.step())) return std::optional<Account>();
  return std::optional<Account>(TRY(account_of(row, *store_.content_->vault)));
}

Result<std::vector<Account>> Accounts::all() {
  auto database = store_.content_->database.access();
  Statement row = TRY(database->query(std::string(select_accounts) + " ORDER BY name LIMIT ?1", limits::accounts_max));
  std::vector<Account> accounts;
  while (TRY(row.step())) accounts.push_back(TRY(account_of(row, *store_.content_->vault)));
  return accounts;
}

Result<void> Accounts::set_password(std::string_view name, std::string_view hash, std::string_view who, Time now) {
  const std::string account = canonical_name(name);
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  if (TRY(database->run("UPDATE account SET password_hash = ?2 WHERE name = ?1", account, hash)) == 0) return no_account(account);
  TRY(end_sessions(*database, account));
  // Whoever was locked out by somebody's guesses asks for this: those were guesses of another password.
  TRY(database->run("DELETE FROM failure WHERE account IN (?1, ?2)", failure_key(account), failure_key(account, true)));
  TRY(append_audit(*database, "password-set", who, "", json_object({{"account", account}}), now));
  return transaction.commit();
}

Result<void> Accounts::set_roles(std::string_view name, const std::vector<std::string>& roles, std::string_view who, Time now) {
  TRY(check_roles(roles));
  const std::string account = canonical_name(name);
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  Statement row = TRY(database->query("SELECT roles FROM account WHERE name = ?1", account));
  if (!TRY(row.step())) return no_account(account);
  const std::string before = row.text(0);
  TRY(database->run("UPDATE account SET roles = ?2 WHERE name = ?1", account, joined(roles, " ")));
  TRY(end_sessions(*database, account));
  TRY(append_audit(*database, "roles-set", who, "", json_object({{"account", account}, {"roles", joined(roles, " ")}, {"before", before}}), now));
  return transaction.commit();
}

Result<void> Accounts::set_disabled(std::string_view name, bool disabled, std::string_view who, Time now) {
  const std::string account = canonical_name(name);
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  if (TRY(database->run("UPDATE account SET disabled = ?2 WHERE name = ?1", account, disabled)) == 0) return no_account(account);
  if (disabled) TRY(end_sessions(*database, account));
  TRY(append_audit(*database, disabled ? "account-disabled" : "account-enabled", who, "", json_object({{"account", account}}), now));
  return transaction.commit();
}

Result<void> Accounts::set_totp(std::string_view name, std::string_view secret, std::string_view who, Time now) {
  const std::string account = canonical_name(name);
  const Vault& vault = *store_.content_->vault;
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string totp = sealed(vault, secret, sealed_totp, 0, account);
  if (TRY(database->run("UPDATE account SET totp = ?2, totp_key = ?3 WHERE name = ?1", account, Blob{totp}, totp.empty() ? "" : vault.key_id())) == 0) {
    return no_account(account);
  }
  TRY(append_audit(*database, "second-factor-set", who, "", json_object({{"account", account}, {"on", secret.empty() ? "no" : "yes"}}), now));
  return transaction.commit();
}

Result<bool> Accounts::use_totp_step(std::string_view name, std::int64_t step) {
  auto database = store_.content_->database.access();
  return TRY(database->run("UPDATE account SET totp_step = ?2 WHERE name = ?1 AND totp_step < ?2", canonical_name(name), step)) > 0;
}

}  // namespace beadle::store
