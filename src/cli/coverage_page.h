// The coverage of a protocol as a page that a council publishes: what its mail filter checks, what then happens, and what it cannot check.
// One HTML file by itself: no script, nothing loaded from elsewhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/coverage.h"

namespace beadle::cli {

struct CoveragePage {
  rules::Protocol protocol;
  std::string council;  // whose page it is; the pack's council unless the roster says otherwise
  std::string date;     // "2026-11-26"
  std::string contact;  // whom to ask, in words
  rules::Mode mode = rules::Mode::enforce;  // of the whole filter
};

/// `coverage` with actions and modes as they are in force. UTF-8.
std::string to_html(const CoveragePage& page, const std::vector<rules::Coverage>& coverage);

/// "26 November 2026"; `date` itself where it is none.
std::string spoken_date(std::string_view date);

}  // namespace beadle::cli
