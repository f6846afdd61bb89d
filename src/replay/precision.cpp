#include "replay/precision.h"

#include <algorithm>
#include <cmath>

namespace beadle::replay {

Interval wilson(std::uint64_t right, std::uint64_t all) {
  if (all == 0) return {};
  constexpr double z = 1.959963984540054;  // 97.5 % of a normal distribution lie below it
  const auto n = static_cast<double>(all);
  const double share = static_cast<double>(std::min(right, all)) / n;
  const double scale = 1 + z * z / n;
  const double middle = (share + z * z / (2 * n)) / scale;
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / scale;
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

}  // namespace beadle::replay
