// Thresholds are chosen by whole messages: a cue that is set far too low or too high finds its way back.
#include "eval/tune.h"

#include "config/settings.h"

#include "catch.h"

namespace beadle::eval {
namespace {

constexpr std::string_view roster = R"(
[council]
name = "Marrow Parish Council"
domains = ["marrow.example"]
[[person]]
name = "Jane Holt"
kind = "councillor"
emails = ["jane@marrow.example"]
)";

constexpr std::string_view pack = R"(
[protocol]
name = "marrow"
title = "Protocol"
council = "Marrow Parish Council"
[[rule]]
clause = "1"
family = "member-obligation"
action = "hold"
says = "Only the clerk promises."
[[rule.when]]
sender = ["councillor"]
cues = ["promise"]
zones = ["own"]
[[rule.matches]]
text = "We promise."
[[rule.passes]]
text = "Hello."
)";

constexpr std::string_view lexicon = "[cue.promise]\nsays = \"promises\"\npoints = 0\nmatches = [\"We promise.\"]\npasses = [\"Hello.\"]\n";

rules::RuleSet compiled() {
  Problems problems;
  auto read_pack = rules::parse_pack(pack, "marrow.toml", problems);
  auto read_lexicon = rules::parse_lexicon(lexicon, "promise.toml", problems);
  INFO(to_string(problems));
  REQUIRE(read_pack);
  REQUIRE(read_lexicon);
  // "promise" weighs 100, "perhaps" 40: over the root of fourteen features 27 and 11 points.
  const rules::Weights weights{.cue = "promise", .file = "", .base = 0, .weights = {{"promise", 100}, {"perhaps", 40}}};
  auto rules = rules::RuleSet::compile({*read_pack}, {*read_lexicon}, problems, {{weights}, nullptr});
  INFO(to_string(problems));
  REQUIRE(rules);
  return std::move(*rules);
}

void add(Workbench& bench, const std::string& words, bool breach) {
  Case labelled;
  labelled.id = words;
  labelled.envelope.sender = "jane@marrow.example";
  labelled.envelope.recipients = {"joe@firm.example"};
  if (breach) labelled.expected.action = rules::Action::hold;
  if (breach) labelled.expected.clauses = {"marrow/1"};
  bench.cases.push_back(labelled);
  bench.messages.push_back(mail::parse_message("From: Jane Holt <jane@marrow.example>\r\nTo: joe@firm.example\r\nSubject: fence\r\nMessage-ID: <" +
                                               std::to_string(bench.cases.size()) + "@marrow.example>\r\n\r\n" + words + "\r\n"));
}

}  // namespace

TEST_CASE("a threshold goes where the labelled messages are judged best, and stays where nothing speaks for another") {
  auto rules = std::make_shared<rules::RuleSet>(compiled());
  Problems problems;
  auto people = people::parse_roster(roster, "roster.toml", problems);
  REQUIRE(people);
  Workbench bench;
  bench.policy.people = std::make_shared<people::Directory>(std::move(*people));
  bench.policy.rules = rules;
  bench.policy.protocol = "marrow";
  bench.policy.mode = rules::Mode::enforce;
  for (int i = 0; i < 4; ++i) {
    add(bench, "I promise.", true);
    add(bench, "Perhaps.", false);
  }
  std::vector<std::string> told;
  const auto tuning = tune({bench}, *rules, 3, [&](const std::string& cue, int, int, double) { told.push_back(cue); });
  REQUIRE(tuning);
  CHECK(tuning->loss_before > 0);
  CHECK(tuning->loss == 0);
  CHECK(tuning->points.at("promise") > 11);
  CHECK(tuning->points.at("promise") <= 27);
  CHECK(told.size() >= 2);
  // The rules stay as they were chosen.
  const auto again = judge(bench.cases, bench.messages, bench.policy, false);
  REQUIRE(again);
  CHECK(again->right == 8);
}

TEST_CASE("only a weighed cue has a threshold to try") {
  rules::RuleSet rules = compiled();
  CHECK(rules.try_points("promise", 5));
  CHECK_FALSE(rules.try_points("unheard-of", 5));
}

}  // namespace beadle::eval
