#include <fstream>
#include <string>

#include "base/text.h"
#include "net/stream.h"

#include "catch.h"

using namespace beadle;

TEST_CASE("endpoints are read in both spellings") {
  std::ifstream file(BEADLE_TEST_DATA "/net/endpoints.tsv");
  std::size_t seen = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto cells = split(line, '\t');
    INFO(line);
    REQUIRE(cells.size() == 2);
    ++seen;
    std::string message;
    const auto endpoint = net::parse_endpoint(cells[0], message);
    if (cells[1].starts_with('!')) {
      CHECK_FALSE(endpoint);
      CHECK(message == cells[1].substr(1));
    } else {
      REQUIRE(endpoint);
      CHECK(message.empty());
      CHECK(net::to_string(*endpoint) == cells[1]);
      CHECK(net::parse_endpoint(net::to_string(*endpoint), message) == endpoint);
    }
  }
  CHECK(seen > 20);
}

TEST_CASE("an endpoint with control characters is refused") {
  std::string message;
  CHECK_FALSE(net::parse_endpoint("unix:/run/a\nb", message));
  CHECK(message == "it has control characters");
}
