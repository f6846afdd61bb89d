// Has the documents of a message read by beadle-extract, and adds their texts to the message. What cannot be read stays known as such.
#pragma once

#include <functional>

#include "extract/extractor.h"
#include "mail/message.h"

namespace beadle::intake {

/// Reads documents with the beadle-extract beside the running program (a build folder), else with the installed one; nullptr where it is in
/// neither place. Whoever has none leaves documents not inspected.
std::function<void(mail::Message&)> document_reader();

/// Fills Message::documents for every part that is a document. Within limits::documents_of_mail_ms for all of them together; those that are
/// left over then are unread.
void read_documents(mail::Message& message, const extract::Extractor& extractor);

}  // namespace beadle::intake
