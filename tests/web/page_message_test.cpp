// One held message: what is shown of it, and what the forms do.
#include "base/limits.h"
#include "review_page.h"

namespace beadle::web {
namespace {

const std::vector<std::string> with_copy = {"orders@quay.example", "desmond.pike@marram.example"};

const std::string html_mail =
    "From: Nell Barrow <nell.barrow@marram.example>\nTo: orders@quay.example\nSubject: The fence\nMIME-Version: 1.0\n"
    "Content-Type: multipart/alternative; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nGo ahead.\n"
    "--b\nContent-Type: text/html; charset=utf-8\n\n<p onclick=\"act()\">Go <b>ahead</b>, Siân.</p><script>act()</script><img src=\"https://evil.example/seen\">\n--b--\n";

std::string path_of(const std::string& id) { return "/held/" + id; }

std::string done(const std::string& id, const std::string& act) { return path_of(id) + "?done=" + act; }

}  // namespace

TEST_CASE("a message is shown with the clause, its words in their place, who gets it and what a release sends") {
  ReviewPage page;
  const std::string id = page.hold(review::fence_mail, with_copy);
  const Response shown = page.get(path_of(id), "sam");
  REQUIRE(shown.status == 200);
  CHECK(has(shown, "<title>The fence at Gull Lane"));
  CHECK(has(shown, "Section 7, orders"));
  CHECK(has(shown, "Councillors place no orders."));
  CHECK(has(shown, "Ask the clerk to place the order."));
  CHECK(has(shown, "id=\"finding-1\""));
  // Once in the list of findings, and once where it stands in the text.
  const std::string mark = "<mark class=\"beadle-evidence\">";
  std::size_t marks = 0;
  for (std::size_t at = shown.body.find(mark); at != std::string::npos; at = shown.body.find(mark, at + 1)) ++marks;
  CHECK(marks == 2);
  CHECK(has(shown, "Please go ahead, <mark"));
  CHECK(has(shown, "Desmond Pike"));
  CHECK(has(shown, "Blind copies"));
  CHECK(has(shown, "orders@quay.example"));
  CHECK(has(shown, "What a release sends"));
  CHECK_FALSE(has(shown, "What Beadle could not read"));
  CHECK(has(shown, "nobody yet"));
  CHECK(has(shown, ReviewPage::csrf_of("sam")));
}

TEST_CASE("a mail's words cannot become part of the page") {
  ReviewPage page;
  const std::string id = page.hold(
      "From: \"<script>x()</script>\" <nell.barrow@marram.example>\nTo: \"\\\"><img src=x>\" <orders@quay.example>\nSubject: <script>alert(1)</script>\n\n"
      "</div><script>alert(2)</script> the council will pay\n");
  for (const std::string& path : {path_of(id), std::string("/inbox")}) {
    const Response shown = page.get(path, "sam");
    REQUIRE(shown.status == 200);
    CHECK(has(shown, "&lt;script&gt;alert(1)"));
    CHECK_FALSE(has(shown, "<script>alert"));
    CHECK_FALSE(has(shown, "<script>x"));
    CHECK_FALSE(has(shown, "<img src=x"));
  }
}

TEST_CASE("opening a message is an event, once in half an hour for each") {
  ReviewPage page;
  const std::string id = page.hold();
  page.get(path_of(id), "sam");
  page.get(path_of(id), "sam");
  page.get(path_of(id), "tess");
  CHECK(page.office.acts_on(id) == std::vector<std::string>{"held beadle", "opened sam", "opened tess"});
  page.now += std::chrono::minutes(29);
  page.get(path_of(id), "sam");
  CHECK(page.office.acts_on(id).size() == 3);
  page.now += std::chrono::minutes(2);
  page.get("/inbox", "sam");
  page.get(path_of(id), "sam");
  CHECK(page.office.acts_on(id).size() == 4);
}

TEST_CASE("a mail's HTML is shown in a frame of its own, without what acts or tells; asking for the frame alone is opening too") {
  ReviewPage page;
  const std::string id = page.hold(html_mail);
  const Response frame = page.get(path_of(id) + "/part/2", "sam");
  REQUIRE(frame.status == 200);
  CHECK(has(frame, "Go <b>ahead</b>, Siân."));
  for (const char* bad : {"script", "onclick", "evil.example", "act()"}) CHECK_FALSE(has(frame, bad));
  CHECK(header_of(frame, "Content-Security-Policy").starts_with("sandbox; default-src 'none'"));
  CHECK(header_of(frame, "X-Frame-Options") == "SAMEORIGIN");
  CHECK(page.office.acts_on(id) == std::vector<std::string>{"held beadle", "opened sam"});
  CHECK(has(page.get(path_of(id), "sam"), "src=\"" + path_of(id) + "/part/2\""));
  CHECK(page.office.acts_on(id).size() == 2);
  for (const char* part : {"0", "1", "3", "x", "2.1"}) CHECK(page.get(path_of(id) + "/part/" + part, "sam").status == 404);
}

TEST_CASE("a message that is HTML as a whole is part 0 to the page") {
  ReviewPage page;
  const std::string id = page.hold("From: nell.barrow@marram.example\nTo: orders@quay.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>Go ahead.</p>\n");
  const Response shown = page.get(path_of(id), "sam");
  const std::size_t at = shown.body.find("src=\"" + path_of(id) + "/part/");
  REQUIRE(at != std::string::npos);
  const std::string source = shown.body.substr(at + 5, shown.body.find('"', at + 5) - at - 5);
  CHECK(has(page.get(source, "sam"), "<p>Go ahead.</p>"));
}

TEST_CASE("the original comes as a file with the exact bytes, and is noted") {
  ReviewPage page;
  const std::string id = page.hold();
  const Response original = page.get(path_of(id) + "/original", "sam");
  CHECK(original.body == review::crlf(review::fence_mail));
  CHECK(original.type == "application/octet-stream");
  CHECK(header_of(original, "Content-Disposition") == "attachment; filename=\"" + id + ".eml\"");
  CHECK(page.office.acts_on(id).back() == "downloaded sam");
}

TEST_CASE("each act leads back to the message and says what was done") {
  struct Tried {
    std::string act;
    Pairs fields;
    store::HeldState state;
    std::string said;
  };
  const Tried rows[] = {{"release", {}, store::HeldState::releasing, "The message will be sent in a moment."},
                      {"release", {{"words", "resolution 114"}}, store::HeldState::releasing, "The message will be sent in a moment."},
                      {"disclose", {}, store::HeldState::releasing, "its readers learn who else has it"},
                      {"return", {{"words", "Please ask me."}}, store::HeldState::returned, "goes back to its sender"},
                      {"claim", {}, store::HeldState::held, "You have taken this message on."},
                      {"unclaim", {}, store::HeldState::held, "You have given this message up."},
                      {"pass-on", {{"to", "tess"}, {"words", "You know the fencer."}}, store::HeldState::held, "waits for another reviewer"},
                      {"pass-on", {{"to", ""}}, store::HeldState::held, "waits for another reviewer"},
                      {"note", {{"words", "Asked the chair."}}, store::HeldState::held, "Your note is kept"},
                      {"legal-hold", {{"words", "complaint 7"}}, store::HeldState::held, "until the legal hold is lifted"}};
  for (const Tried& row : rows) {
    INFO(row.act);
    ReviewPage page;
    const std::string id = page.hold(review::fence_mail, with_copy);
    const Response acted = page.act(id, "sam", row.act, row.fields);
    INFO(acted.body);
    CHECK(acted.status == 303);
    CHECK(place_of(acted) == done(id, row.act));
    CHECK(page.office.state(id) == row.state);
    const Response after = page.get(path_of(id), "sam", {{"done", row.act}});
    CHECK(after.status == 200);
    CHECK(has(after, row.said));
  }
  ReviewPage page;
  const std::string id = page.hold();
  CHECK_FALSE(has(page.get(path_of(id), "sam", {{"done", "<b>all</b>"}}), "all</b>"));
}

TEST_CASE("an act that cannot be is refused with its status, and nothing is done") {
  ReviewPage page;
  const std::string id = page.hold();
  CHECK(page.act(id, "sam", "return").status == 400);                                 // no words
  CHECK(page.act(id, "sam", "return", {{"words", " \n "}}).status == 400);
  CHECK(page.act(id, "sam", "note").status == 400);
  CHECK(page.act(id, "sam", "legal-hold").status == 400);
  CHECK(page.act(id, "sam", "release", {{"words", std::string(limits::desk_words_bytes_max + 1, 'x')}}).status == 400);
  CHECK(page.act(id, "sam", "purge").status == 400);                                  // no such act
  CHECK(page.act(id, "sam", "").status == 400);
  CHECK(page.act(id, "sam", "disclose").status == 409);                               // nothing is hidden
  CHECK(page.act(id, "sam", "ask", {{"words", "it cannot wait"}}).status == 409);     // no conflict
  CHECK(page.act(id, "sam", "agree").status == 409);                                  // nobody asked
  CHECK(page.act(id, "sam", "again").status == 409);
  CHECK(page.act(id, "sam", "pass-on", {{"to", "ann"}}).status == 409);               // no reviewer
  CHECK(page.act(id, "sam", "pass-on", {{"to", "<b>x</b>"}}).status == 409);
  CHECK(page.act("01zzzzzzzzzzzzzzzzzzzzzzzz", "sam", "release").status == 404);
  CHECK(page.office.state(id) == store::HeldState::held);
  CHECK(page.office.acts_on(id) == std::vector<std::string>{"held beadle"});
}

TEST_CASE("of two who decide the second is told who was first") {
  ReviewPage page;
  const std::string id = page.hold();
  REQUIRE(page.act(id, "sam", "release").status == 303);
  const Response late = page.act(id, "tess", "release");
  CHECK(late.status == 409);
  CHECK(has(late, "sam"));
  // A page that was open before overturns nothing. As long as nobody has it, who released it may call it back; then it is gone.
  CHECK_FALSE(has(page.get(path_of(id), "tess"), "Return to the sender"));
  CHECK(has(page.get(path_of(id), "sam"), "Return to the sender"));
  CHECK(page.act(id, "tess", "return", {{"words", "No."}}).status == 409);
  REQUIRE(page.act(id, "sam", "return", {{"words", "No."}}).status == 303);
  CHECK(page.act(id, "sam", "release").status == 409);
  CHECK(page.act(id, "tess", "return", {{"words", "No."}}).status == 409);
  CHECK(page.office.state(id) == store::HeldState::returned);
}

TEST_CASE("a claim is shown to others, who may still decide") {
  ReviewPage page;
  const std::string id = page.hold();
  page.act(id, "sam", "claim");
  CHECK(has(page.get(path_of(id), "sam"), "Give it up"));
  const Response tess = page.get(path_of(id), "tess");
  CHECK(has(tess, "sam has taken this on"));
  CHECK(page.act(id, "tess", "claim").status == 409);
  CHECK(page.act(id, "tess", "unclaim").status == 409);
  CHECK(page.act(id, "tess", "release").status == 303);
}

TEST_CASE("who has a part in a message is not offered to decide, and cannot") {
  ReviewPage page;
  const std::string id = page.hold(review::fence_mail, {"orders@quay.example", "clerk@marram.example"});
  const Response sam = page.get(path_of(id), "sam");
  CHECK(has(sam, "You are a recipient of this message"));
  CHECK(has(sam, "Somebody else has to decide about it"));
  for (const char* act : {"release", "return", "claim"}) CHECK_FALSE(has(sam, std::string("name=\"act\" value=\"") + act + "\""));
  CHECK(has(sam, "value=\"ask\""));
  for (const char* act : {"release", "return", "claim", "disclose"}) {
    INFO(act);
    CHECK(page.act(id, "sam", act, {{"words", "I say so"}}).status == 409);
  }
  CHECK(page.office.state(id) == store::HeldState::held);
  CHECK_FALSE(has(page.get(path_of(id), "tess"), "has to decide about it"));
}

TEST_CASE("two people decide in spite of a conflict: one asks, an auditor agrees without reading") {
  ReviewPage page;
  const std::string id = page.hold(review::fence_mail, {"orders@quay.example", "clerk@marram.example"});
  CHECK(page.act(id, "sam", "ask").status == 400);  // no words
  REQUIRE(place_of(page.act(id, "sam", "ask", {{"words", "nobody else is here <today>"}})) == done(id, "ask"));
  CHECK(has(page.get(path_of(id), "sam"), "/held/" + id + "/agree"));
  CHECK(page.act(id, "sam", "release").status == 409);
  // Nobody agrees with himself.
  CHECK_FALSE(has(page.get(path_of(id) + "/agree", "sam"), "nobody else is here"));
  CHECK(page.post(path_of(id) + "/agree", "sam").status == 409);

  const Response ann = page.get(path_of(id) + "/agree", "ann");
  REQUIRE(ann.status == 200);
  CHECK(has(ann, "sam asks"));
  CHECK(has(ann, "nobody else is here &lt;today&gt;"));
  CHECK(has(ann, "marram/7-orders"));
  for (const char* content : {"Gull Lane", "the council will pay", "quay.example", "nell.barrow"}) CHECK_FALSE(has(ann, content));
  CHECK(page.act(id, "sam", "release").status == 409);  // looking is not agreeing
  CHECK(place_of(page.post(path_of(id) + "/agree", "ann")) == path_of(id) + "/agree");
  CHECK(has(page.get(path_of(id) + "/agree", "ann"), "Nobody waits for you to agree"));
  CHECK(page.get(path_of("01zzzzzzzzzzzzzzzzzzzzzzzz") + "/agree", "ann").status == 404);

  const Response excepted = page.get(path_of(id), "sam");
  CHECK(has(excepted, "has agreed that you decide"));
  CHECK(has(excepted, "name=\"act\" value=\"release\""));
  CHECK(page.act(id, "sam", "release").status == 303);
  const auto acts = page.office.acts_on(id);
  CHECK(std::find(acts.begin(), acts.end(), "conflict-overridden sam") != acts.end());
}

TEST_CASE("another reviewer can agree on the page of the message") {
  ReviewPage page;
  const std::string id = page.hold(review::fence_mail, {"orders@quay.example", "clerk@marram.example"});
  page.act(id, "sam", "ask", {{"words", "it cannot wait"}});
  CHECK(has(page.get(path_of(id), "tess"), "Somebody asks to decide in spite of a conflict of interest"));
  CHECK(place_of(page.act(id, "tess", "agree")) == done(id, "agree"));
  CHECK_FALSE(has(page.get(path_of(id), "tess"), "Somebody asks to decide"));
}

TEST_CASE("notes and history stand with the message, also when it is decided") {
  ReviewPage page;
  const std::string id = page.hold();
  page.act(id, "tess", "note", {{"words", "Asked the <chair>."}});
  page.act(id, "sam", "return", {{"words", "Please ask me to send this order."}});
  const Response shown = page.get(path_of(id), "sam");
  CHECK(has(shown, "Asked the &lt;chair&gt;."));
  CHECK(has(shown, "tess noted, "));
  CHECK(has(shown, "Words to the sender"));
  CHECK(has(shown, "It is decided."));
  CHECK_FALSE(has(shown, "name=\"act\" value=\"release\""));
  CHECK(has(shown, "by you"));
}

TEST_CASE("refused recipients can be tried again") {
  ReviewPage page;
  const std::string id = page.hold();
  page.act(id, "sam", "release");
  CHECK_FALSE(has(page.get(path_of(id), "sam"), "value=\"again\""));
  must(page.office.store.mark_sending(id, {"orders@quay.example"}, page.now));
  must(page.office.store.record_deliveries(id, {{"orders@quay.example", store::Store::Delivery::Outcome::refused, "550 <no> such user"}}, page.now, nullptr));
  const Response shown = page.get(path_of(id), "sam");
  CHECK(has(shown, "value=\"again\""));
  CHECK(has(shown, "550 &lt;no&gt; such user"));
  CHECK(place_of(page.act(id, "sam", "again")) == done(id, "again"));
}

TEST_CASE("what was forgotten leaves who decided") {
  ReviewPage page;
  const std::string id = page.hold();
  page.act(id, "sam", "return", {{"words", "No."}});
  page.now += std::chrono::minutes(5);
  must(page.office.store.purge({.decided = page.now}, page.now));
  const Response shown = page.get(path_of(id), "sam");
  REQUIRE(shown.status == 200);
  CHECK(has(shown, "Its content was forgotten"));
  CHECK(has(shown, "Returned"));
  CHECK_FALSE(has(shown, "Gull Lane"));
  CHECK_FALSE(has(shown, "will pay"));
  CHECK(page.get(path_of(id) + "/original", "sam").status == 404);
  CHECK(page.get(path_of(id) + "/part/0", "sam").status == 404);
  CHECK(has(page.get("/inbox", "sam", {{"show", "decided"}}), "(content forgotten)"));
}

TEST_CASE("where mail goes back by itself, the day is shown") {
  ReviewPage page;
  const std::string id = page.hold();
  CHECK_FALSE(has(page.get(path_of(id), "sam"), "Goes back to the sender"));
  page.in_force->settings.review.return_after_days = 7;
  const Response shown = page.get(path_of(id), "sam");
  CHECK(has(shown, "Goes back to the sender"));
  CHECK(has(shown, "1 December 2026"));
}

}  // namespace beadle::web
