// Whether the conditions of a rule hold for the facts of a message, and by what evidence; and if not, which key failed first.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inspect/facts.h"
#include "rules/pack.h"

namespace beadle::inspect {

struct Match {
  std::vector<Evidence> evidence;
  std::vector<const people::Person*> copied;  // what recipients-any found, councillors only
  bool weak = false;  // it turns on a passage that is too short to hold a mail for
};

/// The match of the first table that holds. `why_not`, where given, gets the first key that failed in each table ("letter", "cues").
std::optional<Match> match_any(const std::vector<rules::Condition>& conditions, const Facts& facts, const rules::RuleSet& rules,
                               std::vector<std::string>* why_not = nullptr);

}  // namespace beadle::inspect
