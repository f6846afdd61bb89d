// Any bytes as an mbox. Messages lie within the file, in order, without overlap, and are the same in whatever pieces it is read; taking quote marks away
// adds nothing.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "replay/mbox.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

using Ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

Ranges cut(std::string_view file, std::size_t piece) {
  Ranges out;
  beadle::replay::MboxSplitter splitter([&](std::uint64_t begin, std::uint64_t end) { out.emplace_back(begin, end); });
  for (std::size_t at = 0; at < file.size(); at += piece) splitter.feed(file.substr(at, piece));
  splitter.finish();
  require(splitter.before_first() <= file.size());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  const Ranges whole = cut(file, size + 1);
  std::uint64_t last = 0;
  for (const auto& [begin, end] : whole) {
    require(last <= begin && begin <= end && end <= size);
    last = end;
  }
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{64}}) require(cut(file, piece) == whole);
  require(beadle::replay::unquoted(std::string(file)).size() <= size);
  return 0;
}
