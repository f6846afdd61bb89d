// The tables, as a numbered list of steps that only ever grows: PRAGMA user_version says which step a file has reached.
// A step once published is never edited; a change is a new step.
// Failures: bad_data where the file is another program's or was written by a newer Beadle.
#pragma once

#include <span>

#include "store/sqlite.h"

namespace beadle::store {

struct Migration {
  int version = 0;  // 1, 2, 3 …
  const char* sql = "";
};

std::span<const Migration> migrations();

/// PRAGMA application_id of our files: "Bead".
inline constexpr std::int64_t application_id = 0x42656164;

/// Changes nothing. Error where the file is not ours, or newer than `known_version`.
Result<void> check_identity(Database& database, int known_version);
/// Runs the steps that are missing, all in one transaction: a crash leaves the old tables or the new ones.
Result<void> bring_up_to_date(Database& database, std::span<const Migration> steps, Time now);

}  // namespace beadle::store
