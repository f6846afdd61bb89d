// Tells the sender's own words from quoted and forwarded ones, signatures, disclaimers and banners, in one decoded text.
// Leaves the decoding to charset.h and html.h, and the parsing of quoted header blocks to originals.h.
// A guess is never silent: what could not be told apart for sure stays, with `certain` false.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "mail/message.h"

namespace beadle::mail {

struct HtmlMark;  // html.h

/// Fills the zones of `message.texts[text_index]` (sorted, without overlap, covering all of it) and appends the letters found in
/// it to `message.originals`. `marks` are what the HTML says about quotes; empty for plain text. Linear in the text.
void assign_zones(Message& message, std::size_t text_index, const std::vector<HtmlMark>& marks);

/// What is known of a text besides its words.
struct ZoneContext {
  bool reply = false;    // In-Reply-To, or a subject "Re: …"
  bool forward = false;  // a subject "Fw: …"
  std::vector<Mailbox> senders;
};
ZoneContext zone_context(const Message& message);

/// Zones of a text by itself; Zone::original is an index into `originals`.
struct ZonedText {
  std::vector<Zone> zones;
  std::vector<Original> originals;
};
ZonedText find_zones(std::string_view utf8, const std::vector<HtmlMark>& marks, const ZoneContext& context);

}  // namespace beadle::mail
