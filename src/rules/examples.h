// Runs the examples of lexicons: each `matches` must have its cue, each `passes` must not. Examples of rules need people and are
// run by inspect/examples.h.
#pragma once

#include "base/problem.h"
#include "rules/rule_set.h"

namespace beadle::rules {

/// One problem for each example that is not as it should be, with its place.
Problems check_cue_examples(const RuleSet& rules);

}  // namespace beadle::rules
