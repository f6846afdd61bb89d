#include "inspect/examples.h"

#include <algorithm>

#include "base/text.h"
#include "inspect/inspect.h"
#include "inspect/match.h"

namespace beadle::inspect {
namespace {

// Local parts of those outside the council, so that examples read like mail.
constexpr std::pair<std::string_view, std::string_view> outsiders[] = {
    {"press", "editor"}, {"minister", "office"}, {"firm", "info"},      {"resident", "sam"},  {"resident2", "alex"}, {"adviser", "law"},
    {"borough", "desk"}, {"ward", "cllr"},       {"archive", "records"}, {"protected", "line"}, {"complainant", "pat"}};

std::string domain_of(const people::Directory& people) {
  return people.roster().domains.empty() ? "council.example" : people.roster().domains.front();
}

std::string mailbox(std::string_view word, const people::Directory& people) {
  const std::string address = example_address(word, people);
  const people::Person* person = people.person_at(address);
  return person == nullptr ? address : person->name + " <" + address + ">";
}

std::string field(std::string_view name, const std::vector<std::string>& words, const people::Directory& people) {
  if (words.empty()) return "";
  std::string out = std::string(name) + ": ";
  for (std::size_t i = 0; i < words.size(); ++i) out += (i > 0 ? ",\r\n " : "") + mailbox(words[i], people);
  return out + "\r\n";
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) out += '\r';
    out += text[i];
  }
  return out;
}

std::string sender_of(const rules::Example& example) { return example.from.empty() ? "clerk" : example.from; }

Envelope envelope_of(const rules::Example& example, const mail::Message& message, const people::Directory& people) {
  Envelope envelope;
  envelope.sender = example_address(sender_of(example), people);
  const auto add = [&](const std::vector<std::string>& words) {
    for (const std::string& word : words) envelope.recipients.push_back(example_address(word, people));
  };
  if (!example.raw.empty()) {
    if (!message.from.empty()) envelope.sender = message.from.front().address;
    for (const mail::Mailbox& to : message.to) envelope.recipients.push_back(to.address);
    for (const mail::Mailbox& cc : message.cc) envelope.recipients.push_back(cc.address);
  } else {
    add(example.to.empty() && example.cc.empty() ? std::vector<std::string>{"resident"} : example.to);
    add(example.cc);
  }
  add(example.bcc);
  return envelope;
}

class Checker {
 public:
  Checker(const rules::RuleSet& rules, const people::Directory& people) : rules_(rules), people_(people) {
    // Neither owns what outlives it.
    policy_.rules = std::shared_ptr<const rules::RuleSet>(std::shared_ptr<const rules::RuleSet>(), &rules);
    policy_.people = std::shared_ptr<const people::Directory>(std::shared_ptr<const people::Directory>(), &people);
    policy_.mode = Mode::enforce;
  }

  void check(const rules::Pack& pack, const rules::Rule& rule, const rules::Example& example, bool must_match) {
    ++result_.examples;
    const auto fail = [&](std::string what, std::string hint) {
      result_.problems.push_back({Problem::Severity::error, pack.file, example.at, rule.clause + ": " + std::move(what), std::move(hint)});
    };
    const mail::Message message = mail::parse_message(example_mail(example, people_));
    const Envelope envelope = envelope_of(example, message, people_);
    const auto facts = gather_facts(message, envelope, people_, rules_, {});
    if (!facts) return fail("the example could not be read: " + facts.error().what, "");
    std::vector<std::string> why_not;
    const bool holds = match_any(rule.when, *facts, rules_, &why_not).has_value();
    const bool excepted = holds && !rule.unless.empty() && match_any(rule.unless, *facts, rules_).has_value();
    if (must_match && !holds) fail("an example of `matches` does not match", "failed first: " + joined(why_not, "; "));
    if (must_match && excepted) fail("an example of `matches` is excepted by `unless`", "");
    if (!must_match && holds && !excepted) fail("an example of `passes` matches", example.why);
  }

