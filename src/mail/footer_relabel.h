// Gives a text part of ASCII letters the label UTF-8, so that a name which its charset lacks can be written in it. Its own text
// reads the same under either label. Edits Content-Type, Content-Transfer-Encoding and MIME-Version only.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "mail/edit.h"
#include "mail/message.h"

namespace beadle::mail {

/// Edits that make `part` (whose decoded text is given) UTF-8; where it has no transfer encoding, 8bit too, as all multiparts around it
/// (RFC 2045 §6.4). nullopt where it must not be, or where a field is written in a way that can be read otherwise.
/// `eight_bit`: the mail server expects bytes over 127.
std::optional<std::vector<Edit>> relabel_edits(const Message& message, std::size_t part, std::string_view decoded, bool eight_bit);

}  // namespace beadle::mail
