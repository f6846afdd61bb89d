// Runs the examples of rule packs: each `matches` must make its own rule fire, each `passes` must not; of reminders, each `matches` must open it, and as
// an answer to the first of them each `closes` must close it, each `waits` must not.
#pragma once

#include <string>

#include "base/problem.h"
#include "people/directory.h"
#include "rules/rule_set.h"

namespace beadle::inspect {

struct ExampleResult {
  Problems problems;  // failed examples, with file and place
  std::size_t rules = 0;
  std::size_t reminders = 0;
  std::size_t examples = 0;
};

/// `people` is the council that the examples play in (rules/examples/roster.toml).
ExampleResult check_rule_examples(const rules::RuleSet& rules, const people::Directory& people);

/// The whole message that an example stands for, CRLF line ends.
std::string example_mail(const rules::Example& example, const people::Directory& people);
/// The address that a word of an example stands for: "councillor" → councillor@council.example, "firm" → info@firm.example.
std::string example_address(std::string_view word, const people::Directory& people);

}  // namespace beadle::inspect
