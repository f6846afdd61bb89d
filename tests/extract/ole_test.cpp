// The old formats of Office, and messages of Outlook.
#include "extract/child/ole.h"

#include "catch.h"
#include "extract/made.h"
#include "extract/text_of.h"

using namespace beadle::extract;
using made::le;
using made::wide;

namespace {

std::string padded(std::string bytes) {
  bytes.resize(std::max<std::size_t>(bytes.size(), 4096), '\0');
  return bytes;
}

std::string property_stream(std::uint32_t id, const std::string& type) {
  static const char* digits = "0123456789ABCDEF";
  std::string name = "__substg1.0_";
  for (int shift = 12; shift >= 0; shift -= 4) name += digits[id >> shift & 15];
  return name + type;
}

}  // namespace

TEST_CASE("doc: pieces in both widths, fields, headers") {
  const std::string narrow = "Dear \x93Jane\x94\r\x13 HYPERLINK \"x\" \x14shown\x15 here\r";
  const std::string other =
      "in wide letters\r\x0Csecond page\r"
      "CONFIDENTIAL\r";
  const std::size_t headers = 13;
  auto streams = made::doc_streams(narrow, other, narrow.size() + other.size() - headers, headers);
  const Extraction read = extract_text(made::compound_file(streams));
  INFO(shown(read));
  CHECK(read.outcome == Outcome::ok);
  CHECK(read.kind == "doc");
  CHECK(text_at(read, Place::first_page) == "Dear “Jane”\nshown here\nin wide letters\n\n");
  CHECK(text_at(read, Place::body) == "second page\n");
  CHECK(text_at(read, Place::header_footer) == "CONFIDENTIAL\n");
  streams[0].second[0x0B] = 0x03;  // the flag for a password
  CHECK(extract_text(made::compound_file(streams)).outcome == Outcome::encrypted);
}

TEST_CASE("xls: strings over seams, labels, numbers, sheets, headers") {
  using made::xls_record;
  const std::string strings = le(2, 4) + le(2, 4) + le(4, 2) + le(0, 1) + "Jane" + le(8, 2) + le(0, 1) + "Grie";
  const std::string rest = le(1, 1) + wide("vanc");
  const std::string book = xls_record(0x809, le(0x0600, 2) + le(5, 2)) +
                           xls_record(0x85, le(0, 6) + le(5, 1) + le(0, 1) + "Staff") + xls_record(0xFC, strings) +
                           xls_record(0x3C, rest) + xls_record(0x0A, "") + xls_record(0x809, le(0x0600, 2) + le(0x10, 2)) +
                           xls_record(0x14, le(14, 2) + le(0, 1) + "&CConfidential") + xls_record(0xFD, le(0, 6) + le(0, 4)) +
                           xls_record(0xFD, le(0, 6) + le(1, 4)) + xls_record(0x27E, le(1, 2) + le(0, 4) + le(42 << 2 | 2, 4)) +
                           xls_record(0x204, le(2, 2) + le(0, 4) + le(5, 2) + le(0, 1) + "label") + xls_record(0x0A, "");
  const Extraction read = extract_text(made::compound_file({{"Workbook", padded(book)}}));
  INFO(shown(read));
  CHECK(read.kind == "xls");
  CHECK(text_at(read, Place::first_page) == "\nStaff\nJane\tGrievanc\n42\nlabel");
  CHECK(text_at(read, Place::header_footer) == "\nConfidential");
  const std::string locked = xls_record(0x809, le(0x0600, 2) + le(5, 2)) + xls_record(0x2F, le(1, 6));
  CHECK(extract_text(made::compound_file({{"Workbook", padded(locked)}})).outcome == Outcome::encrypted);
}

