// The review page of an invented town over a store in memory: people who are signed in, mail that is held, a clock that is moved by hand.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../review/desk.h"
#include "../rules/helpers.h"
#include "web/app.h"
#include "web/pages.h"

namespace beadle::web {

using review::at;
using review::must;

/// One pack with two clauses, over the town of tests/data/review. Compiled once.
inline std::shared_ptr<const inspect::Policy> page_policy() {
  static const std::shared_ptr<const inspect::Policy> made = [] {
    const std::string pack = R"(
[protocol]
name = "marram"
title = "Protocol on correspondence"
council = "Marram Town Council"
[[rule]]
clause = "7-orders"
family = "member-obligation"
action = "hold"
says = "Councillors place no orders."
[[rule.when]]
sender = ["councillor"]
[[rule.matches]]
from = "councillor"
text = "Hello."
[[rule.passes]]
from = "clerk"
text = "Hello."
[[rule]]
clause = "2-copies"
family = "silent-copy"
action = "annotate"
says = "Copies are shown."
[[rule.when]]
recipients-any = ["councillor blind"]
[[rule.matches]]
bcc = ["councillor"]
text = "Hello."
[[rule.passes]]
text = "Hello."
)";
    Problems problems;
    auto rules = rules::compile({pack}, {}, problems);
    INFO(to_string(problems));
    REQUIRE(rules);
    auto policy = std::make_shared<inspect::Policy>(*review::quiet_policy());
    policy->rules = std::make_shared<const rules::RuleSet>(std::move(*rules));
    policy->digest = "0123456789ab";
    return policy;
  }();
  return made;
}

inline inspect::Verdict order_verdict() {
  inspect::Finding order;
  order.clause = "marram/7-orders";
  order.family = "member-obligation";
  order.action = inspect::Action::hold;
  order.says = "Councillors do not place orders; officers do.";
  order.cure = "Ask the clerk to place the order.";
  order.evidence = {{"1", "own", "the council will pay"}};
  inspect::Verdict verdict;
  verdict.action = verdict.enforced = inspect::Action::hold;
  verdict.findings = {order};
  return verdict;
}

/// The first value of a header field, "" where there is none.
inline std::string header_of(const Response& response, std::string_view name) {
  for (const auto& [known, value] : response.headers) {
    if (known == name) return value;
  }
  return "";
}
inline std::string place_of(const Response& response) { return header_of(response, "Location"); }
/// What a response sets the cookie to; nullopt: it leaves it alone.
inline std::optional<std::string> cookie_set(const Response& response, std::string_view name) {
  for (const auto& [known, value] : response.headers) {
    if (known == "Set-Cookie" && value.starts_with(std::string(name) + "=")) return value.substr(name.size() + 1, value.find(';') - name.size() - 1);
  }
  return std::nullopt;
}

inline bool has(const Response& response, std::string_view words) { return response.body.find(words) != std::string::npos; }

/// Sam and Tess review, Ann audits, Ada administers; all are signed in, each with a session of the name.
class ReviewPage {
 public:
  review::Office office;
  std::shared_ptr<InForce> in_force = std::make_shared<InForce>();
  Time now = at(100);

  ReviewPage() {
    in_force->policy = page_policy();
    in_force->catalogues = review::catalogues();
    in_force->notices = review::writer();
    in_force->settings.protocol = "marram";
    for (const std::string name : {"sam", "tess", "ann", "ada"}) sign_in(name);
  }

  static std::string token_of(const std::string& who) { return std::string(64 - who.size(), '0') + who; }
  static std::string csrf_of(const std::string& who) { return "csrf-of-" + who; }
  /// Again, where the session has ended, or is there still.
  void sign_in(const std::string& who) {
    (void)office.accounts.end_session(token_of(who), who, now);
    must(office.accounts.begin_session(token_of(who), who, csrf_of(who), now));
  }

  /// `who` "": nobody.
  static Request request(std::string method, std::string path, const std::string& who, Pairs query = {}) {
    Request made;
    made.method = std::move(method);
    made.path = std::move(path);
    made.query = std::move(query);
    made.peer = "192.0.2.7";
    made.secure = true;
    made.headers = {{"host", "review.marram.example"}};
    if (!who.empty()) made.cookies.emplace_back(session_cookie, token_of(who));
    return made;
  }
  /// A form of a page that `who` has open.
  static Request form(std::string path, const std::string& who, Pairs fields = {}) {
    Request made = request("POST", std::move(path), who);
    made.form = std::move(fields);
    if (!who.empty()) made.form.emplace_back("csrf", csrf_of(who));
    return made;
  }

  Response answer(const Request& request) { return app_(request); }
  Response get(const std::string& path, const std::string& who, const Pairs& query = {}) { return answer(request("GET", path, who, query)); }
  Response post(const std::string& path, const std::string& who, const Pairs& fields = {}) { return answer(form(path, who, fields)); }
  Response act(const std::string& id, const std::string& who, const std::string& act, Pairs fields = {}) {
    fields.insert(fields.begin(), {"act", act});
    return post("/held/" + id + "/act", who, fields);
  }

  std::string hold(const std::string& text = review::fence_mail, std::vector<std::string> recipients = {"orders@quay.example"}) {
    return office.hold(text, std::move(recipients), "", order_verdict());
  }
  std::size_t acts_named(const std::string& act) {
    store::RegisterQuery query;
    query.act = act;
    return must(office.desk.register_rows(query)).size();
  }

 private:
  Turns turns_{2};
  StaticFiles assets_;
  App app_{{.store = office.store, .in_force = [this] { return in_force; }, .assets = assets_, .clock = [this] { return now; }, .documents = nullptr, .sign_ins = turns_}};
};

}  // namespace beadle::web
