#include "review/place.h"

#include "helpers.h"

namespace beadle::review {
namespace {

std::string found(const std::string& text, const std::string& words, mail::Range within) {
  const auto range = Searchable(text).find(words, within);
  return range ? text.substr(range->begin, range->size()) : "(nowhere)";
}
std::string found(const std::string& text, const std::string& words) { return found(text, words, {0, text.size()}); }

}  // namespace

TEST_CASE("evidence is found again though blanks and line ends differ") {
  CHECK(found("Well, please go\r\n ahead. Thanks", "please go ahead.") == "please go\r\n ahead.");
  CHECK(found("one\xC2\xA0two", "one two") == "one\xC2\xA0two");
  CHECK(found("a \xE2\x80\xAEsecret\xE2\x80\xAC b", "secret") == "secret");
  CHECK(found("Siân writes", "Siân") == "Siân");
  CHECK(found("a long sentence that goes on", "a long sentence…") == "a long sentence");
}

TEST_CASE("evidence that is not there is nowhere") {
  CHECK(found("please stop", "please go") == "(nowhere)");
  CHECK(found("text", "") == "(nowhere)");
  CHECK(found("text", " \n") == "(nowhere)");
  CHECK(found("", "x") == "(nowhere)");
  CHECK(found("text", "…") == "(nowhere)");
}

TEST_CASE("only what lies within counts") {
  const std::string text = "go ahead\ngo ahead";
  CHECK(Searchable(text).find("go ahead", {9, 17}) == mail::Range{9, 17});
  CHECK(Searchable(text).find("go ahead", {0, 17}) == mail::Range{0, 8});
  CHECK(found(text, "go ahead", {3, 11}) == "(nowhere)");
  CHECK(found(text, "go ahead", {17, 17}) == "(nowhere)");
  CHECK(found(text, "go ahead", {9, 5}) == "(nowhere)");
}

TEST_CASE("what is shown keeps its offsets and nothing that a page would obey") {
  for (const std::string& text : {std::string("plain\r\n\ttext"), std::string("a\0b\x1b[31m\x7f", 9), std::string("\xE2\x80\xAE" "evil"),
                                  std::string("\xC2\x85x\xD8\x9Cy"), std::string("\xff\xfe"), std::string("Siân \xEF\xBF\xBD")}) {
    const std::string shown = harmless(text);
    CHECK(shown.size() == text.size());
    CHECK(is_valid_utf8(shown));
    CHECK(shown.find('\x1b') == std::string::npos);
    CHECK(shown.find('\0') == std::string::npos);
    CHECK(shown.find("\xE2\x80\xAE") == std::string::npos);
  }
  CHECK(harmless("plain\r\n\ttext") == "plain\r\n\ttext");
  CHECK(harmless("Siân \xEF\xBF\xBD") == "Siân \xEF\xBF\xBD");
}

}  // namespace beadle::review
