// Chooses the thresholds of weighed cues by labelled messages: for each cue in turn the points with which the messages of all folders are judged
// best, until none changes any more. What a false alarm costs depends on who may write to whom, so that sentences alone cannot tell.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "eval/labelled_mail.h"
#include "rules/rule_set.h"

namespace beadle::eval {

/// Folders of labelled messages, read. All policies share one set of rules.
struct Workbench {
  std::vector<Case> cases;
  std::vector<mail::Message> messages;
  inspect::Policy policy;
};

struct Tuning {
  std::map<std::string, int> points;  // of each weighed cue
  double loss_before = 0, loss = 0;
};

/// rules: those of the policies; their thresholds are changed while this runs, and stay as they were chosen. `step` is told each cue and how many
/// messages' worth is lost. rounds: at most so often through all cues.
/// error: inspection failed.
Result<Tuning> tune(const std::vector<Workbench>& folders, rules::RuleSet& rules, int rounds,
                    const std::function<void(const std::string& cue, int before, int after, double loss)>& step);

}  // namespace beadle::eval
