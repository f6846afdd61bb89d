// Why a rule did or did not find something in a message: for each of its tables the first key that failed.
#pragma once

#include <string>
#include <vector>

#include "inspect/facts.h"
#include "inspect/inspect.h"

namespace beadle::inspect {

/// What one rule made of a message. A clause may have several rules.
struct Explanation {
  std::string clause;
  rules::Action action = rules::Action::flag;
  Position at;
  bool found = false;                 // a `when` table holds, and no `unless`
  std::vector<std::string> failed;    // of each `when` table, in order: the first key that failed, "" where it holds
  int excepted = -1;                  // the `unless` table that holds, counted from 0; -1: none, or not asked
  std::vector<Evidence> evidence;     // of the table that holds
};

/// Of every rule of the clause ("exmouth/correspondence-4") in the policy's protocol, or of all its rules where `clause` is empty.
/// error: try_later, where the matcher ran out of memory.
Result<std::vector<Explanation>> explain(const mail::Message& message, const Envelope& envelope, const Policy& policy, const History& history,
                                         std::string_view clause);

}  // namespace beadle::inspect
