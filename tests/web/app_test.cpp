// Which address shows which page, who may see it, and what is checked before any page runs.
#include "web/app.h"

#include "base/limits.h"
#include "review_page.h"

namespace beadle::web {
namespace {

struct Way {
  std::string_view method, path;  // "ID" stands for a held message
  std::string_view may;           // who of sam, ann and ada
  int status;                     // for those
};

// POST without fields: what matters is whether the act is reached.
constexpr Way ways[] = {
    {"GET", "/", "sam ann ada", 303},
    {"GET", "/inbox", "sam", 200},
    {"GET", "/held/ID", "sam", 200},
    {"GET", "/held/ID/part/0", "sam", 404},
    {"GET", "/held/ID/original", "sam", 200},
    {"POST", "/held/ID/act", "sam", 400},
    {"GET", "/held/ID/agree", "sam ann", 200},
    {"POST", "/held/ID/agree", "sam ann", 409},
    {"GET", "/people", "sam ann ada", 200},
    {"GET", "/rules", "sam ann ada", 200},
    {"GET", "/register", "sam ann", 200},
    {"GET", "/register/export", "sam ann", 200},
    {"GET", "/figures", "sam ann ada", 200},
    {"GET", "/report", "sam ann ada", 200},
    {"GET", "/accounts", "ada", 200},
    {"GET", "/account", "sam ann ada", 200},
    {"POST", "/account", "sam ann ada", 200},
    {"POST", "/sign-out", "sam ann ada", 303},
};

std::string with_id(std::string_view path, const std::string& id) {
  std::string out(path);
  if (const std::size_t at = out.find("ID"); at != std::string::npos) out.replace(at, 2, id);
  return out;
}

Request request_of(const Way& way, const std::string& id, const std::string& who) {
  Request request = ReviewPage::form(with_id(way.path, id), who);
  request.method = way.method;
  if (way.method == "GET") request.form.clear();
  return request;
}

}  // namespace

TEST_CASE("each role reaches its own pages, and no other") {
  for (const Way& way : ways) {
    for (const std::string who : {"sam", "ann", "ada"}) {
      INFO(way.method << " " << way.path << " by " << who);
      ReviewPage page;
      const std::string id = page.hold();
      const Response response = page.answer(request_of(way, id, who));
      if (way.may.find(who) != std::string_view::npos) {
        CHECK(response.status == way.status);
        continue;
      }
      CHECK(response.status == 403);
      CHECK(has(response, "You cannot see this page"));
      CHECK_FALSE(has(response, "Gull Lane"));
      CHECK_FALSE(has(response, "quay.example"));
      CHECK(page.office.acts_on(id) == std::vector<std::string>{"held beadle"});
    }
  }
}

TEST_CASE("who is not signed in is asked to, and led to the page afterwards") {
  ReviewPage page;
  const std::string id = page.hold();
  for (const Way& way : ways) {
    INFO(way.method << " " << way.path);
    const Response response = page.answer(request_of(way, id, ""));
    CHECK(response.status == 303);
    const std::string path = with_id(way.path, id);
    const bool leads_back = way.method == "GET" && path != "/";
    CHECK(place_of(response) == (leads_back ? "/sign-in?next=" + url_encoded(path) : "/sign-in"));
    CHECK(response.body.empty());
  }
  CHECK(page.office.acts_on(id) == std::vector<std::string>{"held beadle"});
  // A cookie that means nothing is taken away.
  Request stale = ReviewPage::request("GET", "/inbox", "");
  stale.cookies.emplace_back(session_cookie, "guessed");
  CHECK(cookie_set(page.answer(stale), session_cookie) == "");
  CHECK_FALSE(cookie_set(page.get("/inbox", ""), session_cookie));
}

TEST_CASE("somebody with two roles may do what either allows; without any, only look after the own account") {
  ReviewPage page;
  must(page.office.accounts.add(review::account("both", "both@marram.example", {"auditor", "administrator"}), "root", page.now));
  must(page.office.accounts.add(review::account("none", "none@marram.example", {"reviewer"}), "root", page.now));
  must(page.office.accounts.set_roles("none", {}, "root", page.now));
  page.sign_in("both");
  page.sign_in("none");
  CHECK(page.get("/register", "both").status == 200);
  CHECK(page.get("/accounts", "both").status == 200);
  CHECK(page.get("/inbox", "both").status == 403);
  CHECK(page.get("/account", "none").status == 200);
  CHECK(page.get("/figures", "none").status == 403);
}

TEST_CASE("the first page is the one that the role is for") {
  ReviewPage page;
  CHECK(place_of(page.get("/", "sam")) == "/inbox");
  CHECK(place_of(page.get("/", "ann")) == "/register");
  CHECK(place_of(page.get("/", "ada")) == "/figures");
}

TEST_CASE("the menu has what the visitor may see") {
  ReviewPage page;
  const Response sam = page.get("/people", "sam"), ann = page.get("/people", "ann"), ada = page.get("/people", "ada");
  for (const auto& [path, may] : {std::pair("/inbox", "sam"), {"/register", "sam ann"}, {"/figures", "sam ann ada"}, {"/report", "sam ann ada"},
                                  {"/people", "sam ann ada"}, {"/rules", "sam ann ada"}, {"/accounts", "ada"}}) {
    INFO(path);
    const std::string link = std::string("href=\"") + path + "\"";
    CHECK(has(sam, link) == (std::string_view(may).find("sam") != std::string_view::npos));
    CHECK(has(ann, link) == (std::string_view(may).find("ann") != std::string_view::npos));
    CHECK(has(ada, link) == (std::string_view(may).find("ada") != std::string_view::npos));
  }
}

TEST_CASE("a form needs the token of its own session") {
  ReviewPage page;
  const std::string id = page.hold();
  for (const std::string& token : {std::string(), std::string("guessed"), ReviewPage::csrf_of("tess"), ReviewPage::csrf_of("sam") + "x", ReviewPage::token_of("sam")}) {
    INFO(token);
    Request request = ReviewPage::request("POST", "/held/" + id + "/act", "sam");
    request.form = {{"act", "release"}, {"csrf", token}};
    const Response response = page.answer(request);
    CHECK(response.status == 403);
    CHECK(has(response, "This form has expired"));
    CHECK(page.office.state(id) == store::HeldState::held);
  }
  Request without = ReviewPage::request("POST", "/held/" + id + "/act", "sam");
  without.form = {{"act", "release"}};
  CHECK(page.answer(without).status == 403);
  // In the address it counts for nothing.
  without.query = {{"csrf", ReviewPage::csrf_of("sam")}};
  CHECK(page.answer(without).status == 403);
  CHECK(page.office.state(id) == store::HeldState::held);
  // Signing somebody out is an act too.
  CHECK(page.answer(ReviewPage::request("POST", "/sign-out", "sam")).status == 403);
  CHECK(page.get("/inbox", "sam").status == 200);
}

TEST_CASE("a form that another site sent does nothing, even with the token") {
  ReviewPage page;
  const std::string id = page.hold();
  const std::pair<std::string, std::string> foreign[] = {
      {"sec-fetch-site", "cross-site"},       {"sec-fetch-site", "same-site"},   {"sec-fetch-site", "none"},
      {"origin", "null"},                     {"origin", "https://evil.example"}, {"origin", "https://review.marram.example.evil.example"},
      {"origin", "review.marram.example"},    {"origin", "https://review.marram.example:8443"}};
  for (const auto& field : foreign) {
    INFO(field.first << ": " << field.second);
    Request request = ReviewPage::form("/held/" + id + "/act", "sam", {{"act", "release"}});
    request.headers.push_back(field);
    CHECK(page.answer(request).status == 403);
    CHECK(page.office.state(id) == store::HeldState::held);
    Request guest = ReviewPage::form("/sign-in", "", {{"name", "sam"}});
    guest.headers.push_back(field);
    CHECK(page.answer(guest).status == 403);
    // Reading is not acting: a link in a notice comes from elsewhere.
    Request reading = ReviewPage::request("GET", "/held/" + id, "sam");
    reading.headers.push_back(field);
    CHECK(page.answer(reading).status == 200);
  }
  Request own = ReviewPage::form("/held/" + id + "/act", "sam", {{"act", "claim"}});
  own.headers.emplace_back("sec-fetch-site", "same-origin");
  own.headers.emplace_back("origin", "https://REVIEW.marram.example");
  CHECK(page.answer(own).status == 303);
}

TEST_CASE("HEAD asks for what GET shows; what an address is not for is said") {
  ReviewPage page;
  const std::string id = page.hold();
  CHECK(page.answer(ReviewPage::request("HEAD", "/inbox", "sam")).status == 200);
  CHECK(page.answer(ReviewPage::request("HEAD", "/inbox", "ann")).status == 403);
  const Response inbox = page.post("/inbox", "sam");
  CHECK(inbox.status == 405);
  CHECK(header_of(inbox, "Allow") == "GET, HEAD");
  const Response act = page.get("/held/" + id + "/act", "sam");
  CHECK(act.status == 405);
  CHECK(header_of(act, "Allow") == "POST");
  CHECK(page.answer(ReviewPage::request("HEAD", "/held/" + id + "/act", "sam")).status == 405);
  CHECK(page.get("/sign-out", "sam").status == 405);
  CHECK(page.get("/inbox", "sam").status == 200);
}

TEST_CASE("what is not in the table of routes is not there") {
  ReviewPage page;
  const std::string id = page.hold();
  for (const std::string& path : {std::string("/nothing"), std::string("/inbox/"), "/held/" + id + "/", "/held/" + id + "/part/", "/held/" + id + "/part/1/2",
                                 std::string("/held/"), std::string("/Inbox"), std::string("/register/export/all")}) {
    INFO(path);
    const Response response = page.get(path, "sam");
    CHECK(response.status == 404);
    CHECK(has(response, "There is nothing at this address"));
  }
  CHECK(page.get("/held/01zzzzzzzzzzzzzzzzzzzzzzzz", "sam").status == 404);
  CHECK(page.get("/assets/app.css", "").status == 404);  // there is no front end here
  CHECK(place_of(page.get("/sender/a/b", "")) == "/sign-in");
}

TEST_CASE("a session ends when nobody was there for half an hour, and after ten hours in any case") {
  ReviewPage page;
  const Time begun = page.now;
  page.now = begun + std::chrono::milliseconds(limits::session_idle_ms) - std::chrono::seconds(1);
  CHECK(page.get("/inbox", "sam").status == 200);
  page.now += std::chrono::milliseconds(limits::session_idle_ms) - std::chrono::seconds(1);
  CHECK(page.get("/inbox", "sam").status == 200);  // seen since
  const Response idle = page.get("/inbox", "tess");
  CHECK(place_of(idle) == "/sign-in?next=%2Finbox");
  CHECK(cookie_set(idle, session_cookie) == "");
  const Time last = begun + std::chrono::milliseconds(limits::session_age_ms);
  for (; page.now < last; page.now += std::chrono::minutes(20)) CHECK(page.get("/inbox", "sam").status == 200);
  page.now = last + std::chrono::seconds(1);
  CHECK(page.get("/inbox", "sam").status == 303);
}

TEST_CASE("whoever is locked, or has other roles now, is signed out") {
  ReviewPage page;
  must(page.office.accounts.set_disabled("sam", true, "root", page.now));
  CHECK(page.get("/inbox", "sam").status == 303);
  must(page.office.accounts.set_roles("tess", {"auditor"}, "root", page.now));
  CHECK(page.get("/inbox", "tess").status == 303);
  page.sign_in("tess");
  CHECK(page.get("/inbox", "tess").status == 403);
}

TEST_CASE("where everybody needs a second factor, who has none sees the page to set it up only") {
  ReviewPage page;
  const std::string id = page.hold();
  page.in_force->settings.web.second_factor = true;
  for (const std::string& path : {std::string("/"), std::string("/inbox"), "/held/" + id, std::string("/nothing")}) {
    INFO(path);
    const Response response = page.get(path, "sam");
    CHECK(response.status == 303);
    CHECK(place_of(response) == "/account");
  }
  CHECK(page.act(id, "sam", "release").status == 303);
  CHECK(page.office.state(id) == store::HeldState::held);
  CHECK(has(page.get("/account", "sam"), "Your council asks for codes from a telephone"));
  must(page.office.accounts.set_totp("tess", std::string(20, 'k'), "root", page.now));
  CHECK(page.get("/inbox", "tess").status == 200);
  CHECK_FALSE(has(page.get("/account", "tess"), "Your council asks for codes"));
  CHECK(place_of(page.post("/sign-out", "sam")) == "/sign-in");
}

TEST_CASE("signing out ends the session on the server") {
  ReviewPage page;
  const Response out = page.post("/sign-out", "sam");
  CHECK(out.status == 303);
  CHECK(place_of(out) == "/sign-in");
  CHECK(cookie_set(out, session_cookie) == "");
  CHECK(page.get("/inbox", "sam").status == 303);
  CHECK(page.get("/inbox", "tess").status == 200);
}

TEST_CASE("who watches the service learns that the store answers, and nothing else") {
  ReviewPage page;
  page.hold();
  const Response health = page.get("/health", "");
  CHECK(health.status == 200);
  CHECK(health.body == "ok\n");
  CHECK(health.type == "text/plain; charset=utf-8");
}

TEST_CASE("what failed has the status of its kind") {
  ReviewPage page;
  Turns turns(1);
  const StaticFiles assets;
  const World world{page.office.store, [&] { return page.in_force; }, assets, [&] { return page.now; }, nullptr, turns};
  const Request request = ReviewPage::request("GET", "/", "");
  const Guest guest{world, request, page.now, page.in_force, ""};
  const std::pair<ErrorKind, int> kinds[] = {{ErrorKind::not_found, 404}, {ErrorKind::refused, 409},      {ErrorKind::try_later, 503}, {ErrorKind::bad_data, 500},
                                             {ErrorKind::usage, 400},     {ErrorKind::bad_settings, 500}, {ErrorKind::bad_rule, 500}};
  for (const auto& [kind, status] : kinds) {
    INFO(status);
    const Response response = failure_page(guest, {kind, "why <b>it</b> is so"});
    CHECK(response.status == status);
    CHECK(has(response, "why &lt;b&gt;it&lt;/b&gt; is so"));
  }
}

}  // namespace beadle::web
