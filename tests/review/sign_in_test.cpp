#include "review/sign_in.h"

#include "base/limits.h"
#include "desk.h"
#include "review/password.h"
#include "review/totp.h"

namespace beadle::review {
namespace {

using Kind = SignIn::Kind;

const std::string password = "heron sandwich ladder";

struct Door {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  store::Accounts accounts{store};

  explicit Door(const std::string& totp = "") {
    store::Account sam = account("sam", "sam.reed@marram.example", {"reviewer"});
    static const std::string hash = must(hash_password(password));
    sam.password_hash = hash;
    must(accounts.add(sam, "root", at(0)));
    if (!totp.empty()) must(accounts.set_totp("sam", totp, "root", at(0)));
  }
  SignIn attempt(const std::string& name, const std::string& with, std::int64_t seconds, const std::string& code = "", const std::string& host = "192.0.2.1") {
    return must(sign_in(accounts, {.name = name, .password = with, .code = code, .host = host}, at(seconds)));
  }
};

}  // namespace

TEST_CASE("who knows name and password is signed in, with a token of its own each time") {
  Door door;
  const SignIn first = door.attempt("sam", password, 1), second = door.attempt(" Sam ", password, 2);
  CHECK(first.kind == Kind::ok);
  CHECK(second.kind == Kind::ok);
  CHECK(first.token.size() == 64);
  CHECK(first.token != second.token);
  const auto session = must(session_of(door.accounts, first.token, at(10)));
  REQUIRE(session);
  CHECK(session->account == "sam");
  CHECK(session->csrf.size() == 64);
  CHECK(session->csrf != first.token);
}

TEST_CASE("a session ends when nobody uses it, when it is old, and when its account is locked") {
  Door door;
  const std::string token = door.attempt("sam", password, 0).token;
  CHECK(must(session_of(door.accounts, token, at(limits::session_idle_ms / 1000 - 10))));
  CHECK_FALSE(must(session_of(door.accounts, token, at(2 * limits::session_idle_ms / 1000))));
  const std::string other = door.attempt("sam", password, 0).token;
  for (std::int64_t seconds = 0; seconds < limits::session_age_ms / 1000; seconds += 1000) CHECK(must(session_of(door.accounts, other, at(seconds))));
  CHECK_FALSE(must(session_of(door.accounts, other, at(limits::session_age_ms / 1000 + 1))));
  const std::string last = door.attempt("sam", password, 100'000).token;
  must(door.accounts.set_disabled("sam", true, "ada", at(100'001)));
  CHECK_FALSE(must(session_of(door.accounts, last, at(100'002))));
  for (const std::string& odd : {std::string(), std::string(64, '0'), std::string("x"), std::string(100'000, 'a')}) {
    CHECK_FALSE(must(session_of(door.accounts, odd, at(1))));
  }
}

TEST_CASE("a wrong password, an unknown name and a locked account look the same") {
  Door door;
  CHECK(door.attempt("sam", "heron sandwich ladde", 1).kind == Kind::wrong);
  CHECK(door.attempt("nobody", password, 2).kind == Kind::wrong);
  CHECK(door.attempt("", "", 3).kind == Kind::wrong);
  CHECK(door.attempt(std::string(5000, 'a'), password, 4).kind == Kind::wrong);
  must(door.accounts.set_disabled("sam", true, "ada", at(5)));
  const SignIn locked = door.attempt("sam", password, 6);
  CHECK(locked.kind == Kind::wrong);
  CHECK(locked.token.empty());
}

TEST_CASE("after some failures nothing is tried for a while, not even the right password; then it is") {
  Door door;
  for (int i = 0; i < limits::sign_in_failures_of_account_max; ++i) {
    CHECK(door.attempt("sam", "wrong", i, "", "192.0.2." + std::to_string(i)).kind == Kind::wrong);
  }
  const SignIn throttled = door.attempt("sam", password, 10, "", "198.51.100.1");
  CHECK(throttled.kind == Kind::throttled);
  CHECK(throttled.until > at(10));
  CHECK(door.attempt("sam", password, limits::sign_in_window_ms / 1000 + 10).kind == Kind::ok);
  // Of a name that no account has, too.
  for (int i = 0; i < limits::sign_in_failures_of_account_max; ++i) (void)door.attempt("nobody", "wrong", 2000 + i, "", "192.0.2." + std::to_string(i));
  CHECK(door.attempt("nobody", "wrong", 2010, "", "198.51.100.1").kind == Kind::throttled);
}

TEST_CASE("one address cannot try the names one after another") {
  Door door;
  for (int i = 0; i < limits::sign_in_failures_of_host_max; ++i) (void)door.attempt("name" + std::to_string(i), "wrong", i);
  CHECK(door.attempt("sam", password, 100).kind == Kind::throttled);
  CHECK(door.attempt("sam", password, 100, "", "198.51.100.1").kind == Kind::ok);
}

TEST_CASE("success forgets the failures of that name") {
  Door door;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i + 1 < limits::sign_in_failures_of_account_max; ++i) (void)door.attempt("sam", "wrong", round * 10 + i, "", "192.0.2.9");
    CHECK(door.attempt("sam", password, round * 10 + 8, "", "192.0.2.9").kind == Kind::ok);
  }
}

TEST_CASE("with a second factor the password alone opens nothing, and a code counts once") {
  const std::string secret = new_totp_secret();
  Door door(secret);
  CHECK(door.attempt("sam", password, 0).kind == Kind::second_factor);
  CHECK(door.attempt("sam", password, 0).token.empty());
  CHECK(door.attempt("sam", "wrong", 0, totp_code(secret, totp_step(at(0)))).kind == Kind::wrong);
  CHECK(door.attempt("sam", password, 0, "000000").kind == Kind::wrong);
  const std::string code = totp_code(secret, totp_step(at(60)));
  CHECK(door.attempt("sam", password, 60, code).kind == Kind::ok);
  CHECK(door.attempt("sam", password, 61, code).kind == Kind::wrong);
  CHECK(door.attempt("sam", password, 61, totp_code(secret, totp_step(at(30)))).kind == Kind::wrong);  // older than the one that was used
  CHECK(door.attempt("sam", password, 90, totp_code(secret, totp_step(at(90)))).kind == Kind::ok);
}

TEST_CASE("wrong codes are throttled as wrong passwords are") {
  Door door(new_totp_secret());
  for (int i = 0; i < limits::sign_in_failures_of_account_max; ++i) (void)door.attempt("sam", password, i, "12345" + std::to_string(i), "192.0.2.9");
  CHECK(door.attempt("sam", password, 10).kind == Kind::throttled);
}

TEST_CASE("strangers' guesses lock nobody out of a browser that the account has used; its own failed tries do") {
  Door door;
  const auto known = [&](const std::string& with, std::int64_t seconds) {
    return must(sign_in(door.accounts, {.name = "sam", .password = with, .code = "", .host = "192.0.2.1", .known = true}, at(seconds))).kind;
  };
  for (int i = 0; i < limits::sign_in_failures_of_account_max; ++i) CHECK(door.attempt("sam", "guess", 1, "", "198.51.100.9").kind == Kind::wrong);
  // Who knows how it is counted cannot count against it by a name.
  for (int i = 0; i < limits::sign_in_failures_of_account_max; ++i) door.attempt(std::string(1, ' ') + "known sam", "guess", 1, "", "198.51.100.9");
  CHECK(door.attempt("sam", password, 2).kind == Kind::throttled);
  CHECK(known("mistyped", 3) == Kind::wrong);
  CHECK(known(password, 4) == Kind::ok);
  for (int i = 0; i < limits::sign_in_failures_of_account_max; ++i) CHECK(known("guess", 5) == Kind::wrong);
  CHECK(known(password, 6) == Kind::throttled);
  CHECK(door.attempt("sam", password, 7).kind == Kind::throttled);  // they count among all
  must(door.accounts.set_password("sam", must(hash_password(password)), "ada", at(8)));
  CHECK(known(password, 9) == Kind::ok);
}

TEST_CASE("what a browser keeps is for one account and one installation") {
  CHECK(known_browser("secret", "sam") == known_browser("secret", " SAM "));
  CHECK(known_browser("secret", "sam") != known_browser("secret", "tess"));
  CHECK(known_browser("secret", "sam") != known_browser("other", "sam"));
}

}  // namespace beadle::review
