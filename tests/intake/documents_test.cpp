// What settings change of the reading of attached documents. What is read out of which is asked in tests/extract.
#include "intake/documents.h"

#include <algorithm>

#include "base/text.h"

#include "catch.h"

namespace beadle::intake {
namespace {

mail::Message with_documents(std::size_t count, const std::string& words) {
  std::string bytes = "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
  for (std::size_t i = 0; i < count; ++i)
    bytes += "--b\r\nContent-Type: application/rtf; name=paper.rtf\r\n\r\n{\\rtf1 " + words + "}\r\n";
  return mail::parse_message(bytes + "--b--\r\n");
}

mail::Message read_by(const DocumentSettings& settings, mail::Message message) {
  const auto reader = document_reader(settings);
  REQUIRE(reader);
  reader(message);
  return message;
}

std::string repeated(std::string_view words, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += words;
  return out;
}

std::size_t text_bytes(const mail::Document& document) {
  std::size_t bytes = 0;
  for (const mail::DocumentText& text : document.texts) bytes += text.utf8.size();
  return bytes;
}

}  // namespace

TEST_CASE("documents are read by the program that the settings name, and by none that is not there") {
  const mail::Message message = read_by({.program = BEADLE_EXTRACT_PROGRAM}, with_documents(2, "The path is swept."));
  REQUIRE(message.documents.size() == 2);
  for (const mail::Document& document : message.documents) {
    CHECK(document.unread.empty());
    CHECK(std::any_of(document.texts.begin(), document.texts.end(),
                      [](const mail::DocumentText& text) { return trimmed(text.utf8) == "The path is swept."; }));
  }
  CHECK_FALSE(document_reader({.program = "/nowhere/beadle-extract"}));
  CHECK_FALSE(document_reader({.program = "/"}));
}

TEST_CASE("documents for which no time is left are unread, with the reason") {
  mail::Message message = with_documents(2, "The path is swept.");
  read_documents(message, extract::Extractor({.program = BEADLE_EXTRACT_PROGRAM}), 0);
  REQUIRE(message.documents.size() == 2);
  for (const mail::Document& document : message.documents) {
    CHECK(document.texts.empty());
    REQUIRE(document.unread.size() == 1);
    CHECK(document.unread[0].reason == "limit: no time left for this document");
  }
}

TEST_CASE("what one document may take is told to its reader") {
  const std::string words = repeated("The path is swept on Monday. ", 5'000);
  const mail::Message whole = read_by({.program = BEADLE_EXTRACT_PROGRAM}, with_documents(1, words));
  REQUIRE(whole.documents.size() == 1);
  CHECK(whole.documents[0].unread.empty());
  CHECK(text_bytes(whole.documents[0]) >= words.size());
  const mail::Message less = read_by(
      {.program = BEADLE_EXTRACT_PROGRAM, .bounds = {.text_bytes = limits::document_text_bytes_least}}, with_documents(1, words));
  REQUIRE(less.documents.size() == 1);
  REQUIRE(less.documents[0].unread.size() == 1);
  CHECK(less.documents[0].unread[0].reason == "limit: more text than is read of one document");
  CHECK(text_bytes(less.documents[0]) <= limits::document_text_bytes_least);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // under which memory is not bounded (extract/child/sandbox.cpp)
  // Too little memory to begin with.
  const mail::Message none =
      read_by({.program = BEADLE_EXTRACT_PROGRAM, .bounds = {.memory_bytes = 1}}, with_documents(1, words));
  REQUIRE(none.documents.size() == 1);
  CHECK_FALSE(none.documents[0].unread.empty());
#endif
}

TEST_CASE("a document is not read again, whatever mail it comes in") {
  DocumentMemory memory;
  const extract::Extractor extractor({.program = BEADLE_EXTRACT_PROGRAM}), broken({.program = "/nowhere/beadle-extract"});
  mail::Message first = with_documents(1, "The path is swept.");
  read_documents(first, extractor, limits::documents_of_mail_ms, &memory);
  mail::Message second = with_documents(2, "The path is swept.");
  read_documents(second, broken, limits::documents_of_mail_ms, &memory);
  REQUIRE(second.documents.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(second.documents[i].part == std::to_string(i + 1));
    CHECK(text_bytes(second.documents[i]) == text_bytes(first.documents[0]));
    CHECK(second.documents[i].unread.empty());
  }
  mail::Message other = with_documents(1, "The path is swept!");
  read_documents(other, broken, limits::documents_of_mail_ms, &memory);
  CHECK(other.documents[0].texts.empty());
  // What had no time, or no program to read it, is tried again.
  read_documents(other = with_documents(1, "The path is swept!"), extractor, limits::documents_of_mail_ms, &memory);
  CHECK(text_bytes(other.documents[0]) > 0);
}

TEST_CASE("the memory of documents has an end, and none is so large that it drives out all others") {
  DocumentMemory memory;
  const auto named = [](std::size_t bytes) {
    mail::Document document;
    document.texts.push_back({"", false, std::string(bytes, 'x')});
    return document;
  };
  const auto hash = [&](const std::string& name) { return memory.hash_of("", mail::Encoding::none, name); };
  memory.keep(hash("huge"), named(limits::remembered_document_bytes_max));
  CHECK(memory.find(hash("huge")) == nullptr);
  memory.keep(hash("met again"), named(10));
  memory.keep(hash("met once"), named(10));
  constexpr std::size_t size = limits::remembered_document_bytes_max / 2, count = limits::remembered_documents_bytes_max / size + 1;
  for (std::size_t i = 0; i < count; ++i) {
    memory.keep(hash(std::to_string(i)), named(size));
    CHECK(memory.find(hash("met again")));
  }
  CHECK(memory.find(hash("met once")) == nullptr);
  CHECK(memory.find(hash("0")) == nullptr);
  CHECK(memory.find(hash(std::to_string(count - 1))));
}

}  // namespace beadle::intake
