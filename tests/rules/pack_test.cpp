#include "rules/pack.h"

#include "people/roster.h"
#include "rules/vocabulary.h"

#include "rules/helpers.h"

#include "catch.h"

namespace beadle::rules {
namespace {

constexpr std::string_view good = R"(
[protocol]
name = "marrow"
title = "Councillor-Officer Protocol"
council = "Marrow Parish Council"
adopted = 2024-05-13
source = "https://marrow.example"

[[rule]]
clause = "5.3"
family = "silent-copy"
action = "annotate"
says = "Blind copies are disclosed."
cure = "Use Cc."
[[rule.when]]
sender = ["officer", "chair not-mayor"]
letter = { from = ["officer"], to = ["councillor"], where = ["message", "quoted"], marked = false, individual = true }
recipients-any = ["councillor blind not-correspondent"]
recipients-all = "person"
recipients-none = ["protected"]
marking = "subject"
cues = ["promise"]
cues-all = ["reason"]
cues-none = ["promise"]
zones = ["own", "quoted"]
traits = ["reply", "not-auto-reply"]
name = ["councillor"]
[[rule.when]]
traits = ["bulk"]
recipients-any = ["anyone"]
[[rule.unless]]
recipients-all = ["officer"]
[[rule.matches]]
from = "clerk"
to = ["councillor"]
cc = ["press"]
bcc = ["other-councillor", "jane@holt.example"]
subject = "Path"
text = "It is swept."
headers = ["Sensitivity: private"]
[[rule.passes]]
raw = """
From: clerk@council.example

Hello"""
why = "no copy"

[[rule]]
clause = "5.3"
family = "silent-copy"
action = "flag"
mode = "off"
says = "Open copies are looked at."
[[rule.when]]
recipients-any = ["councillor visible"]
[[rule.matches]]
text = "One."
[[rule.passes]]
to = []
bcc = ["clerk"]
text = "Two."
)";

}  // namespace

TEST_CASE("a pack is read whole") {
  Problems problems;
  const auto pack = parse_pack(good, "marrow.toml", problems);
  CHECK(to_string(problems) == "");
  REQUIRE(pack);
  CHECK(pack->file == "marrow.toml");
  CHECK(pack->protocol.name == "marrow");
  CHECK(pack->protocol.title == "Councillor-Officer Protocol");
  CHECK(pack->protocol.council == "Marrow Parish Council");
  CHECK(pack->protocol.adopted == "2024-05-13");
  CHECK(pack->protocol.source == "https://marrow.example");
  REQUIRE(pack->rules.size() == 2);
  const Rule& rule = pack->rules[0];
  CHECK(rule.clause == "marrow/5.3");
  CHECK(rule.family == "silent-copy");
  CHECK(rule.action == Action::annotate);
  CHECK(rule.mode == Mode::enforce);
  CHECK(rule.says == "Blind copies are disclosed.");
  CHECK(rule.cure == "Use Cc.");
  CHECK(rule.at.line == 9);
  REQUIRE(rule.when.size() == 2);
  CHECK(rule.unless.size() == 1);
  CHECK(pack->rules[1].mode == Mode::off);
}

TEST_CASE("conditions are read whole") {
  Problems problems;
  const auto pack = parse_pack(good, "marrow.toml", problems);
  REQUIRE(pack);
  const Condition& when = pack->rules[0].when[0];
  CHECK(when.sender == Selectors{{{"officer", false}}, {{"chair", false}, {"mayor", true}}});
  CHECK(when.name == Selectors{{{"councillor", false}}});
  CHECK(when.recipients_any == Selectors{{{"councillor", false}, {"blind", false}, {"correspondent", true}}});
  CHECK(when.recipients_all == Selectors{{{"person", false}}});
  CHECK(when.recipients_none == Selectors{{{"protected", false}}});
  REQUIRE(when.letter);
  CHECK(when.letter->from == Selectors{{{"officer", false}}});
  CHECK(when.letter->to == Selectors{{{"councillor", false}}});
  CHECK(when.letter->where == std::vector<std::string>{"message", "quoted"});
  CHECK(when.letter->marked == false);
  CHECK(when.letter->individual == true);
  CHECK(when.marking == std::vector<std::string>{"subject"});
  CHECK(when.cues == std::vector<std::string>{"promise"});
  CHECK(when.cues_all == std::vector<std::string>{"reason"});
  CHECK(when.cues_none == std::vector<std::string>{"promise"});
  CHECK(when.zones == std::vector<std::string>{"own", "quoted"});
  CHECK(when.traits == std::vector<Term>{{"reply", false}, {"auto-reply", true}});
  CHECK(when.at.line == 15);
  CHECK(when.cue_places.at("promise").line == 22);
}

