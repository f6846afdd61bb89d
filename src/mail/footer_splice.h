// Plans the insertion of a line into one text part, as a splice of its encoded bytes: where it is to stand, in which characters,
// in which transfer encoding. Leaves the choice of the parts to footer_gate.h and the proof to edit.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/edit.h"
#include "mail/message.h"

namespace beadle::mail {

struct Splice {
  std::vector<Edit> edits;  // empty where `refusal` is not
  std::string refusal;
  std::vector<std::string> remarks;
};

/// `line` (UTF-8) for the text part at `part`.
Splice splice_line(const Message& message, std::size_t part, std::string_view line);

/// `line` as plain text parts with this charset and encoding can hold it: bytes of that charset, or Latin letters without marks.
/// Empty where neither can be.
std::string line_in_charset(std::string_view line, std::string_view charset, bool eight_bit);

/// "<p>CC Councillor …</p>" in ASCII.
std::string line_in_html(std::string_view line);

/// May bytes of this charset be read as ASCII at the begin of a line?
bool extends_ascii(std::string_view charset);

/// Do bytes over 127 already stand in `part`, or may they?
bool allows_eight_bit(const Message& message, const Part& part);

}  // namespace beadle::mail
