// Which reminders a mail opens and which it answers, with the open ones handed in; and what counts as an answer of substance
// (tests/data/inspect/substance.tsv: a text a line, with \n for line ends; to extend, add a line).
#include "inspect/reminders.h"

#include <fstream>
#include <iterator>

#include "base/text.h"
#include "inspect/examples.h"
#include "inspect/substance.h"
#include "waiting.h"

#include "catch.h"

namespace beadle::inspect {
namespace {

const Time monday = *time_from("2025-12-15T10:00:00Z");

struct Mail {
  std::string from = "councillor@council.example";
  std::vector<std::string> to = {"officer@council.example"};
  std::string text = "When will the gate be mended?";
  std::string subject = "The gate";
  std::string header = "";
  std::vector<std::string> bcc = {};
};

ReminderChanges changes_by(const Mail& mail, const Policy& policy, const std::vector<OpenReminder>& open = {}, Time now = monday) {
  Envelope envelope{.sender = mail.from, .recipients = mail.to, .login = "", .smtputf8 = false, .body = ""};
  envelope.recipients.insert(envelope.recipients.end(), mail.bcc.begin(), mail.bcc.end());
  const std::string bytes = "From: " + mail.from + "\r\nTo: " + joined(mail.to, ", ") + "\r\nSubject: " + mail.subject + "\r\nMessage-ID: <one@council.example>\r\n" +
                            mail.header + "\r\n" + mail.text + "\r\n";
  History history;
  history.reminders = open;
  auto decision = inspect(mail::parse_message(bytes), envelope, policy, history, now);
  REQUIRE(decision);
  return decision->reminders;
}

OpenReminder waits_for_officer(bool same_thread = true) {
  return {.id = "r1", .clause = "marram/answer", .writer = "councillor@council.example", .asked = {"officer@council.example"}, .untold = {}, .same_thread = same_thread};
}

bool closes(const ReminderChanges& changes) {
  return changes.steps.size() == 1 && changes.steps.front().closes;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("an enquiry opens a reminder, due when its working days are over") {
  const Policy policy = tests::waiting_policy();
  const ReminderChanges changes = changes_by({}, policy);
  REQUIRE(changes.opens.size() == 1);
  const NewReminder& opened = changes.opens.front();
  CHECK(opened.clause == "marram/answer");
  CHECK(opened.writer == "councillor@council.example");
  CHECK(opened.asked == std::vector<std::string>{"officer@council.example"});
  CHECK(opened.message_id == "one@council.example");
  CHECK(opened.subject == "The gate");
  CHECK(opened.thread_subject == "the gate");
  CHECK(opened.told);
  CHECK(to_rfc3339(opened.opened) == "2025-12-15T10:00:00Z");
  CHECK(to_rfc3339(opened.due) == "2026-01-01T00:00:00Z");
}

TEST_CASE("the clock that is handed in decides when it is due, and the council how long a clause gives") {
  Policy policy = tests::waiting_policy();
  CHECK(to_rfc3339(changes_by({}, policy, {}, *time_from("2026-06-01T10:00:00Z")).opens.front().due) == "2026-06-15T23:00:00Z");
  policy.reminders.within["marram/answer"] = {3, false};
  CHECK(to_rfc3339(changes_by({}, policy).opens.front().due) == "2025-12-19T00:00:00Z");
}

TEST_CASE("officers in To are asked, those in copy only where there is nobody else") {
  const Policy policy = tests::waiting_policy();
  Mail mail;
  mail.to = {"officer@council.example", "other-councillor@council.example"};
  mail.bcc = {"clerk@council.example"};
  CHECK(changes_by(mail, policy).opens.front().asked == std::vector<std::string>{"officer@council.example"});
  mail.to = {"other-councillor@council.example"};
  CHECK(changes_by(mail, policy).opens.front().asked == std::vector<std::string>{"clerk@council.example"});
}

TEST_CASE("what is off opens nothing; what is observed tells nobody") {
  Policy policy = tests::waiting_policy();
  policy.overrides["marram/answer"].mode = Mode::off;
  CHECK(changes_by({}, policy).empty());
  policy.overrides["marram/answer"].mode = Mode::observe;
  CHECK_FALSE(changes_by({}, policy).opens.front().told);
  policy.overrides.clear();
  policy.mode = Mode::observe;
  CHECK_FALSE(changes_by({}, policy).opens.front().told);
  policy.reminders.on = false;
  CHECK(changes_by({}, policy).empty());
}

TEST_CASE("an officer's answer to the councillor closes it; other mail of the thread does not") {
  const Policy policy = tests::waiting_policy();
  Mail answer{.from = "officer@council.example", .to = {"councillor@council.example"}, .text = "It is mended."};
  CHECK(closes(changes_by(answer, policy, {waits_for_officer()})));
  answer.from = "clerk@council.example";  // a colleague answers
  CHECK(closes(changes_by(answer, policy, {waits_for_officer()})));
  SECTION("a holding reply") { answer.text = "We are looking into it and will let you know."; }
  SECTION("a machine") { answer.header = "Auto-Submitted: auto-replied\r\n"; }
  SECTION("to somebody else") { answer.to = {"junior@council.example"}; }
  SECTION("no officer") { answer.from = "other-councillor@council.example"; }
  const ReminderChanges changes = changes_by(answer, policy, {waits_for_officer()});
  REQUIRE(changes.steps.size() == 1);  // it joins the thread
  CHECK_FALSE(changes.steps.front().closes);
  CHECK(changes.opens.empty());
}

TEST_CASE("found by its subject alone, an answer has to be between the same two") {
  const Policy policy = tests::waiting_policy();
  Mail answer{.from = "officer@council.example", .to = {"councillor@council.example"}, .text = "It is mended."};
  CHECK(closes(changes_by(answer, policy, {waits_for_officer(false)})));
  answer.from = "clerk@council.example";
  CHECK(changes_by(answer, policy, {waits_for_officer(false)}).steps.empty());
  answer.bcc = {"officer@council.example"};  // who was asked sees that it is answered
  CHECK(closes(changes_by(answer, policy, {waits_for_officer(false)})));
}

TEST_CASE("who asks again before the answer opens nothing new; another one does") {
  const Policy policy = tests::waiting_policy();
  Mail again;
  again.text = "When will you answer?";
  const ReminderChanges changes = changes_by(again, policy, {waits_for_officer()});
  CHECK(changes.opens.empty());
  REQUIRE(changes.steps.size() == 1);
  CHECK_FALSE(changes.steps.front().closes);
  again.from = "other-councillor@council.example";
  CHECK(changes_by(again, policy, {waits_for_officer()}).opens.size() == 1);
}

TEST_CASE("a report for one group waits until each other group was told, in one mail or in several") {
  const Policy policy = tests::waiting_policy();
  const Mail report{.from = "clerk@council.example", .to = {"councillor@council.example", "committee-chair@council.example"}, .text = "Here is the report.", .subject = "Sign"};
  const ReminderChanges opened = changes_by(report, policy);
  REQUIRE(opened.opens.size() == 1);
  CHECK(opened.opens.front().untold == std::vector<std::string>{"Blue", "Independent"});
  CHECK(opened.opens.front().asked == std::vector<std::string>{"clerk@council.example"});
  CHECK(to_rfc3339(opened.opens.front().due) == "2025-12-21T00:00:00Z");

  OpenReminder open{.id = "r2", .clause = "marram/groups", .writer = "clerk@council.example", .asked = {"clerk@council.example"}, .untold = {"Blue", "Independent"}, .same_thread = false};
  Mail notice{.from = "clerk@council.example", .to = {"other-councillor@council.example"}, .text = "One was made.", .subject = "Sign"};
  ReminderChanges changes = changes_by(notice, policy, {open});
  REQUIRE(changes.steps.size() == 1);
  CHECK(changes.steps.front().told == std::vector<std::string>{"Blue"});
  CHECK_FALSE(changes.steps.front().closes);
  open.untold = {"Independent"};
  notice.to = {"chair@council.example"};
  CHECK(closes(changes_by(notice, policy, {open})));
  open.untold = {"Blue", "Independent"};
  notice.to = {"councillors@council.example"};
  CHECK(closes(changes_by(notice, policy, {open})));
  notice.from = "councillor@council.example";
  CHECK_FALSE(closes(changes_by(notice, policy, {open})));
}

TEST_CASE("a report that goes to all groups waits for nothing") {
  const Policy policy = tests::waiting_policy();
  CHECK(changes_by({.from = "clerk@council.example", .to = {"councillors@council.example"}, .text = "Here is the report."}, policy).empty());
  const Mail in_parts{.from = "clerk@council.example",
                      .to = {"councillor@council.example", "committee-chair@council.example"},
                      .text = "Here is the report.",
                      .header = "Cc: other-councillor@council.example, chair@council.example\r\n"};
  CHECK(changes_by(in_parts, policy).empty());  // the copies go in another transaction
}

TEST_CASE("subjects of one thread are the same") {
  CHECK(thread_subject("The  gate") == "the gate");
  for (const char* subject : {"Re: The gate", "RE: re:The gate", "Fwd: Re: the gate ", "FW: The\tgate", "Re[2]: The gate"}) {
    INFO(subject);
    CHECK(thread_subject(subject) == "the gate");
  }
  CHECK(thread_subject("Re:") == "");
  CHECK(thread_subject("") == "");
  CHECK(thread_subject("Re[") == "re[");
  CHECK(thread_subject("Reading list") == "reading list");
  CHECK(thread_subject(std::string(100'000, 'x')).size() < 1000);
}

TEST_CASE("an answer of substance says more than that one will follow") {
  const Policy policy = tests::waiting_policy();
  const std::string table = read_file(BEADLE_TEST_DATA "/inspect/substance.tsv");
  std::size_t seen = 0;
  for (const std::string_view line : split(table, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    INFO(line);
    const auto fields = split(line, '\t');
    REQUIRE(fields.size() == 3);
    std::string text;
    for (std::size_t i = 0; i < fields[1].size(); ++i) {
      const bool line_end = fields[1].substr(i, 2) == "\\n";
      text += line_end ? std::string("\r\n") : std::string(1, fields[1][i]);
      i += line_end ? 1 : 0;
    }
    const mail::Message message = mail::parse_message("From: officer@council.example\r\nTo: councillor@council.example\r\n\r\n" + text + "\r\n");
    const Envelope envelope{.sender = "officer@council.example", .recipients = {"councillor@council.example"}, .login = "", .smtputf8 = false, .body = ""};
    const auto facts = gather_facts(message, envelope, *policy.people, *policy.rules, {});
    REQUIRE(facts);
    CHECK(facts->traits.contains("substantive") == (fields[0] == "yes"));
    ++seen;
  }
  CHECK(seen > 12);
}

TEST_CASE("the examples of reminders are run, and told where they fail") {
  const Policy policy = tests::waiting_policy();
  const ExampleResult good = check_rule_examples(*policy.rules, *policy.people);
  INFO(to_string(good.problems));
  CHECK(good.problems.empty());
  CHECK(good.reminders == 2);

  Problems problems;
  std::string text(tests::waiting_pack);
  const std::size_t at = text.find("\"When will it be mended?\"");
  text.replace(at, 25, "\"Is it mended?\"\n[[reminder.matches]]\nfrom = \"councillor\"\nto = [\"officer\"]\ntext = \"When will it be?\"");
  text.replace(text.find("\"We will let you know.\""), 23, "\"It was mended.\"");
  std::vector<rules::Pack> packs;
  std::vector<rules::Lexicon> lexicons;
  packs.push_back(*rules::parse_pack(text, "marram.toml", problems));
  lexicons.push_back(*rules::parse_lexicon(tests::waiting_lexicon, "lexicon.toml", problems));
  const auto rules = rules::RuleSet::compile(std::move(packs), std::move(lexicons), problems);
  REQUIRE(rules);
  const ExampleResult bad = check_rule_examples(*rules, *policy.people);
  REQUIRE(bad.problems.size() == 2);
  CHECK(bad.problems[0].what == "marram/answer: an example of `matches` does not open it");
  CHECK(bad.problems[1].what == "marram/answer: an example of `waits` answers the first of `matches`");
}

}  // namespace beadle::inspect
