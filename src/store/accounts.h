// Who may sign in, and who has: accounts, sessions, failed tries, single-use links. Holds hashes only, never a password or a token.
// What a role may do is review/role.h. Every change of an account is a row of the audit trail. Failures as of the Store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace beadle::store {

struct Account {
  std::string name;     // to sign in with: lower case a-z 0-9 . _ -, at most 64; not "beadle" or "sender", which stand in the audit trail for themselves
  std::string address;  // e-mail address: tells who of the roster it is, and where notices go
  std::vector<std::string> roles;  // "reviewer" "auditor" "administrator"
  std::string password_hash;       // Argon2id, as crypto_pwhash_str writes it
  std::string totp_secret;         // 20 raw bytes (sealed at rest where there is a key); "": no second factor
  bool disabled = false;
  Time created{};
  std::optional<Time> last_sign_in;

  bool has_role(std::string_view role) const;
};

struct Session {
  std::string account;
  std::string csrf;  // token that every form of this session carries
  Time begun{};
  Time seen{};
};

/// A page for one person and one purpose, reached by a random token from a notice: usable until it was used or has expired.
struct Link {
  std::string held;
  std::string purpose;  // "sender"
  std::string address;  // of whoever it was made for
  Time expires{};
  std::optional<Time> used;
};

class Accounts {
 public:
  explicit Accounts(Store& store) : store_(store) {}

  /// refused, where the name is taken; usage, where it or a role is none that there is.
  Result<void> add(const Account& account, std::string_view who, Time now);
  Result<std::optional<Account>> find(std::string_view name);
  Result<std::vector<Account>> all();
  /// These four: not_found where there is no such account; a changed password, role or lock ends its sessions. A password that is set makes failed tries
  /// of an earlier one count no more.
  Result<void> set_password(std::string_view name, std::string_view hash, std::string_view who, Time now);
  Result<void> set_roles(std::string_view name, const std::vector<std::string>& roles, std::string_view who, Time now);
  Result<void> set_disabled(std::string_view name, bool disabled, std::string_view who, Time now);
  Result<void> set_totp(std::string_view name, std::string_view secret, std::string_view who, Time now);
  /// Compare-and-swap: false where this time step (RFC 6238 §4.2) or a later one was used already.
  Result<bool> use_totp_step(std::string_view name, std::int64_t step);

  /// `token` is the secret of the cookie; only its SHA-256 is kept. Audited as signed-in. not_found, refused (disabled). The oldest session
  /// of an account ends where it has too many.
  Result<void> begin_session(std::string_view token, std::string_view account, std::string_view csrf, Time now);
  /// nullopt: none, or idle since before `idle_since`, or begun before `begun_since`, or its account is disabled. Notes that it was seen, at
  /// most once a minute.
  Result<std::optional<Session>> session(std::string_view token, Time idle_since, Time begun_since, Time now);
  Result<void> end_session(std::string_view token, std::string_view who, Time now);

  /// A failed sign-in. Names that no account has count too, so that they cannot be told apart; of any name only a short digest is kept, since
  /// people type their password into the wrong field. Audited as sign-in-failed where there is such an account, until it is throttled.
  /// `known`: by a browser that the account has used before; counted apart as well, so that strangers' guesses lock nobody out there.
  Result<void> note_failure(std::string_view account, std::string_view host, Time now, bool known = false);
  struct Failures {
    std::int64_t of_account = 0;
    std::int64_t of_host = 0;
  };
  /// `known`: of_account has only those by browsers that the account has used before.
  Result<Failures> failures(std::string_view account, std::string_view host, Time since, bool known = false);
  Result<void> forget_failures(std::string_view account);

  /// `token` as above.
  Result<void> add_link(std::string_view token, const Link& link, Time now);
  /// nullopt: no such link. Expired and used ones are given, so that the page can say which.
  Result<std::optional<Link>> link(std::string_view token);
  /// Compare-and-swap: false where it was used already or has expired at `now`.
  Result<bool> use_link(std::string_view token, Time now);

 private:
  Store& store_;
};

}  // namespace beadle::store
