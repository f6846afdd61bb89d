// Cells of CSV files (RFC 4180), safe to open in a spreadsheet. Rows are the caller's; nothing fails.
#pragma once

#include <string>
#include <string_view>

namespace beadle::review {

/// In quotes; what a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection").
std::string csv_cell(std::string_view text);

}  // namespace beadle::review
