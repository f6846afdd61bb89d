#include "base/network.h"

#include <fstream>
#include <string>

#include "base/text.h"

#include "catch.h"

using namespace beadle;
using namespace beadle;

TEST_CASE("networks are read, written back, and contain what they should") {
  std::ifstream file(BEADLE_TEST_DATA "/base/networks.tsv");
  std::size_t seen = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const auto cells = split(line, '\t');
    INFO(line);
    ++seen;
    std::string message = "old";
    const auto network = parse_network(cells[0], message);
    if (cells[1].starts_with('!')) {
      CHECK_FALSE(network);
      CHECK(message == cells[1].substr(1));
      continue;
    }
    REQUIRE(cells.size() == 4);
    REQUIRE(network);
    CHECK(message.empty());
    CHECK(to_string(*network) == cells[1]);
    CHECK(parse_network(to_string(*network), message) == network);
    for (const std::string_view host : split(cells[2], ' ')) {
      INFO(host);
      CHECK(network->contains(host));
      CHECK(any_contains({{}, *network}, host));
    }
    for (const std::string_view host : split(cells[3], ' ')) {
      INFO(host);
      CHECK_FALSE(network->contains(host));
    }
  }
  CHECK(seen > 40);
}

TEST_CASE("odd text is no address and in no network") {
  std::string message;
  const std::string odd[] = {std::string("192.0.2.7\0", 10), std::string("\0", 1), std::string(100'000, '1'),
                             std::string(100'000, ':'), ""};
  const Network everything = parse_network("0.0.0.0/0", message).value();
  for (const std::string& text : odd) {
    CHECK_FALSE(parse_network(text, message));
    CHECK_FALSE(everything.contains(text));
  }
  CHECK_FALSE(any_contains({}, "192.0.2.7"));
  CHECK_FALSE(any_contains({}, "unix"));
}
