// Which political groups a text names: tests/data/people/tables/groups.tsv.
#include "people/groups.h"

#include <fstream>

#include "base/text.h"
#include "catch.h"

namespace beadle::people {
namespace {

GroupIndex index_of_all() {
  GroupIndex index;
  for (const char* name : {"Labour", "Conservative Group", "Liberal Democrat", "Green Party", "Independent", "Ashdown Residents' Alliance", "Reform UK"}) index.add(name);
  return index;
}

}  // namespace

TEST_CASE("groups are found by their names, and everyday words are none") {
  const GroupIndex index = index_of_all();
  std::ifstream file(std::string(BEADLE_TEST_DATA) + "/people/tables/groups.tsv");
  std::size_t rows = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const auto columns = split(line, '\t');
    INFO(line);
    REQUIRE(columns.size() == 3);
    const std::string found = joined(index.find_in(columns[0]), ", ");
    CHECK((found.empty() ? "-" : found) == columns[1]);
    ++rows;
  }
  CHECK(rows >= 20);
}

TEST_CASE("a group is known once, and nothing is found where there is none") {
  GroupIndex index;
  CHECK(index.find_in("The Labour group met.").empty());
  index.add("");
  index.add(" group");
  index.add("Labour");
  index.add("Labour");
  CHECK(index.find_in("The Labour group met; the Labour group voted.") == std::vector<std::string>{"Labour"});
}

}  // namespace beadle::people
