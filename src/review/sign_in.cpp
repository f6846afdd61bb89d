#include "review/sign_in.h"

#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "review/password.h"
#include "review/totp.h"

namespace beadle::review {
namespace {

// Of session and form tokens: more than anybody can guess.
constexpr std::size_t token_bytes = 32;

Result<SignIn> failed(store::Accounts& accounts, const SignInTry& attempt, std::string_view name, Time now) {
  TRY(accounts.note_failure(name, attempt.host, now, attempt.known));
  return SignIn{};
}

Result<bool> is_throttled(store::Accounts& accounts, const SignInTry& attempt, std::string_view name, Time now) {
  const auto failures = TRY(accounts.failures(name, attempt.host, now - std::chrono::milliseconds(limits::sign_in_window_ms), attempt.known));
  return failures.of_account >= limits::sign_in_failures_of_account_max || failures.of_host >= limits::sign_in_failures_of_host_max;
}

/// Every way through it does the work of one password.
bool is_right(const std::optional<store::Account>& account, std::string_view password) {
  if (account) return password_is(account->password_hash, password) && !account->disabled;
  pretend_to_check(password);
  return false;
}

/// Costs that were raised since reach a password when it is typed the next time.
Result<void> raise_costs(store::Accounts& accounts, const store::Account& account, std::string_view password, Time now) {
  if (!needs_rehash(account.password_hash)) return {};
  return accounts.set_password(account.name, TRY(hash_password(password)), "beadle", now);
}

Result<SignIn> begin(store::Accounts& accounts, const store::Account& account, Time now) {
  SignIn done{.kind = SignIn::Kind::ok, .token = hex(random_bytes(token_bytes)), .until = {}};
  TRY(accounts.begin_session(done.token, account.name, hex(random_bytes(token_bytes)), now));
  TRY(accounts.forget_failures(account.name));
  return done;
}

}  // namespace

Result<SignIn> sign_in(store::Accounts& accounts, const SignInTry& attempt, Time now) {
  const std::string name = ascii_lower(trimmed(attempt.name));
  if (TRY(is_throttled(accounts, attempt, name, now))) {
    return SignIn{.kind = SignIn::Kind::throttled, .token = {}, .until = now + std::chrono::milliseconds(limits::sign_in_window_ms)};
  }
  // A name that no account can have is not looked up, and costs the same.
  std::optional<store::Account> account;
  if (name.size() <= limits::account_name_bytes_max) account = TRY(accounts.find(name));
  if (!is_right(account, attempt.password)) return failed(accounts, attempt, name, now);
  if (!account->totp_secret.empty()) {
    if (trimmed(attempt.code).empty()) return SignIn{.kind = SignIn::Kind::second_factor, .token = {}, .until = {}};
    const auto step = totp_step_of(account->totp_secret, attempt.code, now);
    // A code that was seen over a shoulder, or in a log, does not count again.
    if (!step || !TRY(accounts.use_totp_step(account->name, *step))) return failed(accounts, attempt, name, now);
  }
  TRY(raise_costs(accounts, *account, attempt.password, now));
  return begin(accounts, *account, now);
}

std::string known_browser(std::string_view secret, std::string_view name) {
  return hmac_sha256_hex(secret, "beadle knows a browser of " + ascii_lower(trimmed(name)));
}

Result<std::optional<store::Session>> session_of(store::Accounts& accounts, std::string_view token, Time now) {
  if (token.size() != 2 * token_bytes) return std::optional<store::Session>();
  return accounts.session(token, now - std::chrono::milliseconds(limits::session_idle_ms), now - std::chrono::milliseconds(limits::session_age_ms), now);
}

}  // namespace beadle::review
