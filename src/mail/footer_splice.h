// Plans a change of one text part as a splice of its encoded bytes: a line put in, or one of ours put in the place of another.
// Leaves the choice of the parts to footer_gate.h, the place to footer_place.h and the proof to edit.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/edit.h"
#include "mail/footer_place.h"
#include "mail/message.h"

namespace beadle::mail {

/// `written` (footer_words.h) as a line by itself at `place`, with blank lines about it (RFC 3676 §4.2: they end a paragraph).
Edit insert_line(const Message& message, const FooterText& text, std::size_t place, std::string_view written);

/// `written` in the place of `line`.
Edit replace_line(const Message& message, const FooterText& text, Range line, std::string_view written);

/// Line ends of the stretch: "\r\n" or "\n", "" where there is none.
std::string_view first_line_end(std::string_view text);

}  // namespace beadle::mail
