// Documents made to tire out, to overflow or to deceive. Each must end soon, and as what it is.
#include <chrono>

#include "base/limits.h"
#include "catch.h"
#include "extract/made.h"
#include "extract/text_of.h"

using namespace beadle;
using namespace beadle::extract;
using made::archive_of;
using made::Members;

namespace {

struct Timed {
  Extraction read;
  std::chrono::milliseconds took;
};

Timed timed(const std::string& bytes) {
  const auto start = std::chrono::steady_clock::now();
  Extraction read = extract_text(bytes);
  return {std::move(read), std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start)};
}

constexpr auto soon = std::chrono::seconds(8);  // sanitizers are slow

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("bombs end at the bound") {
  const std::string zeros(limits::document_inflated_bytes_max * 3, '\0');
  const Timed zip = timed(archive_of({{"a.txt", "words"}, {"zeros", zeros}}));
  INFO(shown(zip.read));
  CHECK(zip.read.outcome == Outcome::limit);
  CHECK(text_at(zip.read, Place::raw_text, "file/a.txt") == "words");
  CHECK(zip.took < soon);
  Members docx = made::docx_members(made::word_paragraphs({"words"}));
  docx.push_back({"word/more.xml", zeros});
  const Timed office = timed(archive_of(docx));
  CHECK(office.read.outcome == Outcome::limit);
  CHECK(has(text_at(office.read, Place::first_page), "words"));
  CHECK(office.took < soon);
  CHECK(timed(archive_of({{"", zeros}}, made::Format::gz)).read.outcome == Outcome::limit);
}

TEST_CASE("a docx of a gigabyte ends at the bound") {
  const Members docx = made::docx_members(made::word_paragraphs({"words"}));
  const Timed read = timed(archive_of(docx, made::Format::zip, {"word/more.xml", 1u << 30}));
  INFO(shown(read.read));
  CHECK(read.read.outcome == Outcome::limit);
  CHECK(has(text_at(read.read, Place::first_page), "words"));
  CHECK(read.took < soon);
}

TEST_CASE("bombs in layers are counted together") {
  const std::string layer = archive_of({{"zeros", std::string(8u << 20, ' ')}});
  Members members;
  for (int i = 0; i < 30; ++i) members.push_back({std::to_string(i) + ".zip", layer});
  const Timed read = timed(archive_of(members));
  CHECK(read.read.outcome == Outcome::limit);
  CHECK(read.took < soon);
}

TEST_CASE("archives within archives end at the bound") {
  std::string bytes = "words";
  for (int i = 0; i < 12; ++i) bytes = archive_of({{"a", bytes}});
  const Timed read = timed(bytes);
  CHECK(read.read.outcome == Outcome::limit);
  CHECK(read.read.passages.size() == limits::document_nesting_max + 2);  // the names on the way
  std::string shallow = "words";
  for (std::size_t i = 0; i < limits::document_nesting_max; ++i) shallow = archive_of({{"a", shallow}});
  CHECK(extract_text(shallow).outcome == Outcome::ok);
}

TEST_CASE("ten thousand entries end at the bound") {
  Members members;
  for (int i = 0; i < 10'000; ++i) members.push_back({"n" + std::to_string(i), ""});
  const Timed read = timed(archive_of(members));
  CHECK(read.read.outcome == Outcome::limit);
  CHECK(read.took < soon);
}

TEST_CASE("deep and wide XML ends") {
  const std::string deep = repeated("<a>", 2'000'000);
  const Timed read = timed(archive_of({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", deep}}));
  CHECK(read.read.outcome == Outcome::limit);
  CHECK(read.took < soon);
  // A ">" within quotes does not end a tag, so these are as deep.
  const std::string quoted = repeated("<a b=\"/>\">", 100'000);
  CHECK(timed(archive_of({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", quoted}})).read.outcome == Outcome::limit);
  const Timed wide = timed(archive_of({{"[Content_Types].xml", "<Types/>"},
                                       {"word/document.xml", "<w:document>" + repeated("<w:p/>", 6'000'000) + "</w:document>"}}));
  INFO(shown(wide.read));
  CHECK(wide.read.outcome == Outcome::limit);
  CHECK(wide.took < soon);
}

TEST_CASE("entities are not expanded") {
  const std::string xml = "<!DOCTYPE a [<!ENTITY a \"" + std::string(1000, 'x') +
                          "\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>" +
                          made::word_part("document", made::word_paragraphs({"&a;&b; words"})).substr(38);
  const Extraction read = extract_text(archive_of({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", xml}}));
  INFO(shown(read));
  CHECK(text_at(read, Place::first_page) == "&a;&b; words\n");
}

TEST_CASE("one shared string in a million cells is not a million strings") {
  const std::string cell = "<c t=\"s\"><v>0</v></c>";
  const Members members = {
      {"[Content_Types].xml", "<Types/>"},
      {"xl/workbook.xml", "<workbook/>"},
      {"xl/sharedStrings.xml", "<sst><si><t>" + std::string(30'000, 'x') + "</t></si></sst>"},
      {"xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>" + repeated(cell, 400'000) + "</row></sheetData></worksheet>"}};
  const Timed read = timed(archive_of(members));
  CHECK(read.read.outcome == Outcome::limit);
  CHECK(read.took < soon);
}

TEST_CASE("names are shown, never followed") {
  const Extraction read = extract_text(archive_of({{"../../etc/passwd", "a"},
                                                   {"/abs/olute", "b"},
                                                   {"C:\\x\\y", "c"},
                                                   {"line\nbreak", "d"},
                                                   {"\xE2\x80\xAE"
                                                    "txt.exe",
                                                    "e"}}));
  INFO(shown(read));
  CHECK(read.outcome == Outcome::ok);
  CHECK(text_at(read, Place::raw_text, "file/../../etc/passwd") == "a");
  CHECK(text_at(read, Place::raw_text, "file/line break") == "d");
  CHECK(text_at(read, Place::raw_text, "file/txt.exe") == "e");
  const Extraction lengthy = extract_text(archive_of({{std::string(60'000, 'n'), "words"}}));
  CHECK(lengthy.passages.back().path.size() < 1000);
}

TEST_CASE("much text is cut, and said to be") {
  const Extraction read = extract_text(made::docx({repeated("caf\xC3\xA9 ", 1'500'000)}));
  CHECK(read.outcome == Outcome::limit);
  std::size_t bytes = 0;
  for (const Passage& each : read.passages) bytes += each.text.size();
  CHECK(bytes <= limits::document_text_bytes_max + 100);
  CHECK(bytes > limits::document_text_bytes_max - 100);
}

TEST_CASE("wrong beginnings are not crashes") {
  for (const char* magic : {"PK\x03\x04", "%PDF-1.7", "{\\rtf1", "\x78\x9F\x3E\x22", "7z\xBC\xAF\x27\x1C", "\x1F\x8B\x08", "BZh9",
                            "Rar!\x1A\x07", "MSCF"}) {
    std::string bytes = magic;
    std::uint32_t state = 7;
    for (int i = 0; i < 5000; ++i) bytes += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    const Extraction read = extract_text(bytes);
    INFO(shown(read));
    CHECK(read.outcome != Outcome::crashed);
    if (std::string_view(magic) != "{\\rtf1") CHECK(read.outcome != Outcome::ok);
  }
}
