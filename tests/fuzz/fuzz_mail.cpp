// Any bytes as a message: always a Message, every range within it, zones that cover their text, and bounds kept.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/limits.h"
#include "base/text.h"
#include "mail/message.h"

namespace {

using namespace beadle;
using namespace beadle::mail;

void demand(bool holds) {
  if (!holds) std::abort();
}

void demand_within(const Range& range, std::size_t size) { demand(range.begin <= range.end && range.end <= size); }

void demand_part(const Message& message, std::size_t index) {
  const Part& part = message.parts[index];
  demand_within(part.header, message.bytes.size());
  demand_within(part.body, message.bytes.size());
  demand(index == 0 ? part.parent == -1 : part.parent >= 0 && part.parent < static_cast<int>(index));
  for (const int child : part.children) {
    demand(child > static_cast<int>(index) && child < static_cast<int>(message.parts.size()));
    demand(message.parts[static_cast<std::size_t>(child)].parent == static_cast<int>(index));
  }
  for (const Field& field : part.fields) {
    demand_within(field.whole, message.bytes.size());
    demand_within(field.value, message.bytes.size());
  }
  demand(is_valid_utf8(part.file_name));
}

void demand_text(const Message& message, const Text& text) {
  demand(text.part >= 0 && text.part < static_cast<int>(message.parts.size()));
  demand(is_valid_utf8(text.utf8) && is_valid_utf8(text.hidden));
  std::size_t at = 0;
  for (const Zone& zone : text.zones) {
    demand(zone.range.begin == at && zone.range.end > at);
    demand(zone.original >= -1 && zone.original < static_cast<int>(message.originals.size()));
    at = zone.range.end;
  }
  demand(at == text.utf8.size() || text.zones.empty());
}

void demand_original(const Message& message, const Original& original) {
  demand(original.part >= -1 && original.part < static_cast<int>(message.parts.size()));
  demand(original.text >= -1 && original.text < static_cast<int>(message.texts.size()));
  if (original.text < 0) return;
  const std::size_t size = message.texts[static_cast<std::size_t>(original.text)].utf8.size();
  demand_within(original.range, size);
  demand(original.words <= size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Message message = parse_message(std::string(reinterpret_cast<const char*>(data), size));
  demand(!message.parts.empty() && message.bytes.size() == size);
  for (std::size_t i = 0; i < message.parts.size(); ++i) demand_part(message, i);
  for (const Text& text : message.texts) demand_text(message, text);
  for (const Original& original : message.originals) demand_original(message, original);
  demand(message.parts.size() <= limits::mime_parts_max + 1);
  demand(is_valid_utf8(message.subject));
  return 0;
}
