// Ids of held messages and of reminders: 26 characters, Crockford's base 32 in lower case: 48 bit of time, so that they sort by it, and 80 random
// bits.
#pragma once

#include <string>
#include <vector>
#include <string_view>

#include "store/sqlite.h"

namespace beadle::store {

std::string new_id(Time now);
/// As ids are written: lower case, what people misread set right. "" where `text` has other letters or is empty.
std::string canonical_id(std::string_view text);
/// Sorts before every id that was made at `time` or later, and behind all earlier ones.
std::string first_id_at(Time time);

/// The id that `part` stands for: its beginning or its end (at least 6 characters), or all of it. Ids that were made within minutes begin alike, but no
/// two end alike. i and l read as 1, o as 0, as people misread them.
/// error: usage (too short), not_found, bad_data (several: says which)
Result<std::string> find_id(Database& database, std::string_view part);
/// The same of a reminder.
Result<std::string> find_reminder_id(Database& database, std::string_view part);
/// All that `part` may stand for, sorted, at most `most`. error: usage
Result<std::vector<std::string>> find_ids(Database& database, std::string_view part, std::size_t most);

}  // namespace beadle::store
