// Envelopes made again from headers: tests/data/replay/envelopes.tsv.
#include "replay/envelope.h"

#include <algorithm>
#include <fstream>

#include "base/text.h"

#include "catch.h"

namespace beadle::replay {

TEST_CASE("envelopes are made again from headers (envelopes.tsv)") {
  std::ifstream file(BEADLE_TEST_DATA "/replay/envelopes.tsv");
  REQUIRE(file);
  std::size_t rows = 0;
  for (std::string row; std::getline(file, row);) {
    if (row.empty() || row.front() == '#') continue;
    ++rows;
    const auto fields = split(row, '\t');
    INFO(row);
    REQUIRE(fields.size() == 5);
    std::string header(fields[0]);
    std::replace(header.begin(), header.end(), '|', '\n');
    const Rebuilt rebuilt = rebuild_envelope(mail::parse_message(header + "\n\nwords\n"));
    CHECK(rebuilt.envelope.sender == fields[1]);
    CHECK(joined(rebuilt.envelope.recipients, " ") == fields[2]);
    CHECK(rebuilt.records_blind == (fields[3] == "yes"));
  }
  CHECK(rows >= 15);
}

}  // namespace beadle::replay
