// Has the documents of a message read by beadle-extract, and adds their texts to the message. What cannot be read stays known as such.
#pragma once

#include <string>

#include "extract/extractor.h"
#include "mail/message.h"

namespace beadle::intake {

/// Where beadle-extract is: beside the running program (a build folder), else where it is installed; "" where it is in neither place.
std::string find_extract_program();

/// Fills Message::documents for every part that is a document. Within limits::documents_of_mail_ms for all of them together; those that are
/// left over then are unread.
void read_documents(mail::Message& message, const extract::Extractor& extractor);

}  // namespace beadle::intake