TEST_CASE("ppt: first slide, others, masters") {
  const auto record = [](unsigned version, unsigned type, const std::string& body) {
    return le(version, 2) + le(type, 2) + le(body.size(), 4) + body;
  };
  const std::string stream =
      record(0xF, 0x03F8, record(0, 0x0FA8, "master")) + record(0xF, 0x0FF0,
                                                                record(0, 0x03F3, le(0, 20)) + record(0, 0x0FA0, wide("one")) +
                                                                    record(0, 0x03F3, le(0, 20)) + record(0, 0x0FA8, "two"));
  const Extraction read = extract_text(made::compound_file({{"PowerPoint Document", padded(stream)}}));
  INFO(shown(read));
  CHECK(text_at(read, Place::first_page) == "one\n");
  CHECK(has(text_at(read, Place::body), "two\n"));
  CHECK(text_at(read, Place::header_footer) == "master\n");
}

TEST_CASE("msg: a mail again, with its attachments and the messages within") {
  const auto stream = [](const std::string& prefix, std::uint32_t id, const std::string& value) {
    return std::pair<std::string, std::string>(prefix + property_stream(id, "001F"), padded(wide(value)));
  };
  const std::string attachment = "__attach_version1.0_#00000000/";
  const std::string message = "__attach_version1.0_#00000001/";
  const std::string inner = message + property_stream(0x3701, "000D") + "/";
  const Extraction read = extract_text(made::compound_file({
      {"__properties_version1.0", padded("")},
      stream("", 0x0037, "Grievance"),
      stream("", 0x0C1A, "Jane Holt"),
      stream("", 0x0E04, "Clerk"),
      stream("", 0x1000, "please act"),
      stream(attachment, 0x3707, "note.txt"),
      {attachment + property_stream(0x3701, "0102"), "attached words" + std::string(5000, ' ')},
      stream(message, 0x3707, "inner"),
      {inner + "__properties_version1.0", padded("")},
      stream(inner, 0x1000, "words of the inner message"),
  }));
  INFO(shown(read));
  CHECK(read.kind == "msg");
  const std::string mail = text_at(read, Place::raw_message);
  CHECK(has(mail, "From: Jane Holt\r\nTo: Clerk\r\nSubject: Grievance\r\n"));
  CHECK(has(mail, "\r\n\r\nplease act"));
  CHECK(has(text_at(read, Place::raw_text, "file/note.txt"), "attached words"));
  CHECK(has(text_at(read, Place::raw_message, "file/inner"), "words of the inner message"));
}

TEST_CASE("custom properties of old formats have their names") {
  const std::string set = le(0, 4) + le(3, 4) + le(0, 4) + le(32, 4) + le(1, 4) + le(56, 4) + le(2, 4) + le(64, 4) + le(1, 4) +
                          le(2, 4) + le(6, 4) + "Label" + std::string(7, '\0') + le(2, 4) + le(1252, 4) + le(0x1E, 4) + le(7, 4) +
                          "Secret" + std::string(2, '\0');
  const std::string stream = le(0xFFFE, 2) + std::string(22, '\0') + le(2, 4) + std::string(16, '\0') + le(0x100000, 4) +
                             std::string(16, '\0') + le(68, 4) + set;
  auto streams = made::doc_streams("text\r", "", 5, 0);
  streams.push_back(
      {"\x05"
       "DocumentSummaryInformation",
       padded(stream)});
  const Extraction read = extract_text(made::compound_file(streams));
  INFO(shown(read));
  CHECK(has(text_at(read, Place::properties), "Label: Secret"));
}

TEST_CASE("compound files of other programs and damaged ones are not passed over") {
  CHECK(extract_text(made::compound_file({{"Quill", padded("x")}})).outcome == Outcome::unreadable);
  CHECK(extract_text("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(2000, '\xFF')).outcome == Outcome::unreadable);
  const Extraction wrapped = extract_text(made::compound_file({{"Package", padded(made::docx({"wrapped words"}))}}));
  CHECK(has(text_at(wrapped, Place::first_page, "file/Package"), "wrapped words"));
}

TEST_CASE("chains that go in circles end") {
  std::string bytes = made::compound_file(made::doc_streams("text\r", "", 5, 0));
  for (std::size_t at = bytes.size() - 1024; at + 4 <= bytes.size(); at += 4)
    bytes.replace(at, 4, le(1, 4));  // every sector is followed by the first
  const auto file = CompoundFile::open(bytes);
  if (file) CHECK(file->stream("WordDocument").size() <= bytes.size());
}
