#include "base/text.h"

#include "catch.h"

using namespace beadle;

TEST_CASE("globs match whole texts without case") {
  CHECK(glob_matches("*@gazette.example", "news@Gazette.example"));
  CHECK_FALSE(glob_matches("*@gazette.example", "news@gazette.example.org"));
  CHECK(glob_matches("a*b*c", "aXXbYYbZZc"));
  CHECK_FALSE(glob_matches("", "x"));
  CHECK(glob_matches("*", ""));
  CHECK(glob_matches("a**", "a"));
}

TEST_CASE("what is not UTF-8 becomes the replacement character, and nothing else changes") {
  CHECK(valid_utf8("Renée") == "Renée");
  CHECK(valid_utf8("Ren\xE9" "e") == "Ren\xEF\xBF\xBD" "e");
  CHECK(valid_utf8("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");       // overlong
  CHECK(valid_utf8("\xED\xA0\x80").size() == 9);                      // surrogate: three bytes, three replacements
  CHECK_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));                     // over U+10FFFF
}

TEST_CASE("a byte that is no ASCII is found at every place of a long text") {
  for (std::size_t at = 0; at < 100; ++at) {
    std::string text(100, 'x');
    text[at] = '\xE9';
    CHECK(ascii_prefix(text) == at);
    CHECK_FALSE(is_valid_utf8(text));
  }
  CHECK(ascii_prefix(std::string(100, 'x')) == 100);
  CHECK(ascii_prefix("") == 0);
}

TEST_CASE("texts are shortened between code points") {
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("abcdef", 5) == "ab…");
  CHECK(is_valid_utf8(shortened("ééééé", 6)));
}

TEST_CASE("control characters and direction overrides do not reach a terminal") {
  CHECK(printable("a\x1b[2Jb") == "a [2Jb");
  CHECK(printable("a\xE2\x80\xAE" "b") == "ab");
}

TEST_CASE("splitting and trimming") {
  CHECK(split("a,,b", ',').size() == 3);
  CHECK(trimmed(" \t x y \r\n") == "x y");
  CHECK(ascii_iequals("Beadle-ID", "beadle-id"));
  CHECK(ascii_upper("x-forward_1 é") == "X-FORWARD_1 é");
}
