// Where in a text part the line may stand: below the sender's newest words, where it is certain that they end there, or at the
// end. Leaves the bytes to footer_splice.h.
#pragma once

#include <optional>
#include <string>

#include "mail/body_map.h"
#include "mail/message.h"

namespace beadle::mail {

/// A displayed text part, decoded. Places are offsets into `map.decoded`.
struct FooterText {
  std::size_t part = 0;
  BodyMap map;
  std::optional<std::size_t> above;  // below the own words and above everything else; the end where nothing else follows
  std::size_t end = 0;
  std::string refusal;  // "" where the text may be edited
};
FooterText read_footer_text(const Message& message, std::size_t part);

/// A line by itself (a paragraph, in HTML).
struct StandingLine {
  Range range;        // of FooterText::map.decoded, without line ends
  std::string words;  // UTF-8
};
/// The line that ends at `place`, blank lines left aside, where it is written as Beadle writes its own.
std::optional<StandingLine> line_above(const Message& message, const FooterText& text, std::size_t place);

}  // namespace beadle::mail
