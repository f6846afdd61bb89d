#include "inspect/reminders.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "inspect/inspect.h"
#include "inspect/match.h"

namespace beadle::inspect {
namespace {

using rules::Reminder;

bool holds(const std::vector<rules::Condition>& conditions, const Facts& facts, const rules::RuleSet& rules) {
  return match_any(conditions, facts, rules).has_value();
}

bool is_at(const Party& party, const std::string& address, const people::Directory& people) {
  return party.same_as(party_at(address, "", people));
}

// Everybody who gets this message, by whatever transaction.
std::vector<const Recipient*> reached(const Facts& facts) {
  std::vector<const Recipient*> out;
  for (const auto* recipients : {&facts.recipients, &facts.elsewhere}) {
    for (const Recipient& recipient : *recipients) {
      if (!recipient.is("sender")) out.push_back(&recipient);
    }
  }
  return out;
}

std::set<std::string> groups_reached(const Facts& facts) {
  std::set<std::string> groups;
  for (const Recipient* recipient : reached(facts)) {
    if (recipient->person != nullptr && recipient->person->is_councillor() && !recipient->person->group.empty()) groups.insert(recipient->person->group);
  }
  return groups;
}

std::vector<std::string> other_groups(const Facts& facts, const people::Directory& people) {
  const std::set<std::string> told = groups_reached(facts);
  std::set<std::string> others;
  for (const people::Person& person : people.roster().persons) {
    if (person.is_councillor() && !person.group.empty() && !told.contains(person.group)) others.insert(person.group);
  }
  return {others.begin(), others.end()};
}

// Whom an enquiry is put to: the officers in To; a copy asks nobody, unless there are only copies.
std::vector<std::string> officers_asked(const Facts& facts) {
  std::vector<std::string> in_to, all;
  for (const Recipient* recipient : reached(facts)) {
    if (!recipient->is("officer") || recipient->key.empty()) continue;
    all.push_back(recipient->key);
    if (recipient->is("to")) in_to.push_back(recipient->key);
  }
  return in_to.empty() ? all : in_to;
}

// Found by its subject alone, a mail belongs to the reminder only between the same parties; groups are other parties by nature.
bool belongs(const OpenReminder& open, const Reminder& reminder, const Facts& facts, const people::Directory& people) {
  if (open.same_thread || reminder.tell == Reminder::Tell::other_groups) return true;
  const auto takes_part = [&](const std::string& address) {
    const std::vector<const Recipient*> recipients = reached(facts);
    return std::any_of(facts.senders.begin(), facts.senders.end(), [&](const Party& party) { return is_at(party, address, people); }) ||
           std::any_of(recipients.begin(), recipients.end(), [&](const Recipient* party) { return is_at(*party, address, people); });
  };
  return takes_part(open.writer) && std::any_of(open.asked.begin(), open.asked.end(), takes_part);
}

ReminderStep step_of(const OpenReminder& open, const Reminder& reminder, const Facts& facts, const Policy& policy) {
  ReminderStep step{.id = open.id, .told = {}, .closes = false};
  if (!holds(reminder.answered, facts, *policy.rules)) return step;
  if (reminder.tell == Reminder::Tell::writer) {
    const std::vector<const Recipient*> recipients = reached(facts);
    step.closes = std::any_of(recipients.begin(), recipients.end(), [&](const Recipient* party) { return is_at(*party, open.writer, *policy.people); });
    return step;
  }
  const std::set<std::string> told = groups_reached(facts);
  for (const std::string& group : open.untold) {
    if (told.contains(group)) step.told.push_back(group);
  }
  step.closes = step.told.size() == open.untold.size();
  return step;
}

std::optional<NewReminder> opened_by(const Reminder& reminder, const Facts& facts, const Policy& policy) {
  if (facts.senders.empty() || !holds(reminder.opens, facts, *policy.rules)) return std::nullopt;
  NewReminder opened;
  opened.clause = reminder.clause;
  opened.says = reminder.says;
  opened.writer = facts.senders.front().key;
  if (reminder.tell == Reminder::Tell::writer) {
    opened.asked = officers_asked(facts);
  } else {
    opened.asked = {opened.writer};
    opened.untold = other_groups(facts, *policy.people);
    if (opened.untold.empty()) return std::nullopt;  // there is no other group
  }
  return opened;
}

// "Re:", "RE[2]:", "Fwd:" at the head of a subject; 0 where there is none.
std::size_t prefix_of(std::string_view subject) {
  for (const std::string_view word : {"re", "fwd", "fw"}) {
    if (!ascii_istarts_with(subject, word)) continue;
    std::size_t at = word.size();
    if (at < subject.size() && subject[at] == '[') at = std::min(subject.find(']', at), subject.size() - 1) + 1;
    if (at < subject.size() && subject[at] == ':') return at + 1;
  }
  return 0;
}

}  // namespace

ReminderChanges remind(std::string_view message_id, std::string_view subject, const Facts& facts, const Policy& policy, const History& history, Time now) {
  ReminderChanges changes;
  if (!policy.reminders.on) return changes;
  for (const Reminder& reminder : policy.rules->reminders(policy.protocol)) {
    const Mode mode = mode_in_force(reminder.clause, reminder.mode, policy);
    if (mode == Mode::off) continue;
    bool known = false;  // who writes again before the answer reminds of the same, and opens nothing new
    for (const OpenReminder& open : history.reminders) {
      if (open.clause != reminder.clause || !belongs(open, reminder, facts, *policy.people)) continue;
      const bool again = std::any_of(facts.senders.begin(), facts.senders.end(), [&](const Party& party) { return is_at(party, open.writer, *policy.people); });
      known = known || again;
      ReminderStep step = step_of(open, reminder, facts, policy);
      if (open.same_thread || again || step.closes || !step.told.empty()) changes.steps.push_back(std::move(step));
    }
    if (known) continue;
    auto opened = opened_by(reminder, facts, policy);
    if (!opened) continue;
    const auto within = policy.reminders.within.find(reminder.clause);
    opened->message_id = message_id;
    opened->subject = shortened(printable(subject), limits::notice_subject_bytes_max);
    opened->thread_subject = thread_subject(subject);
    opened->opened = now;
    opened->due = policy.reminders.calendar.end_of(within == policy.reminders.within.end() ? reminder.within : within->second, now);
    opened->told = mode == Mode::enforce;
    changes.opens.push_back(std::move(*opened));
  }
  return changes;
}

std::string thread_subject(std::string_view subject) {
  subject = trimmed(subject);
  for (std::size_t prefix = prefix_of(subject); prefix > 0; prefix = prefix_of(subject)) subject = trimmed(subject.substr(prefix));
  std::string out;
  for (const char c : ascii_lower(shortened(printable(subject), limits::name_bytes_max))) {
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  }
  return std::string(trimmed(out));
}

}  // namespace beadle::inspect
