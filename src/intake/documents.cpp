#include "intake/documents.h"

#include <chrono>
#include <filesystem>

#include "base/limits.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/codec.h"
#include "mail/html.h"
#include "mail/texts.h"

namespace beadle::intake {
namespace {

namespace fs = std::filesystem;
using extract::Passage;
using extract::Place;

bool marks(Place place) {
  return place == Place::file_name || place == Place::properties || place == Place::first_page || place == Place::header_footer;
}

// A mail within an archive: its words, whoever wrote them.
std::string words_of_message(const std::string& bytes) {
  const mail::Message inner = mail::parse_message(bytes);
  std::string words = inner.subject + "\n\n";
  for (const mail::Text& text : inner.texts) words += text.utf8 + "\n";
  return words;
}

std::string words_of(const Passage& passage) {
  switch (passage.place) {
    case Place::raw_text:
      return mail::to_utf8(passage.text, "").utf8;
    case Place::raw_html:
      return mail::html_to_text(mail::to_utf8(passage.text, mail::html_charset(passage.text)).utf8).utf8;
    case Place::raw_message:
      return words_of_message(passage.text);
    default:
      return valid_utf8(passage.text);
  }
}

struct DocumentRead {
  mail::Document document;
  bool is_settled = true;  // another time, more would not be read of it
};

DocumentRead read_document(const mail::Part& part, std::string_view body, const extract::Extractor& extractor, std::int64_t ms_left) {
  DocumentRead out;
  mail::Document& document = out.document;
  document.part = part.id;
  const std::string bytes = mail::decode_body(body, part.encoding).bytes;
  const extract::Extraction read = extractor.run(bytes, part.file_name, ms_left);
  for (const Passage& passage : read.passages) {
    std::string words = words_of(passage);
    if (!trimmed(words).empty()) document.texts.push_back({printable(passage.path), marks(passage.place), std::move(words)});
  }
  for (const extract::Unread& unread : read.unread) {
    std::string reason(extract::to_string(unread.outcome));
    if (!unread.detail.empty()) reason += ": " + printable(unread.detail);
    document.unread.push_back({part.id, std::move(reason), printable(unread.path)});
    out.is_settled = out.is_settled && unread.outcome != extract::Outcome::limit && unread.outcome != extract::Outcome::crashed;
  }
  return out;
}

const mail::Part* part_with_bytes(const mail::Message& message, std::string_view id) {
  for (const mail::Part& part : message.parts) {
    if (part.id == id && part.body.size() > 0 && part.children.empty()) return &part;
  }
  return nullptr;
}

std::string find_extract_program(const std::string& given) {
  std::error_code error;
  if (!given.empty()) return fs::is_regular_file(given, error) ? given : "";
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  for (const fs::path& path : {self.parent_path() / "beadle-extract", fs::path(BEADLE_EXTRACT_INSTALLED)}) {
    if (path.is_absolute() && fs::is_regular_file(path, error)) return path.string();
  }
  return "";
}

}  // namespace

void read_documents(mail::Message& message, const extract::Extractor& extractor, std::int64_t budget_ms, DocumentMemory* memory) {
  using std::chrono::steady_clock;
  const auto end = steady_clock::now() + std::chrono::milliseconds(budget_ms);
  for (const mail::NotInspected& entry : message.not_inspected) {
    if (entry.reason != mail::document_reason) continue;
    const mail::Part* part = part_with_bytes(message, entry.part);
    if (part == nullptr) continue;
    const std::string_view body = mail::slice(message.bytes, part->body);
    const SipHash hash = memory == nullptr ? SipHash{} : memory->hash_of(body, part->encoding, part->file_name);
    if (const auto known = memory == nullptr ? nullptr : memory->find(hash)) {
      message.documents.push_back(*known);
      message.documents.back().part = part->id;
      continue;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now());
    if (left.count() <= 0) {
      message.documents.push_back({entry.part, {}, {{entry.part, "limit: no time left for this document", entry.file_name}}});
      continue;
    }
    DocumentRead read = read_document(*part, body, extractor, left.count());
    if (memory != nullptr && read.is_settled) memory->keep(hash, read.document);
    message.documents.push_back(std::move(read.document));
  }
}

std::function<void(mail::Message&)> document_reader(const DocumentSettings& settings) {
  const std::string program = find_extract_program(settings.program);
  if (program.empty()) return nullptr;
  const auto extractor = std::make_shared<const extract::Extractor>(
      extract::ExtractorSettings{.program = program, .wall_clock_ms = settings.wall_clock_ms, .bounds = settings.bounds, .nursery = true});
  return [extractor, memory = std::make_shared<DocumentMemory>(), budget_ms = settings.budget_ms](mail::Message& message) {
    read_documents(message, *extractor, budget_ms, memory.get());
  };
}

}  // namespace beadle::intake
