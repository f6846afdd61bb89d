// The mark of a line that Beadle appended: a keyed digest (HMAC-SHA-256) of its words and the Message-ID, in the header field
// Beadle-Footer. When the same message comes by again, a line that stands in its text with its mark is Beadle's own; a line
// without, or with the mark of other words or of another message, is the sender's.
#pragma once

#include <string>
#include <string_view>

#include "mail/message.h"

namespace beadle::mail {

inline constexpr std::string_view footer_field = "Beadle-Footer";
/// What every line that Beadle appends begins with.
inline constexpr std::string_view footer_opening = "CC Councillor ";

/// 64 hexadecimal digits, the same for every way to write `line` (footer_words.h). "" where `key` is, or where the message has
/// no Message-ID: a mark that is bound to nothing could be moved to another message.
std::string footer_mark(const Message& message, std::string_view line, std::string_view key);

/// Does the header hold the mark of these words?
bool is_marked(const Message& message, std::string_view words, std::string_view key);

/// The last line among the sender's own words in `text` that has its mark; "" where there is none.
std::string marked_line(const Message& message, const Text& text, std::string_view key);

}  // namespace beadle::mail
