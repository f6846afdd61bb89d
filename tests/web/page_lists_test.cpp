// Inbox, register and report: filters, pages, exports.
#include <nlohmann/json.hpp>

#include "review_page.h"
#include "store/cursors.h"

namespace beadle::web {
namespace {

const std::string pond_mail =
    "From: Desmond Pike <desmond.pike@marram.example>\nTo: rosa@pond.example\nSubject: The pond at Mill Green\nMessage-ID: <pond-1@marram.example>\n\nIt leaks.\n";

/// Two messages: of the fence, which Sam has taken on, and of the pond.
struct Two : ReviewPage {
  std::string fence = hold();
  std::string pond = hold(pond_mail, {"rosa@pond.example"});
  Two() { act(fence, "sam", "claim"); }
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\r\n", at);
    lines.push_back(text.substr(at, end - at));
    at = end == std::string::npos ? text.size() : end + 2;
  }
  return lines;
}

/// How many rows a page of the register has.
std::size_t rows_of(const Response& response) {
  std::size_t rows = 0;
  for (std::size_t at = response.body.find("<time"); at != std::string::npos; at = response.body.find("<time", at + 1)) ++rows;
  return rows;
}

}  // namespace

TEST_CASE("the inbox has what waits, oldest first, and who has taken it on") {
  Two page;
  const Response inbox = page.get("/inbox", "sam");
  REQUIRE(inbox.status == 200);
  const std::size_t fence = inbox.body.find("The fence at Gull Lane"), pond = inbox.body.find("The pond at Mill Green");
  REQUIRE(fence != std::string::npos);
  REQUIRE(pond != std::string::npos);
  CHECK(fence < pond);
  CHECK(has(inbox, "Waiting for a decision (2)"));
  CHECK(has(inbox, "Nell Barrow"));
  CHECK(has(inbox, ">you<"));
  CHECK(has(page.get("/inbox", "tess"), ">sam<"));
  CHECK_FALSE(has(inbox, "Overdue"));
}

TEST_CASE("the inbox is filtered") {
  Two page;
  const auto both = [&](const Pairs& query) {
    const Response inbox = page.get("/inbox", "sam", query);
    CHECK(inbox.status == 200);
    return std::string(has(inbox, "Gull Lane") ? "fence " : "") + (has(inbox, "Mill Green") ? "pond" : "");
  };
  CHECK(both({{"q", "fence"}}) == "fence ");
  CHECK(both({{"q", "rosa@pond.example"}}) == "pond");
  CHECK(both({{"q", "nothing"}}) == "");
  CHECK(both({{"who", "me"}}) == "fence ");
  CHECK(both({{"who", "nobody"}}) == "pond");
  CHECK(both({{"who", "anything else"}}) == "fence pond");
  CHECK(both({{"clause", "marram/7-orders"}}) == "fence pond");
  CHECK(both({{"clause", "marram/9"}}) == "");
  CHECK(both({{"from", "2026-11-24"}, {"until", "2026-11-24"}}) == "fence pond");
  CHECK(both({{"from", "2026-11-25"}}) == "");
  CHECK(both({{"until", "2026-11-23"}}) == "");
  CHECK(both({{"show", "decided"}}) == "");
  CHECK(both({{"show", "all"}}) == "fence pond");
  CHECK(both({{"show", "no such"}}) == "fence pond");
  page.act(page.fence, "sam", "return", {{"words", "No."}});
  CHECK(both({}) == "pond");
  CHECK(both({{"show", "decided"}}) == "fence ");
  CHECK(has(page.get("/inbox", "sam", {{"q", "nothing"}}), "Nothing fits these filters."));
  CHECK(has(page.get("/inbox", "sam", {{"show", "sending"}}), "There is nothing here."));
}

TEST_CASE("what cannot be a day is said at its field, and what was typed stays there") {
  Two page;
  for (const char* field : {"from", "until"}) {
    for (const char* day : {"yesterday", "2026-02-30", "24/11/2026", "2026-13-01", "<b>"}) {
      INFO(field << " " << day);
      for (const char* path : {"/inbox", "/register"}) {
        const Response shown = page.get(path, "sam", {{field, day}});
        CHECK(shown.status == 200);
        CHECK(has(shown, "<title>Error: "));
        CHECK(has(shown, "href=\"#" + std::string(field) + "\""));
        CHECK(has(shown, "Enter a day as year, month and day"));
        CHECK_FALSE(has(shown, "<b>"));
      }
      CHECK(page.get("/register/export", "sam", {{field, day}}).status == 400);
    }
  }
}

TEST_CASE("what has waited for too long is marked, and when it goes back") {
  Two page;
  page.now += std::chrono::hours(49);
  page.sign_in("sam");
  const Request request = ReviewPage::request("GET", "/inbox", "sam");
  CHECK(has(page.answer(request), "Overdue"));
  CHECK_FALSE(has(page.answer(request), "goes back to the sender"));
  page.in_force->settings.review.return_after_days = 7;
  CHECK(has(page.answer(request), "goes back to the sender on 1 December 2026"));
  page.in_force->settings.review.escalate_after_hours = 72;
  CHECK_FALSE(has(page.answer(request), "Overdue"));
}

