// Any bytes as the header of a message in a reviewer's mailbox: never a crash, and never one of ours.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "mailbox/mark.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view header(reinterpret_cast<const char*>(data), size);
  static const std::string key(32, 'k');
  if (beadle::mailbox::read_mark(header, key, "sam").mark) std::abort();
  // Behind our own fields, whatever stands there: they are read, or there are others of that name.
  std::string ours;
  for (const auto& [name, value] : beadle::mailbox::mark_fields({"01k4vwqf7nc2r8m0d5t3xyz9ab"}, key, "sam")) ours += name + ": " + value + "\r\n";
  const auto read = beadle::mailbox::read_mark(ours + "\r\n" + std::string(header), key, "sam");
  if (!read.mark || read.mark->id != "01k4vwqf7nc2r8m0d5t3xyz9ab") std::abort();
  return 0;
}
