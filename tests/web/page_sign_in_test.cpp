// Signing in: what is said, what is not, and where it leads.
#include "base/limits.h"
#include "review/password.h"
#include "review/totp.h"
#include "review_page.h"

namespace beadle::web {
namespace {

constexpr std::string_view password = "three-random-words";
const std::string form_token(64, 'f');

/// A page where Kit has a password; a hash takes a while, so it is made once.
struct Door : ReviewPage {
  Door() {
    static const std::string hash = must(review::hash_password(password));
    store::Account kit = review::account("kit", "kit@marram.example", {"reviewer"});
    kit.password_hash = hash;
    must(office.accounts.add(kit, "root", now));
  }
  Response try_it(const std::string& name, std::string_view with, Pairs more = {}) {
    Request request = ReviewPage::request("POST", "/sign-in", "");
    request.cookies.emplace_back(form_cookie, form_token);
    request.form = {{"csrf", form_token}, {"name", name}, {"password", std::string(with)}};
    request.form.insert(request.form.end(), more.begin(), more.end());
    return answer(request);
  }
};

}  // namespace

TEST_CASE("the form to sign in comes with a token of its own") {
  Door door;
  const Response fresh = door.get("/sign-in", "");
  CHECK(fresh.status == 200);
  const auto token = cookie_set(fresh, form_cookie);
  REQUIRE(token);
  CHECK(token->size() == 64);
  CHECK(has(fresh, "value=\"" + *token + "\""));
  CHECK(cookie_set(door.get("/sign-in", ""), form_cookie) != token);
  // Who has one keeps it, so that two open pages work.
  Request again = ReviewPage::request("GET", "/sign-in", "");
  again.cookies.emplace_back(form_cookie, form_token);
  const Response kept = door.answer(again);
  CHECK_FALSE(cookie_set(kept, form_cookie));
  CHECK(has(kept, form_token));
  CHECK_FALSE(has(kept, "This connection is not encrypted"));
  again.secure = false;
  CHECK(has(door.answer(again), "This connection is not encrypted"));
}

TEST_CASE("cookies are for this host, over HTTPS, and out of reach of scripts") {
  Door door;
  for (const auto& [name, value] : door.try_it("kit", password).headers) {
    if (name != "Set-Cookie") continue;
    INFO(value);
    CHECK(value.starts_with("__Host-"));
    for (const char* attribute : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite="}) CHECK(value.find(attribute) != std::string::npos);
    CHECK(value.find("Domain") == std::string::npos);
  }
}

TEST_CASE("the right password begins a session that did not exist before") {
  Door door;
  Request request = ReviewPage::request("POST", "/sign-in", "");
  request.cookies = {{std::string(form_cookie), form_token}, {std::string(session_cookie), "chosen-by-somebody-else"}};
  request.form = {{"csrf", form_token}, {"name", " KIT "}, {"password", std::string(password)}};
  const Response in = door.answer(request);
  CHECK(in.status == 303);
  CHECK(place_of(in) == "/");
  const auto token = cookie_set(in, session_cookie);
  REQUIRE(token);
  CHECK(token->size() == 64);
  CHECK(*token != "chosen-by-somebody-else");
  CHECK(cookie_set(in, form_cookie) == "");
  Request inside = ReviewPage::request("GET", "/inbox", "");
  inside.cookies = {{std::string(session_cookie), *token}};
  CHECK(door.answer(inside).status == 200);
  inside.cookies = {{std::string(session_cookie), "chosen-by-somebody-else"}};
  CHECK(door.answer(inside).status == 303);
}

TEST_CASE("a wrong password and an unknown name look alike") {
  Door door;
  const Response wrong = door.try_it("kit", "not-the-password");
  const Response unknown = door.try_it("nobody", "not-the-password");
  CHECK(wrong.status == 401);
  CHECK(unknown.status == 401);
  CHECK(has(wrong, "Name, password or code is not right"));
  CHECK_FALSE(cookie_set(wrong, session_cookie));
  std::string same = unknown.body;
  for (std::size_t at = same.find("nobody"); at != std::string::npos; at = same.find("nobody", at + 3)) same.replace(at, 6, "kit");
  CHECK(same == wrong.body);
  CHECK_FALSE(has(wrong, "not-the-password"));  // a password is never sent back
  must(door.office.accounts.set_disabled("kit", true, "root", door.now));
  CHECK(door.try_it("kit", password).body == wrong.body);
}

TEST_CASE("without the token of the form nothing is tried") {
  Door door;
  Request request = ReviewPage::request("POST", "/sign-in", "");
  request.form = {{"name", "kit"}, {"password", std::string(password)}};
  CHECK(door.answer(request).status == 403);
  request.form.emplace_back("csrf", "");
  CHECK(door.answer(request).status == 403);
  request.form.back().second = form_token;
  CHECK(door.answer(request).status == 403);  // no cookie
  request.cookies.emplace_back(form_cookie, std::string(64, 'g'));
  CHECK(door.answer(request).status == 403);  // another's
  CHECK(must(door.office.accounts.failures("kit", "192.0.2.7", at(0))).of_account == 0);
  CHECK(door.acts_named("signed-in") == 4);
}

TEST_CASE("too many tries are not tried any more, the right password included") {
  Door door;
  for (int i = 0; i < limits::sign_in_failures_of_account_max; ++i) must(door.office.accounts.note_failure("kit", "198.51.100.1", door.now));
  const Response late = door.try_it("kit", password);
  CHECK(late.status == 429);
  CHECK(has(late, "There were too many tries"));
  CHECK_FALSE(cookie_set(late, session_cookie));
  door.now += std::chrono::milliseconds(limits::sign_in_window_ms) + std::chrono::seconds(1);
  CHECK(door.try_it("kit", password).status == 303);
}

TEST_CASE("afterwards it leads to a page of this site only") {
  Door door;
  CHECK(place_of(door.try_it("kit", password, {{"next", "/held/01k4vw"}})) == "/held/01k4vw");
  for (const char* elsewhere : {"https://evil.example/", "//evil.example/", "/\\evil.example", "evil", "", "/a\r\nSet-Cookie: a=b", "javascript:alert(1)"}) {
    INFO(elsewhere);
    CHECK(place_of(door.try_it("kit", password, {{"next", elsewhere}})) == "/");
  }
  CHECK(has(door.get("/sign-in", "", {{"next", "/register"}}), "value=\"/register\""));
  CHECK_FALSE(has(door.get("/sign-in", "", {{"next", "https://evil.example/"}}), "evil"));
  CHECK_FALSE(has(door.get("/sign-in", "", {{"next", "/\"><script>"}}), "<script>\""));
}

TEST_CASE("whoever has a second factor is asked for it, and no code counts twice") {
  Door door;
  const std::string secret(20, 'k');
  must(door.office.accounts.set_totp("kit", secret, "kit", door.now));
  const Response asked = door.try_it("kit", password);
  CHECK(asked.status == 401);
  CHECK(has(asked, "the code that your telephone shows now"));
  CHECK(has(asked, "Your account needs it"));
  CHECK_FALSE(cookie_set(asked, session_cookie));
  const std::string code = review::totp_code(secret, review::totp_step(door.now));
  CHECK(door.try_it("kit", "not-the-password", {{"code", code}}).status == 401);
  CHECK(door.try_it("kit", password, {{"code", "000000"}}).status == 401);
  CHECK(door.try_it("kit", password, {{"code", code}}).status == 303);
  CHECK(door.try_it("kit", password, {{"code", code}}).status == 401);
}

}  // namespace beadle::web
