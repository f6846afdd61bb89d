#include "inspect/examples.h"

#include <algorithm>

#include "base/text.h"
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
  Checker(const rules::RuleSet& rules, const people::Directory& people) : rules_(rules), people_(people) {}

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

  ExampleResult run() {
    for (const rules::Pack& pack : rules_.packs()) {
      for (const rules::Rule& rule : pack.rules) {
        if (rule.file != pack.file) continue;  // included: is checked where it stands
        ++result_.rules;
        for (const rules::Example& example : rule.matches) check(pack, rule, example, true);
        for (const rules::Example& example : rule.passes) check(pack, rule, example, false);
      }
    }
    return std::move(result_);
  }

 private:
  const rules::RuleSet& rules_;
  const people::Directory& people_;
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
