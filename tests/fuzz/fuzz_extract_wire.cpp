// Any bytes as the answer of a child that was taken over: the same in one piece or in many, and nothing kept that breaks the
// rules.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "extract/wire.h"

namespace {

using namespace beadle;
using namespace beadle::extract;

wire::Reader read(std::string_view input, std::size_t piece) {
  wire::Reader reader;
  while (!input.empty()) {
    const std::string_view next = input.substr(0, piece);
    if (!reader.feed(next)) break;
    input.remove_prefix(next.size());
  }
  return reader;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  wire::Reader whole = read(input, std::max<std::size_t>(1, input.size()));
  wire::Reader pieces = read(input, 1 + data[0] % 16u);
  if (whole.problem().empty() != pieces.problem().empty()) std::abort();
  if (whole.problem().empty() && whole.ended() != pieces.ended()) std::abort();
  if (whole.problem().empty() && !(whole.extraction() == pieces.extraction())) std::abort();
  for (const Passage& passage : whole.extraction().passages) {
    if (!is_valid_utf8(passage.path) || (!is_raw(passage.place) && !is_valid_utf8(passage.text))) std::abort();
  }
  for (const Unread& unread : whole.extraction().unread) {
    if (unread.outcome == Outcome::ok || unread.outcome > whole.extraction().outcome) std::abort();
  }
  static_cast<void>(wire::parse_request(input));
  return 0;
}