  void check(const rules::Pack& pack, const rules::Reminder& reminder) {
    ++result_.reminders;
    policy_.protocol = pack.protocol.name;
    policy_.overrides = {{reminder.clause, {std::nullopt, Mode::enforce}}};
    const auto fail = [&](const rules::Example& example, std::string what) {
      result_.problems.push_back({Problem::Severity::error, pack.file, example.at, reminder.clause + ": " + std::move(what), example.why});
    };
    History history;
    for (const auto* examples : {&reminder.matches, &reminder.passes}) {
      const bool must_open = examples == &reminder.matches;
      for (const rules::Example& example : *examples) {
        const std::optional<NewReminder> opened = opened_by(example, reminder);
        if (must_open && !opened) fail(example, "an example of `matches` does not open it");
        if (!must_open && opened) fail(example, "an example of `passes` opens it");
        if (opened && must_open && history.reminders.empty()) {
          history.reminders.push_back({"example", reminder.clause, opened->writer, opened->asked, opened->untold, true});
        }
      }
    }
    if (history.reminders.empty()) return;
    for (const auto* examples : {&reminder.closes, &reminder.waits}) {
      const bool must_close = examples == &reminder.closes;
      for (const rules::Example& example : *examples) {
        const ReminderChanges changes = changes_by(example, history);
        const bool closes = std::any_of(changes.steps.begin(), changes.steps.end(), [](const ReminderStep& step) { return step.closes; });
        if (must_close && !closes) fail(example, "an example of `closes` does not answer the first of `matches`");
        if (!must_close && closes) fail(example, "an example of `waits` answers the first of `matches`");
      }
    }
  }

  ExampleResult run() {
    for (const rules::Pack& pack : rules_.packs()) {
      for (const rules::Rule& rule : pack.rules) {
        if (rule.file != pack.file) continue;  // included: is checked where it stands
        ++result_.rules;
        for (const rules::Example& example : rule.matches) check(pack, rule, example, true);
        for (const rules::Example& example : rule.passes) check(pack, rule, example, false);
      }
      for (const rules::Reminder& reminder : pack.reminders) {
        if (reminder.file == pack.file) check(pack, reminder);
      }
    }
    return std::move(result_);
  }

 private:
  ReminderChanges changes_by(const rules::Example& example, const History& history) {
    ++result_.examples;
    const mail::Message message = mail::parse_message(example_mail(example, people_));
    const auto facts = gather_facts(message, envelope_of(example, message, people_), people_, rules_, history);
    // An example that cannot be read does nothing, and so fails if it had to do something.
    return facts ? remind(message.message_id, message.subject, *facts, policy_, history, Time{}) : ReminderChanges{};
  }

  std::optional<NewReminder> opened_by(const rules::Example& example, const rules::Reminder& reminder) {
    for (NewReminder& opened : changes_by(example, {}).opens) {
      if (opened.clause == reminder.clause) return std::move(opened);
    }
    return std::nullopt;
  }

  const rules::RuleSet& rules_;
  const people::Directory& people_;
  Policy policy_;
  ExampleResult result_;
};

}  // namespace

std::string example_address(std::string_view word, const people::Directory& people) {
  if (word.find('@') != std::string_view::npos) return std::string(word);
  for (const auto& [outsider, local] : outsiders) {
    if (word == outsider) return std::string(local) + "@" + std::string(word) + ".example";
  }
  for (const people::Person& person : people.roster().persons) {
    for (const std::string& address : person.emails) {
      if (address.starts_with(std::string(word) + "@")) return address;
    }
  }
  return std::string(word) + "@" + domain_of(people);
}

std::string example_mail(const rules::Example& example, const people::Directory& people) {
  if (!example.raw.empty()) return with_crlf(example.raw);
  std::string mail = field("From", {sender_of(example)}, people);
  mail += field("To", example.to.empty() && example.cc.empty() ? std::vector<std::string>{"resident"} : example.to, people);
  mail += field("Cc", example.cc, people);
  mail += "Subject: " + (example.subject.empty() ? std::string("Hello") : example.subject) + "\r\n";
  mail += "Date: Tue, 05 Aug 2025 08:09:15 +0100\r\nMessage-ID: <example@council.example>\r\n";
  for (const std::string& header : example.headers) mail += header + "\r\n";
  mail += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
  return mail + with_crlf(example.text) + "\r\n";
}

ExampleResult check_rule_examples(const rules::RuleSet& rules, const people::Directory& people) { return Checker(rules, people).run(); }

}  // namespace beadle::inspect
