// The report of a replay as one HTML file by itself: charts, tables, examples, and a sample to mark by hand. No script, nothing loaded from elsewhere.
// Not for publishing: it holds words of mail, and says so at its top. All words of mail go through web/html.h, which lets none become markup.
#pragma once

#include <string>

#include "cli/replay_report.h"

namespace beadle::cli {

/// UTF-8.
std::string to_html(const ReplayReport& report);

}  // namespace beadle::cli
