// What goes wrong for people at the desk: words that cannot be sent, tries that were somebody else's, lists longer than a page, a telephone that is taken.
#include <algorithm>

#include "base/limits.h"
#include "review/password.h"
#include "review/totp.h"
#include "review_page.h"

namespace beadle::web {
namespace {

const std::string password = "three-random-words";

/// Sam has a password, hashed once, and a telephone.
struct WithTelephone : ReviewPage {
  WithTelephone() {
    static const std::string hash = must(review::hash_password(password));
    must(office.accounts.set_password("sam", hash, "root", now));
    must(office.accounts.set_totp("sam", std::string(20, 'o'), "root", now));
    ReviewPage::sign_in("sam");
  }
  Response take_over(const std::string& typed) {
    const std::string secret(20, 'n');
    const std::string code = review::totp_code(secret, review::totp_step(now));
    return post("/account", "sam", {{"act", "confirm"}, {"secret", review::base32(secret)}, {"code", code}, {"password", typed}});
  }
  std::string secret() { return must(office.accounts.find("sam"))->totp_secret; }
};

std::size_t count_of(const std::string& text, std::string_view words) {
  std::size_t count = 0;
  for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("after an agreement the page offers to decide, and names who agreed") {
  ReviewPage page;
  const std::string id = page.hold(review::fence_mail, {"sam.reed@marram.example"});
  page.act(id, "sam", "ask", {{"words", "The hearing is today."}});
  CHECK_FALSE(has(page.get("/held/" + id, "sam"), "value=\"release\""));
  CHECK(has(page.get("/held/" + id, "sam"), "Another person has to agree"));
  CHECK(page.post("/held/" + id + "/agree", "ann", {{"who", "sam"}}).status == 303);
  const Response shown = page.get("/held/" + id, "sam");
  CHECK(has(shown, "value=\"release\""));
  CHECK(has(shown, "value=\"return\""));
  CHECK(has(shown, "ann has agreed that you decide"));
  CHECK_FALSE(has(shown, "value=\"ask\""));
  CHECK(page.act(id, "sam", "release").status == 303);
}

TEST_CASE("an agreement on the page is for the request that was shown") {
  ReviewPage page;
  const std::string id = page.hold(review::fence_mail, {"sam.reed@marram.example", "tess.orme@marram.example"});
  page.act(id, "sam", "ask", {{"words", "urgent"}});
  page.act(id, "tess", "ask", {{"words", "urgent too"}});
  CHECK(count_of(page.get("/held/" + id + "/agree", "ann").body, "name=\"who\"") == 2);
  CHECK(page.post("/held/" + id + "/agree", "ann", {{"who", "tess"}}).status == 303);
  CHECK(page.act(id, "sam", "release").status == 409);
  CHECK(page.act(id, "tess", "release").status == 303);
}

TEST_CASE("words that could not be sent are shown again, as text, with the way back") {
  ReviewPage page;
  const std::string id = page.hold();
  page.act(id, "tess", "return", {{"words", "Mine was first."}});
  const Response late = page.act(id, "sam", "return", {{"words", "Please ask <b>me</b>."}});
  CHECK(late.status == 409);
  CHECK(has(late, "Please ask &lt;b&gt;me&lt;/b&gt;."));
  CHECK(has(late, "href=\"/held/" + id + "\""));
  const std::string long_words = "Begins here " + std::string(limits::desk_words_bytes_max, 'x');
  const Response refused = page.act(id, "sam", "note", {{"words", long_words}});
  CHECK(refused.status == 400);
  CHECK(has(refused, "Begins here"));
}

TEST_CASE("words that were typed into a page that stood open for too long are not lost, and nothing is done") {
  ReviewPage page;
  const std::string id = page.hold();
  page.now += std::chrono::milliseconds(limits::session_idle_ms) + std::chrono::minutes(1);
  const Response late = page.act(id, "sam", "return", {{"words", "Please ask me."}});
  CHECK(late.status == 403);
  CHECK(has(late, "You have been signed out"));
  CHECK(has(late, "Please ask me."));
  CHECK(page.act(id, "sam", "release").status == 303);
  CHECK(page.office.state(id) == store::HeldState::held);
}

TEST_CASE("the form of an earlier session gives its words back; that of another site does not") {
  ReviewPage page;
  const std::string id = page.hold();
  Request old = ReviewPage::form("/held/" + id + "/act", "tess", {{"act", "return"}, {"words", "Please ask Tess."}});
  old.form.back().second = "of another session";
  CHECK(has(page.answer(old), "Please ask Tess."));
  old.headers.emplace_back("origin", "https://evil.example");
  const Response elsewhere = page.answer(old);
  CHECK(elsewhere.status == 403);
  CHECK(page.office.state(id) == store::HeldState::held);
  CHECK_FALSE(has(elsewhere, "Please ask Tess."));  // what another site sends has no place on a page of ours
}

TEST_CASE("an export has all rows, however many") {
  ReviewPage page;
  const std::size_t many = 2 * limits::page_rows_max + 7;
  for (std::size_t i = 0; i < many; ++i) must(page.office.store.audit("counted", "beadle", "", "{}", page.now));
  const Response csv = page.get("/register/export", "ann", {{"as", "csv"}, {"act", "counted"}});
  CHECK(count_of(csv.body, "\r\n") == many + 1);
  const Response json = page.get("/register/export", "ann", {{"as", "json"}, {"act", "counted"}});
  CHECK(count_of(json.body, "\"act\":\"counted\"") == many);
  CHECK(page.acts_named("exported") == 2);
}

TEST_CASE("a history of thousands of deliveries shows what people did, and leads to the rest") {
  ReviewPage page;
  const std::string id = page.hold();
  page.get("/held/" + id, "tess");
  for (std::size_t i = 0; i < 3 * limits::page_rows_max; ++i) must(page.office.store.audit("delivered", "beadle", id, "{}", page.now));
  const Response shown = page.get("/held/" + id, "sam");
  CHECK(count_of(shown.body, ">Delivered<") + count_of(shown.body, ">delivered<") < limits::page_rows_max);
  CHECK(has(shown, "more acts stand in the register"));
  CHECK(has(shown, ">tess<"));
}

TEST_CASE("another telephone takes the password; a wrong one counts as a try") {
  WithTelephone page;
  const std::string before = page.secret();
  CHECK(page.take_over("").status == 400);
  CHECK(page.take_over("guessed-password").status == 400);
  CHECK(page.secret() == before);
  CHECK(must(page.office.accounts.failures("sam", "", page.now - std::chrono::minutes(1))).of_account == 2);
  CHECK(has(page.post("/account", "sam", {{"act", "begin"}}), "id=\"password\""));
  CHECK(page.take_over(password).status == 303);
  CHECK(page.secret() == std::string(20, 'n'));
}

TEST_CASE("a telephone is not set up where the password was guessed too often") {
  WithTelephone page;
  for (int i = 0; i < limits::sign_in_failures_of_account_max; ++i) must(page.office.accounts.note_failure("sam", "192.0.2.9", page.now));
  const Response late = page.take_over(password);
  CHECK(late.status == 400);
  CHECK(has(late, "There were too many tries"));
  CHECK(page.secret() == std::string(20, 'o'));
}

TEST_CASE("who has signed in with a browser before is not locked out of it by somebody's guesses") {
  WithTelephone page;
  must(page.office.accounts.set_totp("sam", "", "root", page.now));
  const std::string token(64, 'f');
  const auto sign_in = [&](const std::string& known) {
    Request request = ReviewPage::request("POST", "/sign-in", "");
    request.cookies = {{std::string(form_cookie), token}, {std::string(known_cookie), known}};
    request.form = {{"csrf", token}, {"name", "sam"}, {"password", password}};
    return page.answer(request);
  };
  const auto known = cookie_set(sign_in(""), known_cookie);
  REQUIRE(known);
  for (int i = 0; i < limits::sign_in_failures_of_account_max; ++i) must(page.office.accounts.note_failure("sam", "198.51.100.1", page.now));
  CHECK(sign_in("").status == 429);
  CHECK(sign_in(std::string(64, '0')).status == 429);
  CHECK(sign_in(*known).status == 303);
}

}  // namespace beadle::web