TEST_CASE("examples are read whole") {
  Problems problems;
  const auto pack = parse_pack(good, "marrow.toml", problems);
  REQUIRE(pack);
  const Example& match = pack->rules[0].matches[0];
  CHECK(match.from == "clerk");
  CHECK(match.to == std::vector<std::string>{"councillor"});
  CHECK(match.cc == std::vector<std::string>{"press"});
  CHECK(match.bcc == std::vector<std::string>{"other-councillor", "jane@holt.example"});
  CHECK(match.subject == "Path");
  CHECK(match.text == "It is swept.");
  CHECK(match.headers == std::vector<std::string>{"Sensitivity: private"});
  const Example& pass = pack->rules[0].passes[0];
  CHECK(pass.raw == "From: clerk@council.example\n\nHello");
  CHECK(pass.why == "no copy");
}

TEST_CASE("reminders are read whole") {
  Problems problems;
  const std::string text = std::string(good) + R"(
[[reminder]]
clause = "6.1"
family = "response-time"
action = "flag"
mode = "observe"
says = "Enquiries are answered."
cure = "Answer."
within = "10 working days"
tell = "other-groups"
[[reminder.opens]]
sender = ["councillor"]
[[reminder.opens]]
sender = ["chair"]
[[reminder.answered]]
traits = ["substantive", "not-attachment"]
[[reminder.matches]]
text = "One?"
[[reminder.passes]]
text = "Two."
[[reminder.closes]]
text = "Three."
[[reminder.waits]]
text = "Four."
why = "Says nothing."
)";
  const auto pack = parse_pack(text, "marrow.toml", problems);
  CHECK(to_string(problems) == "");
  REQUIRE(pack);
  REQUIRE(pack->reminders.size() == 1);
  const Reminder& reminder = pack->reminders.front();
  CHECK(reminder.clause == "marrow/6.1");
  CHECK(reminder.family == "response-time");
  CHECK(reminder.mode == Mode::observe);
  CHECK(reminder.says == "Enquiries are answered.");
  CHECK(reminder.cure == "Answer.");
  CHECK(reminder.within == Period{10, true});
  CHECK(reminder.tell == Reminder::Tell::other_groups);
  CHECK(reminder.opens.size() == 2);
  CHECK(reminder.answered.front().traits == std::vector<Term>{{"substantive", false}, {"attachment", true}});
  CHECK(reminder.matches.front().text == "One?");
  CHECK(reminder.passes.front().text == "Two.");
  CHECK(reminder.closes.front().text == "Three.");
  CHECK(reminder.waits.front().why == "Says nothing.");
}

TEST_CASE("selectors are words that must all fit") {
  std::string message;
  CHECK(parse_selector("councillor blind not-chair", message) ==
        Selector{{"councillor", false}, {"blind", false}, {"chair", true}});
  CHECK(parse_selector("  anyone  ", message) == Selector{{"anyone", false}});
  CHECK(message == "");
  CHECK(!parse_selector("councilor", message));
  CHECK(message == "unknown word \"councilor\" (did you mean councillor?)");
  CHECK(!parse_selector("not-chairs", message));
  CHECK(message == "unknown word \"chairs\" (did you mean chair?)");
  CHECK(!parse_selector(" ", message));
  CHECK(message == "a selector is empty (\"anyone\" fits everybody)");
  CHECK(!parse_selector("chair not-chair", message));
  CHECK(message == "nobody is both chair and not-chair");
}

TEST_CASE("packs know every role and contact of the roster") {
  std::string message;
  for (const std::string_view role : people::councillor_roles) CHECK(parse_selector(role, message));
  for (const std::string_view role : people::officer_roles) CHECK(parse_selector(role, message));
  for (const std::string_view kind : people::contact_kinds) CHECK(parse_selector(kind, message));
  CHECK(message == "");
}

TEST_CASE("actions and modes have words") {
  for (const Action action : {Action::pass, Action::flag, Action::annotate, Action::hold})
    CHECK(action_from(to_string(action)) == action);
  for (const Mode mode : {Mode::off, Mode::observe, Mode::enforce}) CHECK(mode_from(to_string(mode)) == mode);
  CHECK(!action_from("Hold"));
  CHECK(!mode_from(""));
  CHECK(Action::pass < Action::flag);
  CHECK(Action::annotate < Action::hold);
}

TEST_CASE("the shipped packs and lexicons have no mistakes") {
  Problems problems;
  for (const fs::path& path : toml_files(fs::path(BEADLE_SOURCE_DIR) / "rules")) {
    INFO(path.filename().string());
    CHECK(parse_pack(bytes_of(path), path.filename().string(), problems));
  }
  for (const fs::path& path : toml_files(fs::path(BEADLE_SOURCE_DIR) / "rules/lexicon")) {
    INFO(path.filename().string());
    CHECK(parse_lexicon(bytes_of(path), path.filename().string(), problems));
  }
  CHECK(to_string(problems) == "");
}

}  // namespace beadle::rules
