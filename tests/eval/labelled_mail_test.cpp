// Labelled messages: how cases are read, how verdicts are held against labels and counted. The small parish of tests/data/cli is judged.
#include "eval/labelled_mail.h"

#include "config/settings.h"

#include "catch.h"

namespace beadle::eval {
namespace {

const std::string parish = std::string(BEADLE_TEST_DATA) + "/cli/parish";

constexpr std::string_view good =
    R"({"id": "a", "eml": "a.eml", "mail_from": "x@y.example", "rcpt_to": ["z@y.example"], "kind": "breach", "why": "w", "after": ["b"], )"
    R"("expect": {"action": "annotate", "clauses": ["parish/1"], "may": ["parish/2"], "footer": ["Jane Holt"]}})";

std::vector<Case> parsed(std::string_view text) {
  Problems problems;
  auto cases = parse_cases(text, "cases.jsonl", problems);
  INFO(to_string(problems));
  REQUIRE(cases);
  return std::move(*cases);
}

std::string mistakes(std::string_view text) {
  Problems problems;
  CHECK(!parse_cases(text, "cases.jsonl", problems));
  return to_string(problems);
}

std::string with(std::string text, std::string_view what, std::string_view by) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

Evaluation judge(const std::vector<Case>& cases, std::vector<std::string>* steps = nullptr) {
  config::Settings settings;
  settings.roster = parish + "/mail/roster.toml";
  settings.protocol = "parish";
  settings.rules_directory = parish;
  Problems problems;
  auto policy = config::load_policy(settings, problems);
  INFO(to_string(problems));
  REQUIRE(policy);
  policy->mode = rules::Mode::enforce;
  auto evaluation = evaluate(parish + "/mail", cases, *policy, {}, [&](std::size_t done, std::size_t all) {
    if (steps != nullptr) steps->push_back(std::to_string(done) + " of " + std::to_string(all));
  });
  REQUIRE(evaluation);
  return std::move(*evaluation);
}

Case labelled(const std::string& eml, std::vector<std::string> recipients, rules::Action action, std::set<std::string> clauses) {
  Case out;
  out.id = eml;
  out.eml = eml;
  out.envelope.sender = eml == "gate.eml" ? "clerk@council.example" : "councillor@council.example";
  out.envelope.recipients = std::move(recipients);
  out.expected.action = action;
  out.expected.clauses = std::move(clauses);
  return out;
}

}  // namespace

TEST_CASE("a case is read whole") {
  const auto cases = parsed("\n" + std::string(good) + "\r\n\n");
  REQUIRE(cases.size() == 1);
  const Case& one = cases[0];
  CHECK(one.id == "a");
  CHECK(one.eml == "a.eml");
  CHECK(one.kind == "breach");
  CHECK(one.why == "w");
  CHECK(one.line == 2);
  CHECK(one.envelope.sender == "x@y.example");
  CHECK(one.envelope.recipients == std::vector<std::string>{"z@y.example"});
  CHECK(one.expected.action == rules::Action::annotate);
  CHECK(one.expected.clauses == std::set<std::string>{"parish/1"});
  CHECK(one.expected.may == std::set<std::string>{"parish/2"});
  CHECK(one.expected.footer == std::set<std::string>{"Jane Holt"});
  CHECK(parsed("").empty());
}

TEST_CASE("every mistake in a file of cases is told with its line") {
  const std::string text(good);
  CHECK(mistakes("no json\n" + text + "\n[]\n") ==
        "cases.jsonl:1:1: is no JSON (one case a line)\ncases.jsonl:3:1: a case is a JSON object (one case a line)\n");
  CHECK(mistakes(with(text, "\"id\"", "\"di\"")) == "cases.jsonl:1:1: id is missing, or no text (one case a line)\n");
  CHECK(mistakes(with(text, "a.eml", "../a.eml")) == "cases.jsonl:1:1: eml is the name of a file in the same folder (one case a line)\n");
  CHECK(mistakes(with(text, "[\"z@y.example\"]", "\"z@y.example\"")) == "cases.jsonl:1:1: rcpt_to is missing, or no list (one case a line)\n");
  CHECK(mistakes(with(text, "[\"parish/1\"]", "[1]")) == "cases.jsonl:1:1: clauses holds something that is no text (one case a line)\n");
  CHECK(mistakes(with(text, "annotate", "annotated")) == "cases.jsonl:1:1: expect.action is pass, flag, annotate or hold (one case a line)\n");
  CHECK(mistakes(with(text, "\"expect\"", "\"expects\"")) == "cases.jsonl:1:1: expect is missing (one case a line)\n");
  CHECK(mistakes(with(text, "\"breach\"", "7")) == "cases.jsonl:1:1: kind is missing, or no text (one case a line)\n");
}

TEST_CASE("the protocol is the one that the labels name") {
  CHECK(protocol_of(parsed(good)) == "parish");
  CHECK(protocol_of({}) == "");
  CHECK(protocol_of(parsed(std::string(good) + "\n" + with(std::string(good), "parish/1", "other/1"))) == "");
}

TEST_CASE("a verdict is right where clauses, action and footer are") {
  std::vector<Case> cases{labelled("gate.eml", {"sam@resident.example"}, rules::Action::pass, {}),
                          labelled("order.eml", {"info@firm.example"}, rules::Action::hold, {"parish/orders"}),
                          labelled("gate.eml", {"sam@resident.example", "councillor@council.example"}, rules::Action::annotate, {"parish/copies"})};
  cases[2].expected.footer = {"Jane Holt"};
  std::vector<std::string> steps;
  const Evaluation evaluation = judge(cases, &steps);
  CHECK(steps == std::vector<std::string>{"0 of 3", "1 of 3", "2 of 3"});
  CHECK(evaluation.right == 3);
  CHECK(evaluation.actions_right == 3);
  CHECK(evaluation.footers_right == 3);
  CHECK(evaluation.all.wanted == 2);
  CHECK(evaluation.all.found == 2);
  CHECK(evaluation.all.false_alarms == 0);
  CHECK(evaluation.by_family.at("member-obligation").found == 1);
  CHECK(evaluation.by_clause.at("parish/copies").recall() == 1);
}

TEST_CASE("what is missed says what failed first, what is found in vain counts as a false alarm") {
  const Evaluation evaluation = judge({labelled("need.eml", {"info@firm.example"}, rules::Action::hold, {"parish/orders"}),
                                       labelled("order.eml", {"info@firm.example"}, rules::Action::pass, {})});
  CHECK(evaluation.right == 0);
  CHECK(evaluation.footers_right == 2);
  REQUIRE(evaluation.cases.size() == 2);
  CHECK(evaluation.cases[0].missing == std::set<std::string>{"parish/orders"});
  CHECK(evaluation.cases[0].reasons == std::vector<std::string>{"parish/orders failed first: cues: order"});
  CHECK(evaluation.cases[1].false_alarms == std::set<std::string>{"parish/orders"});
  CHECK(evaluation.all.recall() == 0);
  CHECK(evaluation.all.precision() == 0);
}

TEST_CASE("a clause that may be found is neither right nor wrong, and one without a rule counts as missed") {
  std::vector<Case> cases{labelled("order.eml", {"info@firm.example"}, rules::Action::hold, {"parish/manners"})};
  cases[0].expected.may = {"parish/orders"};
  const Evaluation evaluation = judge(cases);
  CHECK(evaluation.all.false_alarms == 0);
  CHECK(evaluation.all.wanted == 1);
  CHECK(evaluation.all.found == 0);
  CHECK(evaluation.by_family.at("no such rule").wanted == 1);
  CHECK(evaluation.cases[0].action_right);
  CHECK_FALSE(evaluation.cases[0].right());
}

TEST_CASE("recall and precision of nothing are whole") {
  CHECK(Score().recall() == 1);
  CHECK(Score().precision() == 1);
}

TEST_CASE("a message that is not there is an error with its name") {
  Problems problems;
  config::Settings settings;
  settings.roster = parish + "/mail/roster.toml";
  settings.protocol = "parish";
  settings.rules_directory = parish;
  const auto policy = config::load_policy(settings, problems);
  REQUIRE(policy);
  const auto evaluation = evaluate(parish + "/mail", {labelled("nowhere.eml", {}, rules::Action::pass, {})}, *policy, {}, {});
  REQUIRE_FALSE(evaluation);
  CHECK(evaluation.error().kind == ErrorKind::not_found);
  CHECK(evaluation.error().what.find("nowhere.eml") != std::string::npos);
}

}  // namespace beadle::eval
