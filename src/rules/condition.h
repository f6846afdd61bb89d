// Reads one table of `when` or `unless`.
#pragma once

#include "base/document.h"
#include "rules/pack.h"

namespace beadle::rules {

/// `what` names the table in messages ("when", "unless"); what is wrong is noted in `problems`.
Condition read_condition(const Value& table, std::string_view file, std::string_view what, Problems& problems);

}  // namespace beadle::rules
