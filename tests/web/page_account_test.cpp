// One's own account: a new password, codes from a telephone; and the list of all accounts.
#include "base/limits.h"
#include "review/password.h"
#include "review/totp.h"
#include "review_page.h"

namespace beadle::web {
namespace {

const std::string old_password = "three-random-words", new_password = "four other random words";

/// Sam has a password; a hash takes a while, so it is made once.
struct Own : ReviewPage {
  Own() {
    static const std::string hash = must(review::hash_password(old_password));
    must(office.accounts.set_password("sam", hash, "root", now));
    sign_in("sam");
  }
  Response change(const std::string& before, const std::string& after, const std::string& again) {
    return post("/account", "sam", {{"act", "password"}, {"old", before}, {"new", after}, {"again", again}});
  }
  std::string hash() { return must(office.accounts.find("sam"))->password_hash; }
};

/// The key of the form that sets up codes, as it stands in the page.
std::string secret_in(const Response& response) {
  const std::string before = "name=\"secret\" value=\"";
  const std::size_t at = response.body.find(before);
  if (at == std::string::npos) return "";
  return response.body.substr(at + before.size(), response.body.find('"', at + before.size()) - at - before.size());
}

}  // namespace

TEST_CASE("a new password ends every session, and is the one that counts") {
  Own page;
  const Response done = page.change(old_password, new_password, new_password);
  CHECK(done.status == 303);
  CHECK(place_of(done) == "/sign-in");
  CHECK(cookie_set(done, session_cookie) == "");
  CHECK(page.get("/inbox", "sam").status == 303);
  CHECK(review::password_is(page.hash(), new_password));
  CHECK_FALSE(review::password_is(page.hash(), old_password));
}

TEST_CASE("a password is not changed where something is wrong, and each mistake is said at its field") {
  Own page;
  const std::string before = page.hash();
  const Response wrong = page.change("guessed-password", new_password, new_password);
  CHECK(wrong.status == 400);
  CHECK(has(wrong, "This is not your password"));
  CHECK(has(page.change(old_password, "short", "short"), "id=\"new-error\""));
  CHECK(has(page.change(old_password, new_password, "another random words"), "The two new passwords differ"));
  CHECK(has(page.change(old_password, "", ""), "id=\"new-error\""));
  CHECK_FALSE(has(wrong, "guessed-password"));
  CHECK_FALSE(has(wrong, new_password));
  CHECK(page.hash() == before);
  CHECK(page.get("/inbox", "sam").status == 200);
}

TEST_CASE("whoever finds a browser signed in cannot guess the password there without end") {
  Own page;
  for (int i = 0; i < limits::sign_in_failures_of_account_max; ++i) must(page.office.accounts.note_failure("sam", "192.0.2.7", page.now));
  const std::string before = page.hash();
  const Response late = page.change(old_password, new_password, new_password);
  CHECK(late.status == 400);
  CHECK(has(late, "There were too many tries"));
  CHECK(page.hash() == before);
}

TEST_CASE("codes from a telephone count when one of them was entered") {
  ReviewPage page;
  const Response begun = page.post("/account", "sam", {{"act", "begin"}});
  const std::string secret = secret_in(begun);
  REQUIRE(secret.size() == 32);
  CHECK(must(page.office.accounts.find("sam"))->totp_secret.empty());
  const std::string raw = *review::from_base32(secret);
  const std::string code = review::totp_code(raw, review::totp_step(page.now));
  const Response wrong = page.post("/account", "sam", {{"act", "confirm"}, {"secret", secret}, {"code", code == "000000" ? "111111" : "000000"}});
  CHECK(wrong.status == 400);
  CHECK(secret_in(wrong) == secret);
  CHECK(must(page.office.accounts.find("sam"))->totp_secret.empty());
  const Response done = page.post("/account", "sam", {{"act", "confirm"}, {"secret", secret}, {"code", code}});
  CHECK(place_of(done) == "/account?done=codes");
  CHECK(must(page.office.accounts.find("sam"))->totp_secret == raw);
  // The code that was shown here is used up.
  CHECK_FALSE(must(page.office.accounts.use_totp_step("sam", review::totp_step(page.now))));
  const Response after = page.get("/account", "sam", {{"done", "codes"}});
  CHECK(has(after, "Your account now needs a code from your telephone."));
  CHECK(has(after, "Set up another telephone"));
  CHECK_FALSE(has(after, secret));
}

TEST_CASE("a key that is none sets up nothing") {
  ReviewPage page;
  for (const char* secret : {"", "AAAA", "not base 32 at all! not base 32!", "<b>"}) {
    INFO(secret);
    const Response response = page.post("/account", "sam", {{"act", "confirm"}, {"secret", secret}, {"code", "000000"}});
    CHECK(secret_in(response).empty());
    CHECK_FALSE(has(response, "<b>"));
    CHECK(must(page.office.accounts.find("sam"))->totp_secret.empty());
  }
  CHECK(page.post("/account", "sam", {{"act", "promote"}}).status == 200);
  CHECK(must(page.office.accounts.find("sam"))->roles == std::vector<std::string>{"reviewer"});
}

TEST_CASE("administrators see every account, and no secret of one") {
  ReviewPage page;
  must(page.office.accounts.set_totp("tess", std::string(20, 'k'), "root", page.now));
  must(page.office.accounts.set_disabled("ann", true, "root", page.now));
  const Response shown = page.get("/accounts", "ada");
  REQUIRE(shown.status == 200);
  for (const char* words : {"sam.reed@marram.example", "tess", "administrator", "Locked"}) CHECK(has(shown, words));
  CHECK_FALSE(has(shown, std::string(20, 'k')));
  CHECK_FALSE(has(shown, "none"));  // the hash of these accounts
}

}  // namespace beadle::web
