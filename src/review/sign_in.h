// Signing in as one act: throttle, password, second factor, session. Who tries does not learn whether the name or the password was wrong, nor whether
// there is such an account: the same words, the same work. Takes 64 MB for a moment; who calls bounds how many run at once.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "store/accounts.h"

namespace beadle::review {

struct SignInTry {
  std::string name, password;
  std::string code;  // of the second factor; "" where none was given
  std::string host;  // address that it comes from
  bool known = false;  // the browser has what known_browser() gave it
};

struct SignIn {
  enum class Kind {
    ok,
    wrong,          // name, password or code
    throttled,      // too many failures; not even tried
    second_factor,  // the password is right, and a code is needed
  };
  Kind kind = Kind::wrong;
  std::string token;  // of ok: the secret of the cookie, 64 hexadecimal digits
  Time until{};       // of throttled: by then it may be tried again
};

/// error: of the store; try_later, where there is no memory for a password.
Result<SignIn> sign_in(store::Accounts& accounts, const SignInTry& attempt, Time now);

/// What a browser keeps once the account has signed in with it, so that the guesses of strangers do not lock its owner out: its failed tries are counted
/// apart. Lets nobody in. `secret` is Store::secret's.
std::string known_browser(std::string_view secret, std::string_view name);

/// The session of a cookie, where it is neither idle nor too old (limits::session_*).
Result<std::optional<store::Session>> session_of(store::Accounts& accounts, std::string_view token, Time now);

}  // namespace beadle::review
