// From charsets to UTF-8, and to plain letters. Cases are tables: tests/data/mail/tables/charset*.tsv.
#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "mail/charset.h"
#include "mail/encoders.h"
#include "tables.h"

#include "catch.h"

namespace beadle::mail {

TEST_CASE("bytes of a charset (tables/charset.tsv)") {
  const auto rows = rows_of("charset.tsv");
  REQUIRE(rows.size() > 30);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 6);
    INFO(row[0] << " " << row[1] << ": " << row[5]);
    const CharsetText text = to_utf8(row[1], row[0]);
    CHECK(text.utf8 == row[2]);
    CHECK((text.known ? "yes" : "no") == row[3]);
    CHECK((text.clean ? "yes" : "no") == row[4]);
  }
}

TEST_CASE("labels in any case, with blanks, or none at all") {
  for (const std::string label : {"GB2312", " gb2312 ", "Gb_2312-80"}) {
    INFO(label);
    CHECK(to_utf8("\xD6\xD0", label).utf8 == "中");
  }
  for (const std::string& label :
       {std::string("\0", 1), std::string("a\0b", 3), std::string(100'000, 'a'), std::string("=?x?="), std::string("é")}) {
    const CharsetText text = to_utf8("x\xE9", label);
    CHECK(text.utf8 == "xé");
    CHECK_FALSE(text.known);
  }
}

TEST_CASE("whatever the bytes and the label, the text is UTF-8 with LF line ends") {
  std::mt19937 random(3);
  const std::vector<std::string> labels{
      "",       "us-ascii", "utf-8",  "utf-7",       "utf-16",      "utf-16le",    "utf-32", "gb18030",      "hz",       "big5",
      "euc-jp", "sjis",     "euc-kr", "iso-2022-jp", "iso-2022-kr", "iso-2022-cn", "koi8-u", "windows-1258", "nonsense", "scsu"};
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes;
    for (std::size_t size = random() % 40; bytes.size() < size;)
      bytes += random() % 3 == 0 ? "\x1B$B+-~{\r\n\0\xFF\xFE\xEF\xBB\xBF"[random() % 16] : static_cast<char>(random() & 0xFF);
    const std::string& label = labels[static_cast<std::size_t>(i) % labels.size()];
    const CharsetText text = to_utf8(bytes, label);
    INFO(label << ": " << bytes);
    CHECK(is_valid_utf8(text.utf8));
    CHECK(text.utf8.find_first_of(std::string("\r\0", 2)) == std::string::npos);
    CHECK(text.utf8.size() <= 6 * bytes.size() + 6);
  }
}

TEST_CASE("long texts are converted as short ones") {
  std::string big5, expected;
  for (int i = 0; i < 50'000; ++i) {
    big5 += "\xA4\xA4";
    expected += "中";
  }
  CHECK(to_utf8(big5, "big5").utf8 == expected);
  std::string utf16 = "\xFF\xFE ";
  utf16 += '\0';
  std::string faces = " ";
  for (int i = 0; i < 20'000; ++i) {  // every pair of surrogates at an odd place: some are cut between two pieces
    utf16 += "\x3D\xD8";
    utf16 += std::string("\x00\xDE", 2);
    faces += "😀";
  }
  CHECK(to_utf8(utf16, "utf-16").utf8 == faces);
}

TEST_CASE("names in plain letters (tables/charset_ascii.tsv)") {
  const auto rows = rows_of("charset_ascii.tsv");
  REQUIRE(rows.size() > 8);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 3);
    INFO(row[0]);
    CHECK(transliterate_ascii(row[0]) == row[1]);
    CHECK(is_ascii(transliterate_ascii(row[0])));
  }
}

TEST_CASE("threads turn names into plain letters side by side") {
  std::vector<std::string> out(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& one : out) {
      threads.emplace_back([&one] {
        for (int i = 0; i < 50; ++i) one = transliterate_ascii("Siân 王 Иван");
      });
    }
  }
  CHECK(std::all_of(out.begin(), out.end(), [](const std::string& one) { return one == "Sian wang Ivan"; }));
}

}  // namespace beadle::mail
