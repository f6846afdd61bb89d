// What a sender sees by the link of a notice, and what the link can do, once.
#include "base/limits.h"
#include "review_page.h"

namespace beadle::web {
namespace {

const std::string form_token(64, 'f');
const std::string token = "a-link-that-nobody-can-guess";

/// A held message with the link of its sender, who has no account.
struct Linked : ReviewPage {
  std::string id = hold();
  Linked() { must(office.accounts.add_link(token, {id, "sender", "nell.barrow@marram.example", now + std::chrono::days(7), {}}, now)); }

  Response look(const std::string& by = token) { return get("/sender/" + by, ""); }
  Response send(Pairs fields, const std::string& by = token) {
    Request request = ReviewPage::request("POST", "/sender/" + by, "");
    request.cookies.emplace_back(form_cookie, form_token);
    request.form = std::move(fields);
    request.form.emplace_back("csrf", form_token);
    return answer(request);
  }
};

}  // namespace

TEST_CASE("a sender reads why the message is held, and in which words") {
  Linked page;
  const Response shown = page.look();
  REQUIRE(shown.status == 200);
  CHECK(has(shown, "The fence at Gull Lane"));
  CHECK(has(shown, "Section 7, orders"));
  CHECK(has(shown, "“the council will pay”"));
  CHECK(has(shown, "It has not gone out yet"));
  CHECK(has(shown, "value=\"withdraw\""));
  CHECK(has(shown, "value=\"explain\""));
  CHECK_FALSE(has(shown, "/inbox"));  // no menu of those who review
  CHECK(cookie_set(shown, form_cookie));
}

TEST_CASE("following the link changes nothing, however often") {
  Linked page;
  for (int i = 0; i < 3; ++i) CHECK(page.look().status == 200);
  CHECK(page.answer(ReviewPage::request("HEAD", "/sender/" + token, "")).status == 200);
  CHECK(page.get("/sender/" + token, "", {{"act", "withdraw"}}).status == 200);
  CHECK(page.office.acts_on(page.id) == std::vector<std::string>{"held beadle"});
  CHECK_FALSE(must(page.office.accounts.link(token))->used);
}

TEST_CASE("nothing is done without the form's own token") {
  Linked page;
  Request request = ReviewPage::request("POST", "/sender/" + token, "");
  request.form = {{"act", "withdraw"}};
  CHECK(page.answer(request).status == 403);
  request.cookies.emplace_back(form_cookie, form_token);
  CHECK(page.answer(request).status == 403);
  request.form.emplace_back("csrf", std::string(64, 'g'));
  CHECK(page.answer(request).status == 403);
  CHECK(page.office.state(page.id) == store::HeldState::held);
}

TEST_CASE("a sender withdraws once") {
  Linked page;
  const Response done = page.send({{"act", "withdraw"}});
  CHECK(done.status == 200);
  CHECK(has(done, "Your message is withdrawn"));
  CHECK(page.office.state(page.id) == store::HeldState::withdrawn);
  const Response after = page.look();
  CHECK(has(after, "It was withdrawn and will not be sent."));
  CHECK(has(after, "This link was used on"));
  CHECK_FALSE(has(after, "value=\"withdraw\""));
  CHECK(has(page.send({{"act", "withdraw"}}), "This link was used on"));
  CHECK(page.acts_named("withdrawn") == 1);
}

TEST_CASE("a sender explains once, and the reviewer reads it as text") {
  Linked page;
  for (const std::string& words : {std::string(), std::string(" \n"), std::string(limits::desk_words_bytes_max + 1, 'x')}) {
    const Response refused = page.send({{"act", "explain"}, {"words", words}});
    CHECK(refused.status == 400);
    CHECK(has(refused, "There is a problem"));
    CHECK_FALSE(must(page.office.accounts.link(token))->used);  // can be tried again
  }
  CHECK(has(page.send({{"act", "explain"}, {"words", "The clerk agreed on <Monday>."}}), "Thank you"));
  CHECK(page.office.state(page.id) == store::HeldState::held);
  CHECK(has(page.send({{"act", "explain"}, {"words", "And again."}}), "This link was used on"));
  const Response shown = page.get("/held/" + page.id, "sam");
  CHECK(has(shown, "The clerk agreed on &lt;Monday&gt;."));
  CHECK(has(shown, "the sender explained, "));
  CHECK_FALSE(has(shown, "And again."));
  CHECK(has(page.get("/inbox", "sam"), "Explained"));
}

TEST_CASE("a link that is none leads nowhere, and says the same of every message") {
  Linked page;
  must(page.office.accounts.add_link("for-something-else", {page.id, "reviewer", "x@marram.example", page.now + std::chrono::days(1), {}}, page.now));
  for (const std::string& guess : {std::string("guessed"), token + "x", token.substr(1), page.id, std::string("for-something-else")}) {
    INFO(guess);
    const Response shown = page.look(guess);
    CHECK(shown.status == 404);
    CHECK(has(shown, "This link leads nowhere"));
    CHECK_FALSE(has(shown, "Gull Lane"));
    CHECK(page.send({{"act", "withdraw"}}, guess).status == 404);
  }
  CHECK(page.office.state(page.id) == store::HeldState::held);
}

TEST_CASE("an expired link shows the message, and does nothing") {
  Linked page;
  page.now += std::chrono::days(8);
  const Response shown = page.look();
  CHECK(shown.status == 200);
  CHECK(has(shown, "This link has expired"));
  CHECK_FALSE(has(shown, "value=\"withdraw\""));
  CHECK(has(page.send({{"act", "withdraw"}}), "This link has expired"));
  CHECK(page.office.state(page.id) == store::HeldState::held);
}

TEST_CASE("when a reviewer was first, the sender reads what became of it") {
  Linked page;
  page.act(page.id, "sam", "release");
  const Response shown = page.look();
  CHECK(has(shown, "A reviewer has let it go out."));
  CHECK_FALSE(has(shown, "value=\"withdraw\""));
  CHECK_FALSE(has(shown, "sam"));
  Linked other;
  other.act(other.id, "sam", "return", {{"words", "No."}});
  CHECK(has(other.look(), "A reviewer has given it back to you"));
  const Response late = other.send({{"act", "withdraw"}});
  CHECK(late.status == 409);
  CHECK(other.send({{"act", "explain"}, {"words", "but"}}).status == 409);
  CHECK(other.office.state(other.id) == store::HeldState::returned);
}

TEST_CASE("of a message whose content was forgotten nothing is shown") {
  Linked page;
  page.act(page.id, "sam", "return", {{"words", "No."}});
  page.now += std::chrono::minutes(5);
  must(page.office.store.purge({.decided = page.now}, page.now));
  const Response shown = page.look();
  CHECK(shown.status == 200);
  CHECK_FALSE(has(shown, "Gull Lane"));
  CHECK_FALSE(has(shown, "Why it was held"));
}

}  // namespace beadle::web