TEST_CASE("a long inbox comes in pages that lose no message and repeat none, and keep the filters") {
  ReviewPage page;
  static constexpr int count = 120;
  for (int i = 0; i < count; ++i) page.hold();
  Pairs query = {{"q", "fence"}};
  std::vector<std::string> seen;
  int pages = 0;
  for (bool more = true; more && pages < 10; ++pages) {
    const Response inbox = page.get("/inbox", "sam", query);
    for (std::size_t at = inbox.body.find("href=\"/held/"); at != std::string::npos; at = inbox.body.find("href=\"/held/", at + 1)) {
      seen.push_back(inbox.body.substr(at + 12, inbox.body.find('"', at + 12) - at - 12));
    }
    CHECK(has(inbox, "Back to the beginning") == (pages > 0));
    const std::string next = "href=\"/inbox?q=fence&amp;after=";
    const std::size_t at = inbox.body.find(next);
    more = at != std::string::npos;
    if (more) query = {{"q", "fence"}, {"after", inbox.body.substr(at + next.size(), inbox.body.find('"', at + next.size()) - at - next.size())}};
  }
  CHECK(pages == 3);
  CHECK(seen.size() == count);
  std::sort(seen.begin(), seen.end());
  CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
}

TEST_CASE("the register has every act, and links for those who may read mail only") {
  Two page;
  const Response sam = page.get("/register", "sam"), ann = page.get("/register", "ann");
  CHECK(has(sam, "claimed"));
  CHECK(has(sam, "href=\"/held/" + page.fence + "\""));
  CHECK(has(ann, page.fence));
  CHECK_FALSE(has(ann, "href=\"/held/"));
  for (const Response* one : {&sam, &ann}) CHECK_FALSE(has(*one, "Gull Lane"));
  CHECK(rows_of(page.get("/register", "ann", {{"act", "held"}})) == 2);
  CHECK(rows_of(page.get("/register", "ann", {{"act", "held"}, {"who", "sam"}})) == 0);
  CHECK(rows_of(page.get("/register", "ann", {{"held", " " + page.pond + " "}})) == 1);
  CHECK(rows_of(page.get("/register", "ann", {{"from", "2026-11-25"}})) == 0);
  CHECK(has(page.get("/register", "ann", {{"act", "no-such"}}), "No act fits these filters."));
}

TEST_CASE("the register comes in pages, newest first, and keeps its filters") {
  ReviewPage page;
  for (int i = 0; i < 150; ++i) must(page.office.store.audit("tried", "root", "", "{}", page.now));
  const Response first = page.get("/register", "ann", {{"act", "tried"}});
  CHECK(rows_of(first) == 100);
  const std::string next = "href=\"/register?act=tried&amp;before=";
  const std::size_t at = first.body.find(next);
  REQUIRE(at != std::string::npos);
  const std::string before = first.body.substr(at + next.size(), first.body.find('"', at + next.size()) - at - next.size());
  const Response second = page.get("/register", "ann", {{"act", "tried"}, {"before", before}});
  CHECK(rows_of(second) == 50);
  CHECK(has(second, "Back to the newest"));
  CHECK_FALSE(has(second, "Earlier acts"));
  for (const char* bad : {"x", "-5", "1e9", "99999999999999999999", "1 2"}) {
    INFO(bad);
    CHECK(rows_of(page.get("/register", "ann", {{"act", "tried"}, {"before", bad}})) == 100);
  }
}

TEST_CASE("an export has every row that fits, and is an act itself") {
  ReviewPage page;
  for (int i = 0; i < 150; ++i) must(page.office.store.audit("tried", "root", "", "{}", page.now));
  const Response csv = page.get("/register/export", "ann", {{"act", "tried"}});
  REQUIRE(csv.status == 200);
  CHECK(csv.type == "text/csv; charset=utf-8");
  CHECK(header_of(csv, "Content-Disposition") == "attachment; filename=\"register.csv\"");
  const auto lines = lines_of(csv.body);
  REQUIRE(lines.size() == 151);
  CHECK(lines[0] == "number,at,act,who,held,detail,hash");
  CHECK(page.acts_named("exported") == 1);
  const Response json = page.get("/register/export", "ann", {{"act", "tried"}, {"as", "json"}});
  CHECK(json.type == "application/json");
  const auto rows = nlohmann::json::parse(json.body);
  REQUIRE(rows.size() == 150);
  CHECK(rows[0]["act"] == "tried");
  CHECK(rows[0]["detail"].is_object());
  CHECK(rows[0]["hash"].get<std::string>().size() == 64);
  CHECK(nlohmann::json::parse(page.get("/register/export", "ann", {{"act", "none"}, {"as", "json"}}).body).empty());
}

