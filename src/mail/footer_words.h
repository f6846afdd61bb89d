// How the appended line is written in a text part: in the characters that the part's charset has, in HTML as ASCII with numeric
// references. Leaves the transfer encoding to footer_splice.h and a change of the charset to footer_relabel.h.
#pragma once

#include <string>
#include <string_view>

#include "mail/message.h"

namespace beadle::mail {

/// `line` as plain text of this charset: its bytes there, or Latin letters without marks. Empty where neither can be.
/// `eight_bit`: bytes over 127 may stand in the part.
std::string line_in_charset(std::string_view line, std::string_view charset, bool eight_bit);

/// "<p>CC Councillor …</p>" in ASCII.
std::string line_in_html(std::string_view line);

/// `line` as it stands in the decoded body of `part`, labelled as it is.
std::string line_in_part(const Message& message, const Part& part, std::string_view line);

/// May bytes of this charset be read as ASCII at the begin of a line?
bool extends_ascii(std::string_view charset);

/// Do bytes over 127 already stand in `part`, or may they?
bool allows_eight_bit(const Message& message, const Part& part);

/// The same for all ways to write one line: Latin letters without marks.
std::string plain_words(std::string_view line);

}  // namespace beadle::mail
