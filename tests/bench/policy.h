// The shipped rules over the example council, and the same with many times as many.
#pragma once

#include <cstddef>
#include <string>

#include "inspect/inspect.h"

namespace beadle::bench {

/// What is there `times` times, each copy under names of its own.
struct Copies {
  std::size_t rules = 1;  // of the pack that counts
  std::size_t cues = 1;   // with their patterns (each copy has others) and weights; rules go with them
};

/// Every pack, lexicon and table of `rules/`. Ends the program with the mistakes where they cannot be read.
inspect::Policy shipped_policy(Copies copies);

}  // namespace beadle::bench
