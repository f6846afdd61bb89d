// Clauses that need time (rules/pack.h, Reminder): which of them a mail opens, and which open ones it answers. Pure: the open ones are handed in
// with the history, and what is to change is handed back. Who is told when one falls due is left to deliver/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace beadle::inspect {

struct Facts;
struct History;
struct Policy;

/// An open reminder on record that a mail may belong to.
struct OpenReminder {
  std::string id;
  std::string clause;
  std::string writer;               // who opened it, address in comparable form
  std::vector<std::string> asked;   // who has to act
  std::vector<std::string> untold;  // political groups that are still to be told
  bool same_thread = false;         // found by a Message-ID; else only by its subject
  bool operator==(const OpenReminder&) const = default;
};

struct NewReminder {
  std::string clause;
  std::string says;
  std::string message_id;
  std::string subject;         // as a person reads it
  std::string thread_subject;  // thread_subject() of it
  std::string writer;
  std::vector<std::string> asked;
  std::vector<std::string> untold;
  Time opened{};
  Time due{};         // the first moment at which it is late
  bool told = true;   // whether people are told when it falls due; false where its clause is only observed
  bool operator==(const NewReminder&) const = default;
};

/// What a mail does to an open reminder that it belongs to: it joins its thread, and may tell some groups, or close it.
struct ReminderStep {
  std::string id;
  std::vector<std::string> told;
  bool closes = false;
  bool operator==(const ReminderStep&) const = default;
};

struct ReminderChanges {
  std::vector<NewReminder> opens;
  std::vector<ReminderStep> steps;
  bool empty() const { return opens.empty() && steps.empty(); }
};

/// What `message_id` with that subject and those facts changes.
ReminderChanges remind(std::string_view message_id, std::string_view subject, const Facts& facts, const Policy& policy, const History& history, Time now);

/// The subject of a thread: without Re:, Fw:, Fwd:, case and runs of blanks; "" where nothing is left. By it a later mail belongs to a reminder of the
/// same parties although it answers by no Message-ID.
std::string thread_subject(std::string_view subject);

}  // namespace beadle::inspect
