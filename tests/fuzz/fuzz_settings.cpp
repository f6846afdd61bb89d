// Any bytes as settings: never a crash; what is taken comes back the same from its own TOML.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "config/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Problems problems;
  const auto settings = config::parse_settings(text, "/etc/beadle/beadle.toml", problems);
  if (settings.has_value() == has_errors(problems)) std::abort();
  if (!settings || !is_valid_utf8(text)) return 0;
  const std::string written = config::to_toml(*settings);
  Problems again_problems;
  const auto again = config::parse_settings(written, "/etc/beadle/beadle.toml", again_problems);
  if (!again || config::to_toml(*again) != written) std::abort();
  return 0;
}
