// The decision: message + envelope + people + rules + history + now → verdict and planned edit. Pure: no clock, file, socket, database.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/calendar.h"
#include "base/result.h"
#include "base/time.h"
#include "inspect/envelope.h"
#include "inspect/history.h"
#include "inspect/verdict.h"
#include "mail/message.h"
#include "people/directory.h"
#include "rules/rule_set.h"

namespace beadle::inspect {

/// What a council may change of a rule without editing the pack.
struct Override {
  std::optional<Action> action;
  std::optional<Mode> mode;
};

/// What decides when a reminder falls due.
struct ReminderPolicy {
  bool on = true;
  Calendar calendar;
  std::map<std::string, Period> within;  // by clause; absent: as in the pack
};

/// Everything that decides besides the message. Immutable; a reload builds a new one.
struct Policy {
  std::shared_ptr<const people::Directory> people;
  std::shared_ptr<const rules::RuleSet> rules;
  std::string protocol;  // the pack that counts
  Mode mode = Mode::observe;
  std::map<std::string, Override> overrides;  // by clause
  Action on_not_inspected = Action::pass;     // what is done where a part could not be read
  Action on_broken_mime = Action::pass;       // … or the structure is ambiguous (it is then read in every way; over a bound always holds)
  ReminderPolicy reminders;
  std::string footer_key;                     // of the marks on Beadle's own lines (mail/footer_mark.h); "": none is made or believed
  std::string digest;                         // of rules, roster and these settings: 12 hexadecimal digits
};

struct Decision {
  Verdict verdict;
  std::string edited;       // the message with the footer; "" where nothing is edited
  ReminderChanges reminders;  // take effect when the message leaves, not while it is held
  std::string footer_mark;  // of the line of ours that leaves with the message, now or earlier appended; "" where there is none
};

/// How far a clause may act: as shipped or as the council wants it, and no further than the whole of Beadle.
Mode mode_in_force(const std::string& clause, Mode shipped, const Policy& policy);

/// error: try_later, where the matcher ran out of memory.
Result<Decision> inspect(const mail::Message& message, const Envelope& envelope, const Policy& policy, const History& history,
                         Time now);

/// Message-IDs to look up for History: own id first, then In-Reply-To and References.
std::vector<std::string> history_keys(const mail::Message& message);

}  // namespace beadle::inspect
