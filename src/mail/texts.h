// What a message has to read: the decoded text of each part with its zones, letters that are attached, and what could not be read.
// Reads as a union: where readers could differ (odd encodings, doubled fields, bytes in no part), each reading is looked at; what a
// sane reader does not show goes to Text::hidden.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "mail/message.h"

namespace beadle::mail {

/// Message::not_inspected of a part that is a document: what extract/ can read. A document within a text (uuencoded) is no part and has
/// another reason, so that it stays known as not read.
inline constexpr std::string_view document_reason = "document", uuencoded_reason = "uuencoded document";

/// Fills texts, originals and not_inspected of a Message with parts and header fields. `depth`: how many encoded messages we are in.
void read_texts(Message& message, std::size_t depth);

/// parse_message for one that was found encoded within another.
Message parse_message_at(std::string bytes, std::size_t depth);

}  // namespace beadle::mail
