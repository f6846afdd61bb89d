// When a message says that it was written: the Date field as mail programs write it (RFC 5322 §3.3, with the obsolete forms of §4.3).
#pragma once

#include <optional>
#include <string_view>

#include "base/time.h"

namespace beadle::replay {

/// "Mon, 23 Nov 2026 10:00:00 +0000 (GMT)"; nullopt where it is no date between 1980 and 2100. Zones that nobody knows count as UTC.
std::optional<Time> date_from(std::string_view field);

/// "2026-11"
std::string month_of(Time time);

}  // namespace beadle::replay
