// Has the documents of a message read by beadle-extract, and adds their texts to the message. What cannot be read stays known as such.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/limits.h"
#include "extract/extractor.h"
#include "intake/document_memory.h"
#include "mail/message.h"

namespace beadle::intake {

struct DocumentSettings {
  std::string program;  // path of beadle-extract; "": the one beside the running program (a build folder), else the installed one
  std::int64_t budget_ms = limits::documents_of_mail_ms;        // for all documents of one mail
  std::int64_t wall_clock_ms = limits::document_wall_clock_ms;  // for one of them
  extract::Bounds bounds{};
};

/// Reads documents as the settings say, and remembers what it read; nullptr where the program is not there. Whoever has none leaves documents not inspected.
std::function<void(mail::Message&)> document_reader(const DocumentSettings& settings = {});

/// Fills Message::documents for every part that is a document. Within `budget_ms` for all of them together; those that are left
/// over then are unread. memory: nullptr to read each of them anew.
void read_documents(mail::Message& message, const extract::Extractor& extractor,
                    std::int64_t budget_ms = limits::documents_of_mail_ms, DocumentMemory* memory = nullptr);

}  // namespace beadle::intake
