// Properties of zones: sorted, without overlap, covering their text, in whole characters; letters and the places of their words
// lie within it; bounds are kept.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/limits.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/html.h"
#include "mail/zones.h"

namespace {

using namespace beadle;
using namespace beadle::mail;

void require(bool holds) {
  if (!holds) std::abort();
}

bool begins_character(std::string_view text, std::size_t at) {
  return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

void check_zones(std::string_view text, const std::vector<HtmlMark>& marks, const ZoneContext& context) {
  const ZonedText found = find_zones(text, marks, context);
  const int originals = static_cast<int>(found.originals.size());
  std::size_t at = 0;
  for (const Zone& zone : found.zones) {
    require(zone.range.begin == at && zone.range.end > at && begins_character(text, at));
    require(zone.original >= -1 && zone.original < originals);
    if (zone.original >= 0) require(at >= found.originals[static_cast<std::size_t>(zone.original)].range.begin);
    at = zone.range.end;
  }
  require(at == text.size());
  require(found.originals.size() <= limits::originals_per_text_max);
  for (const Original& original : found.originals) {
    require(original.where != Original::Where::attached && original.part == -1);
    require(original.range.begin < original.range.end && original.range.end <= text.size());
    require(original.words >= original.range.begin && original.words <= original.range.end);
    require(begins_character(text, original.range.begin) && begins_character(text, original.words));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = to_utf8({reinterpret_cast<const char*>(data), size}, "utf-8").utf8;
  const std::vector<Mailbox> senders = {{"Jane Holt", "jane.holt@exmouth.example", ""}};
  check_zones(text, {}, {.reply = false, .forward = false, .senders = senders});
  check_zones(text, {}, {.reply = true, .forward = false, .senders = senders});
  if (text.find('<') == std::string::npos) return 0;
  const HtmlText html = html_to_text(text);
  check_zones(html.utf8, html.marks, {.reply = false, .forward = true, .senders = senders});
  return 0;
}
