// Any bytes as an IMAP server: the client never crashes, and hears of no message that it did not ask for, nor of one twice.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>
#include <variant>
#include <vector>

#include "imap/machine.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle::imap;
  if (size < 2) return 0;
  const std::size_t piece = 1u + data[1];
  std::string_view input(reinterpret_cast<const char*>(data + 2), size - 2);
  const std::vector<std::uint32_t> uids = {3, 4, 7, 9};
  Machine machine;
  unsigned next = data[0] % 9;
  std::set<std::uint32_t> heard;
  const auto begin = [&] {
    heard.clear();
    bool begun = true;
    switch (next++ % 9) {
      case 0: machine.ask_capabilities(); break;
      case 1: machine.ask_namespaces(); break;
      case 2: machine.list_folders(); break;
      case 3: machine.open_folder("Sent", true); break;
      case 4: machine.search(3, 9); break;
      case 5: machine.fetch_summaries(uids); break;
      case 6: machine.fetch_bodies(uids); break;
      case 7: machine.fetch_headers(uids, 100); break;
      default: begun = machine.move(uids, "Held"); break;
    }
    if (!begun) machine.noop();
  };
  begin();
  bool ended = false;
  while (!input.empty() && machine.problem().empty() && !ended) {
    machine.feed(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
    while (const auto event = machine.next_event()) {
      if (const auto* item = std::get_if<Item>(&*event)) {
        if (std::find(uids.begin(), uids.end(), item->uid) == uids.end() || !heard.insert(item->uid).second) std::abort();
      }
      if (const auto* found = std::get_if<Found>(&*event)) {
        for (const std::uint32_t uid : found->uids) {
          if (uid < 3 || uid > 9) std::abort();
        }
      }
      ended = ended || std::holds_alternative<Bye>(*event);
      if (std::holds_alternative<Completed>(*event) && !ended) begin();
    }
    if (machine.take_output().find('\0') != std::string::npos) std::abort();
  }
  return 0;
}
