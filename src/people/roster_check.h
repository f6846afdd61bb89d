// What is legal in a roster, but a person should look at: an address twice, a domain with a slip of typing, nobody as clerk …
// Speaks only of rosters without errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "people/roster.h"

namespace beadle::people {

struct Placed {
  std::string text;
  Position at;
};

/// Where the parts of a Roster stand in its file; same order and count as there.
struct RosterPlaces {
  struct ListPlaces {
    Position address, members, group;
    std::vector<Position> each_member;
  };
  std::vector<Position> domains;
  std::vector<Position> names, groups;         // of each person
  std::vector<std::vector<Position>> emails;   // of each person
  std::vector<ListPlaces> lists;
  std::vector<std::vector<Position>> matches;  // of each contact
};

void note_oddities(const RosterPlaces& places, const Roster& roster, std::string_view file, Problems& problems);

}  // namespace beadle::people
