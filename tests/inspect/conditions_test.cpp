// What conditions can ask beyond who and what: tests/data/inspect/conditions holds rules whose examples are the cases.
#include "inspect/examples.h"
#include "inspect/explain.h"
#include "base/limits.h"
#include "inspect/recipients.h"

#include "helpers.h"

#include "catch.h"

namespace beadle::inspect {
namespace {

const std::string folder = std::string(BEADLE_TEST_DATA) + "/inspect/conditions";

/// The example council of these tests under a pack of one rule.
Policy policy_of(const std::string& rule) {
  Problems problems;
  auto pack = rules::parse_pack("[protocol]\nname = \"test\"\ntitle = \"T\"\ncouncil = \"C\"\n[[rule]]\nclause = \"1\"\nfamily = \"press\"\nsays = \"s\"\n" + rule +
                                    "[[rule.matches]]\ntext = \"a\"\n[[rule.passes]]\ntext = \"b\"\n",
                                "test.toml", problems);
  auto lexicons = config::load_lexicons(folder, problems);
  auto roster = config::load_roster(folder + "/examples/roster.toml", problems);
  INFO(to_string(problems));
  REQUIRE((pack && lexicons && roster));
  auto rules = rules::RuleSet::compile({*pack}, std::move(*lexicons), problems);
  INFO(to_string(problems));
  REQUIRE(rules);
  Policy policy;
  policy.people = std::make_shared<people::Directory>(std::move(*roster));
  policy.rules = std::make_shared<rules::RuleSet>(std::move(*rules));
  policy.protocol = "test";
  policy.mode = Mode::enforce;
  return policy;
}

Envelope to(std::string sender, std::vector<std::string> recipients) {
  Envelope envelope;
  envelope.sender = std::move(sender);
  envelope.recipients = std::move(recipients);
  return envelope;
}

mail::Message mail_of(std::string_view text, std::string_view more = "") {
  return mail::parse_message("From: councillor@council.example\r\nTo: editor@press.example\r\n" + std::string(more) + "\r\n" + std::string(text) + "\r\n");
}

}  // namespace

TEST_CASE("each word of a condition holds for its examples and for no look-alike") {
  Problems problems;
  const auto rules = config::load_rules(folder, problems);
  const auto roster = config::load_roster(folder + "/examples/roster.toml", problems);
  INFO(to_string(problems));
  REQUIRE((rules && roster));
  const ExampleResult result = check_rule_examples(*rules, people::Directory(*roster));
  CHECK(to_string(result.problems) == "");
  CHECK(result.examples >= 30);
}

TEST_CASE("a list without full stops behind an order takes nothing back") {
  const std::string folder = std::string(BEADLE_SOURCE_DIR) + "/rules";
  Problems problems;
  auto rules = config::load_rules(folder, problems);
  const auto roster = config::load_roster(folder + "/examples/roster.toml", problems);
  REQUIRE((rules && roster));
  Policy policy;
  policy.people = std::make_shared<const people::Directory>(*roster);
  policy.rules = std::make_shared<const rules::RuleSet>(std::move(*rules));
  policy.protocol = "exmouth";
  policy.mode = Mode::enforce;
  const people::Person* councillor = nullptr;
  for (const people::Person& person : policy.people->roster().persons) {
    if (person.is_councillor() && councillor == nullptr) councillor = &person;
  }
  REQUIRE(councillor != nullptr);
  std::string text = "From: " + councillor->name + " <" + councillor->emails.front() + ">\r\nTo: tully@fencing.example\r\nSubject: Fence\r\n\r\n"
                     "Dear Mr Tully\r\n\r\nPlease go ahead with the new fence at 4,300 pounds, the council will pay within thirty days.\r\n\r\n";
  for (int i = 0; i < 150; ++i) text += i % 3 == 0 ? "lorem ipsum dolor sit amet\r\n" : i % 3 == 1 ? "posts of oak and rails\r\n" : "gate with hinges and latch\r\n";
  const auto decision = inspect(mail::parse_message(text), to(councillor->emails.front(), {"tully@fencing.example"}), policy, {}, from_ms(0));
  REQUIRE(decision);
  CHECK(decision->verdict.action == Action::hold);
}

TEST_CASE("\"without the clerk\" is not said where the clerk stands in To or Cc, or had the message in another transaction") {
  const Policy policy = policy_of("action = \"flag\"\n[[rule.when]]\nrecipients-any = [\"press\"]\nrecipients-none = [\"clerk\"]\n");
  const Envelope envelope = to("councillor@council.example", {"editor@press.example"});
  const auto finds = [&](const mail::Message& message, const History& history) {
    const auto decision = inspect(message, envelope, policy, history, from_ms(0));
    REQUIRE(decision);
    return !decision->verdict.findings.empty();
  };
  CHECK(finds(mail_of("Hello."), {}));
  CHECK_FALSE(finds(mail_of("Hello.", "Cc: Clara Clerk <clerk@council.example>\r\n"), {}));
  EarlierMail earlier;
  earlier.recipients = {"clerk@council.example"};
  History history;
  history.same = {earlier};
  CHECK_FALSE(finds(mail_of("Hello."), history));
  history.same.clear();
  history.referenced = {earlier};
  CHECK(finds(mail_of("Hello."), history));  // another message is another message
}

TEST_CASE("those who are elsewhere are told apart from those in the envelope") {
  const Policy policy = policy_of("action = \"flag\"\n[[rule.when]]\nrecipients-any = [\"press\"]\n");
  const mail::Message message = mail_of("Hello.", "Cc: red-group@council.example, clerk@council.example\r\n");
  const auto recipients = read_recipients(message, to("councillor@council.example", {"editor@press.example", "clerk@council.example"}), *policy.people, {});
  const auto elsewhere = read_elsewhere(message, {"sam@resident.example", "clerk@council.example"}, *policy.people, recipients);
  std::vector<std::string> found;
  for (const Recipient& other : elsewhere) found.push_back(other.address + (other.is("cc") ? " cc" : "") + (other.is("visible") ? " visible" : ""));
  CHECK(found == std::vector<std::string>{"red-group@council.example cc visible", "councillor@council.example cc visible",
                                          "committee-chair@council.example cc visible", "agent@party.example cc visible", "sam@resident.example"});
}

TEST_CASE("a passage of marked mail is known by its words, and too little of one is flagged, never held") {
  const Policy policy = policy_of("action = \"hold\"\n[[rule.when]]\nletter = { from = [\"officer\"], where = [\"passage\"], marked = true }\nrecipients-any = [\"press\"]\n");
  const mail::Message message = mail_of(
      "The offer for the lower field is forty thousand pounds and the seller wants an answer before the end of May because another buyer has come forward with cash "
      "in hand and no wish to wait for the survey of the drains that the county asked for last autumn.");
  const auto prints = fingerprints(message, "key");
  REQUIRE(prints.size() >= limits::passage_fingerprints_sure);
  EarlierMail marked;
  marked.sender = "clerk@council.example";
  marked.visible = {"councillor@council.example"};
  marked.marked = true;
  const auto decided = [&](std::size_t shared) {
    History history;
    history.passages = {{marked, {prints.begin(), prints.begin() + static_cast<std::ptrdiff_t>(shared)}, prints.size()}};
    auto decision = inspect(message, to("councillor@council.example", {"editor@press.example"}), policy, history, from_ms(0));
    REQUIRE(decision);
    return std::move(decision->verdict);
  };
  CHECK(decided(limits::passage_fingerprints_sure - 1).action == Action::flag);
  const Verdict sure = decided(limits::passage_fingerprints_sure);
  CHECK(sure.action == Action::hold);
  REQUIRE(sure.findings.size() == 1);
  // The reviewer sees what is repeated, and of what mail.
  std::string shown;
  for (const Evidence& evidence : sure.findings[0].evidence) shown += evidence.zone + ": " + evidence.text + "\n";
  CHECK(shown.find("lower field") != std::string::npos);
  CHECK(shown.find("marked confidential") != std::string::npos);
}

TEST_CASE("an explanation says for each table what failed first") {
  const Policy policy = policy_of(
      "action = \"hold\"\n"
      "[[rule.when]]\nsender = [\"officer\"]\nrecipients-any = [\"press\"]\n"
      "[[rule.when]]\nsender = [\"councillor\"]\nrecipients-any = [\"press\"]\ncues = [\"promise\"]\n"
      "[[rule.unless]]\ntraits = [\"bulk\"]\n"
      "[[rule.unless]]\ncues = [\"personal\"]\n");
  const Envelope envelope = to("councillor@council.example", {"editor@press.example"});
  const auto explained = [&](std::string_view text) {
    const auto all = explain(mail_of(text), envelope, policy, {}, "test/1");
    REQUIRE(all);
    REQUIRE(all->size() == 1);
    return (*all)[0];
  };
  const Explanation none = explained("Hello.");
  CHECK_FALSE(none.found);
  CHECK(none.failed == std::vector<std::string>{"sender", "cues: promise"});
  REQUIRE(none.when.size() == 2);
  for (const TableOutcome& table : none.when) {
    CHECK_FALSE(table.holds);
    CHECK(table.proofs.empty());
  }
  CHECK(none.excepted == -1);
  CHECK(none.clause == "test/1");
  CHECK(none.action == Action::hold);
  CHECK(none.at.line == 5);
  const Explanation found = explained("We will pay.");
  CHECK(found.found);
  CHECK(found.failed == std::vector<std::string>{"sender", ""});
  REQUIRE(found.when.size() == 2);
  CHECK_FALSE(found.when[0].holds);
  CHECK(found.when[1].holds);
  CHECK_FALSE(found.when[1].proofs.empty());
  const Explanation excepted = explained("We will pay, for myself.");
  CHECK_FALSE(excepted.found);
  CHECK(excepted.excepted == 1);
}

TEST_CASE("explanations are of the protocol that counts: of one clause, or of all") {
  const Policy policy = policy_of("action = \"flag\"\n[[rule.when]]\nsender = [\"anyone\"]\n");
  const Envelope envelope = to("councillor@council.example", {"editor@press.example"});
  CHECK(explain(mail_of("Hello."), envelope, policy, {}, "")->size() == 1);
  CHECK(explain(mail_of("Hello."), envelope, policy, {}, "test/2")->empty());
  Policy other = policy;
  other.protocol = "exmouth";
  CHECK(explain(mail_of("Hello."), envelope, other, {}, "test/1")->empty());
}

}  // namespace beadle::inspect
