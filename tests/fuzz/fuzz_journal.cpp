// Any bytes as the journal of a replay: what is taken of a line comes back the same when it is written anew, and no line is made of a part of one.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "replay/date.h"
#include "replay/journal.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle::replay;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t whole = read_lines(text, [](std::string_view line) {
    (void)date_from(line);
    const auto outcome = outcome_from(line);
    if (!outcome) return;
    const std::string again = to_line(*outcome);
    require(again.find('\n') == std::string::npos && outcome_from(again) == outcome);
  });
  require(whole <= size && (whole == 0 || text[whole - 1] == '\n'));
  return 0;
}