TEST_CASE("no cell of the CSV file is a formula to a spreadsheet") {
  ReviewPage page;
  for (const char* who : {"=1+1", "+44 20", "-2", "@SUM(A1)", "\t=1", "\r=1", "say \"hello\", you"}) must(page.office.store.audit("tried", who, "", "{}", page.now));
  const Response csv = page.get("/register/export", "ann", {{"act", "tried"}});
  for (const char* cell : {",\"'=1+1\",", ",\"'+44 20\",", ",\"'-2\",", ",\"'@SUM(A1)\",", ",\"'\t=1\",", ",\"'\r=1\",", ",\"say \"\"hello\"\", you\","}) {
    INFO(cell);
    CHECK(has(csv, cell));
  }
}

TEST_CASE("the report is of the last whole quarter, of another one, or of none") {
  ReviewPage page;
  const Response usual = page.get("/report", "ada");
  REQUIRE(usual.status == 200);
  CHECK(has(usual, "July to September 2026"));
  CHECK_FALSE(has(usual, "This quarter is not over"));
  const Response running = page.get("/report", "ada", {{"quarter", "2026-Q4"}});
  CHECK(has(running, "This quarter is not over"));
  for (const char* bad : {"2026-Q5", "2026-Q0", "2026", "Q4", "2026-Q4 ", "<b>", "99999999-Q1"}) {
    INFO(bad);
    const Response refused = page.get("/report", "ada", {{"quarter", bad}});
    CHECK(refused.status == 400);
    CHECK(has(refused, "A quarter is written as in 2026-Q4"));
    CHECK_FALSE(has(refused, "<b>"));
  }
  const Response json = page.get("/report", "ada", {{"quarter", "2026-Q4"}, {"as", "json"}});
  CHECK(json.type == "application/json");
  CHECK(header_of(json, "Content-Disposition") == "attachment; filename=\"report-2026-Q4.json\"");
  CHECK(nlohmann::json::parse(json.body).is_object());
}

TEST_CASE("rules are shown as in force: what the council changed, and what is not checked") {
  ReviewPage page;
  const Response shown = page.get("/rules", "ada");
  REQUIRE(shown.status == 200);
  CHECK(has(shown, "Section 7, orders"));
  CHECK(has(shown, "is held for a person to decide"));
  CHECK(has(shown, "0123456789ab"));
  auto policy = std::make_shared<inspect::Policy>(*page.in_force->policy);
  policy->overrides["marram/7-orders"] = {rules::Action::flag, std::nullopt};
  policy->overrides["marram/2-copies"] = {std::nullopt, rules::Mode::off};
  page.in_force->policy = policy;
  const Response changed = page.get("/rules", "ada");
  CHECK_FALSE(has(changed, "is held for a person to decide"));
  CHECK(has(changed, "is noted in the register"));
  CHECK(has(changed, "This is switched off."));
  policy = std::make_shared<inspect::Policy>(*policy);
  policy->mode = rules::Mode::observe;
  page.in_force->policy = policy;
  CHECK(has(page.get("/rules", "ada"), "Beadle only observes"));
  policy = std::make_shared<inspect::Policy>(*policy);
  policy->protocol = "elsewhere";
  page.in_force->policy = policy;
  CHECK(page.get("/rules", "ada").status == 500);
}

TEST_CASE("people are shown with all their addresses, figures without names") {
  Two page;
  const Response people = page.get("/people", "ann");
  for (const char* words : {"Nell Barrow", "nell@barrow-family.example", "Desmond Pike", "Tess Orme", "members@marram.example", "*@gazette.example"}) CHECK(has(people, words));
  const Response figures = page.get("/figures", "ann");
  REQUIRE(figures.status == 200);
  for (const char* name : {"nell.barrow", "Nell Barrow", "Gull Lane", "quay.example"}) CHECK_FALSE(has(figures, name));
  CHECK(has(figures, "waiting now"));
}

TEST_CASE("the page of figures counts what went past the filter, as beadle coverage does") {
  Two page;
  CHECK(has(page.get("/figures", "ann"), "No mailbox has been looked at"));
  store::Cursors cursors(page.office.store);
  const auto before = cursors.find("nell.barrow at imap.marram.example", "Sent");
  REQUIRE(before);
  store::Cursor after = *before;
  after.uid_validity = after.uid = 1;
  after.messages = 4321;
  after.never_seen = 1234;
  REQUIRE(cursors.advance(*before, after, {}, from_ms(5)));
  const Response figures = page.get("/figures", "ann");
  for (const char* words : {"What went past the filter", "4,321", "1,234", "Councillors without a mailbox of the council"}) CHECK(has(figures, words));
  CHECK_FALSE(has(figures, "nell.barrow"));
  CHECK_FALSE(has(figures, "No mailbox has been looked at"));
}

}  // namespace beadle::web
