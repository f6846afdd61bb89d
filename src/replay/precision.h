// How many of a sample of findings people called right, with the interval that the true share lies in with 95 % (Wilson, JASA 22, 1927). It is honest for
// small samples and shares near 1, where the usual formula is not.
#pragma once

#include <cstdint>

namespace beadle::replay {

struct Interval {
  double low = 0, high = 1;
};

/// [0, 1] where `all` is 0.
Interval wilson(std::uint64_t right, std::uint64_t all);

}  // namespace beadle::replay
