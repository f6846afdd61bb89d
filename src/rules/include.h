// One pack that builds on another: `include` takes over its rules under their own clause ids, [[change]] does some of them differently.
#pragma once

#include <vector>

#include "base/problem.h"
#include "rules/pack.h"

namespace beadle::rules {

/// Puts the rules that each pack includes before its own, changed as it says. Notes packs and clauses that nobody knows, circles, and what
/// would be included or changed twice, each with its place.
void resolve_includes(std::vector<Pack>& packs, Problems& problems);

}  // namespace beadle::rules
