// Wilson's interval against values worked out by others (Newcombe, Statistics in Medicine 17, 1998, table I).
#include "replay/precision.h"

#include "catch.h"

namespace beadle::replay {
namespace {

void has(std::uint64_t right, std::uint64_t all, double low, double high) {
  INFO(right << " of " << all);
  const Interval interval = wilson(right, all);
  CHECK(interval.low == Approx(low).margin(0.00006));
  CHECK(interval.high == Approx(high).margin(0.00006));
}

}  // namespace

TEST_CASE("Wilson's interval") {
  has(81, 263, 0.2553, 0.3662);
  has(15, 148, 0.0624, 0.1605);
  has(0, 20, 0, 0.1611);
  has(1, 29, 0.0061, 0.1718);
  has(0, 0, 0, 1);
  has(20, 20, 0.8389, 1);
  has(7, 3, wilson(3, 3).low, 1);  // never more than all
}

}  // namespace beadle::replay
