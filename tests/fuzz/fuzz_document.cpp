// Any bytes as a document, read by our own readers and libarchive, without the sandbox: never a crash, and what is said is always
// a whole answer that the caller's side takes. PDF and TNEF are left out: they are read by libraries whose faults are why there
// is a sandbox.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "extract/child/document.h"
#include "extract/wire.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle::extract;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.find("%PDF-") != std::string_view::npos || input.find("\x78\x9F\x3E\x22") != std::string_view::npos) return 0;
  wire::Reader reader;
  Report report([&](std::string_view bytes) {
    if (!reader.feed(bytes)) std::abort();
  });
  read_request(report, "a", input);
  report.end();
  if (!reader.ended() || !reader.failed().empty()) std::abort();
  const Extraction& extraction = reader.extraction();
  if ((extraction.outcome == Outcome::ok) != extraction.unread.empty()) std::abort();
  return 0;
}
