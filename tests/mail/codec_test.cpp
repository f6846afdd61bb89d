// Transfer encodings, read leniently. Cases are tables: tests/data/mail/tables/codec_*.tsv.
#include <random>
#include <string>

#include "mail/body_map.h"
#include "mail/codec.h"
#include "mail/encoders.h"
#include "tables.h"

#include "catch.h"

namespace beadle::mail {
namespace {

std::string random_bytes(std::mt19937& random, std::size_t size, std::string_view alphabet) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i)
    out += alphabet.empty() ? static_cast<char>(random() & 0xFF) : alphabet[random() % alphabet.size()];
  return out;
}

void check_table(const std::string& name, Encoding encoding) {
  const auto rows = rows_of(name);
  REQUIRE(rows.size() > 15);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 4);
    INFO(row[0] << ": " << row[3]);
    const Decoded decoded = decode_body(row[0], encoding);
    CHECK(decoded.bytes == row[1]);
    CHECK((decoded.regular ? "yes" : "no") == row[2]);
  }
}

// What the strict reading takes, this one reads the same.
void check_against_map(const std::string& body, Encoding encoding) {
  const Decoded decoded = decode_body(body, encoding);
  const BodyMap map = map_body(body, encoding);
  INFO(body);
  if (map.refusal.empty()) CHECK((decoded.regular && decoded.bytes == map.decoded));
  CHECK(decoded.bytes.size() <= body.size());
}

}  // namespace

TEST_CASE("quoted-printable (tables/codec_quoted_printable.tsv)") {
  check_table("codec_quoted_printable.tsv", Encoding::quoted_printable);
}

TEST_CASE("base64 (tables/codec_base64.tsv)") { check_table("codec_base64.tsv", Encoding::base64); }

TEST_CASE("other encodings are read as they stand") {
  for (const Encoding encoding : {Encoding::none, Encoding::unknown}) {
    const Decoded decoded = decode_body("Zm9v=3D\r\n", encoding);
    CHECK(decoded.bytes == "Zm9v=3D\r\n");
    CHECK(decoded.regular);
  }
}

TEST_CASE("what was encoded is decoded") {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 400; ++size) {
    const std::string bytes = random_bytes(random, size, "");
    for (const std::string& body : {encode_base64(bytes), encode_base64_lines(bytes, "\r\n"), encode_base64_lines(bytes, "\n")}) {
      const Decoded decoded = decode_base64(body);
      CHECK((decoded.regular && decoded.bytes == bytes));
    }
    const std::string text = random_bytes(random, size, "ab =.\tF\n\xC3\xA9");
    const Decoded decoded = decode_quoted_printable(encode_quoted_printable(text, "\n"));
    CHECK((decoded.regular && decoded.bytes == text));
  }
}

TEST_CASE("the strict reading of edits agrees wherever there is one") {
  std::mt19937 random(2);
  for (int i = 0; i < 20'000; ++i) {
    check_against_map(random_bytes(random, random() % 24, "=4Ag \t\r\n"), Encoding::quoted_printable);
    check_against_map(random_bytes(random, random() % 24, "AZaz09+/= \n-"), Encoding::base64);
  }
}

TEST_CASE("uuencoded files within a text") {
  const std::string text = "Hello\nbegin 644 a file.txt\n#9F]O\n`\nend\nbye\r\nbegin 0644 b\r\n\"9F\\\r\n \r\nend\r\n";
  const auto files = decode_uuencoded(text);
  REQUIRE(files.size() == 2);
  CHECK(files[0].name == "a file.txt");
  CHECK(files[0].bytes == "foo");
  CHECK(slice(text, files[0].range).starts_with("begin 644"));
  CHECK(slice(text, files[0].range).ends_with("end\n"));
  CHECK(files[1].name == "b");
  CHECK(files[1].bytes == "fo");
}

TEST_CASE("what only looks uuencoded is text") {
  for (const std::string text :
       {"", "begin", "begin 644 x", "begin 644 x\nend\n", "begin 644 \n#9F]O\nend\n", "begin 99 x\n#9F]O\nend\n",
        "Let us begin 644 x\n#9F]O\nend\n", "begin 644 x\nDear Jill, we agree.\nend\n"}) {
    INFO(text);
    CHECK(decode_uuencoded(text).empty());
  }
}

TEST_CASE("noughts whose blanks are gone are made up, but not without end") {
  const auto files = decode_uuencoded("begin 644 noughts.bin\n#86)C\n#\n#86\nend\n");
  REQUIRE(files.size() == 1);
  CHECK(files[0].bytes == std::string_view("abc\0\0\0a\x60\0", 9));
  std::string hostile = "begin 644 x\n";
  for (int i = 0; i < 100'000; ++i) hostile += "_\n";
  const auto grown = decode_uuencoded(hostile);
  REQUIRE(grown.size() == 1);
  CHECK(grown[0].bytes.size() <= hostile.size());
  CHECK(grown[0].range.end == hostile.size());
}

TEST_CASE("a uuencoded file that is broken off gives what there is") {
  const auto files = decode_uuencoded("begin 644 x\n#9F]O\nand then words\nbegin 644 y\n#9F]O\n");
  REQUIRE(files.size() == 2);
  CHECK(files[0].bytes == "foo");
  CHECK(files[0].range == Range{0, 18});
  CHECK(files[1].bytes == "foo");
}

TEST_CASE("format=flowed (tables/codec_flowed.tsv)") {
  const auto rows = rows_of("codec_flowed.tsv");
  REQUIRE(rows.size() > 10);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 4);
    INFO(row[0] << ": " << row[3]);
    CHECK(unflowed(row[0], row[1] == "yes") == row[2]);
  }
}

TEST_CASE("hostile bodies are read in linear time") {
  const std::size_t size = 8u << 20;
  for (const std::string piece :
       {" ", "=", "\n", " \n", "= ", "\t=\r\n", ">", "> ", "A", "A=", "begin 644 x\n", "begin 644 x\n#9F]O\n"}) {
    std::string body;
    while (body.size() < size) body += piece;
    CHECK(decode_quoted_printable(body).bytes.size() <= body.size());
    CHECK(decode_base64(body).bytes.size() <= body.size());
    CHECK(decode_uuencoded(body).size() <= body.size() / 12);
    CHECK(unflowed(body, true).size() <= 2 * body.size());
  }
}

}  // namespace beadle::mail
