// Other readers of mail, to compare with: what they take to parse the same bytes in the same run.
#pragma once

#include <string>

namespace beadle::bench {

/// mimetic, bodies and all. Gives the number of parts, so that nothing is left out as unused.
std::size_t parse_with_mimetic(const std::string& bytes);
/// GMime 3, from memory.
std::size_t parse_with_gmime(const std::string& bytes);

}  // namespace beadle::bench
