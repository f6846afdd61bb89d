#include "extract/child/rtf.h"

#include "catch.h"
#include "extract/child/mapi.h"
#include "extract/made.h"
#include "extract/text_of.h"

using namespace beadle::extract;

namespace {

std::string body(std::string_view rtf) { return rtf_text(rtf).body; }

}  // namespace

TEST_CASE("rtf: text without its layout") {
  CHECK(body("{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0;}\\f0\\fs24 Dear \\b Jane\\b0 ,\\par see you.}") ==
        "Dear Jane,\nsee you.");
  CHECK(body("{\\rtf1 a\\tab b\\line c\\~d\\_e\\{f\\}\\\\}") ==
        "a\tb\nc\xC2\xA0"
        "d-e{f}\\");
  CHECK(body("{\\rtf1 CONFI{\\b DEN}\r\nTIAL}") == "CONFIDENTIAL");
  CHECK(body("{\\rtf1 \\ldblquote x\\rdblquote\\emdash y}") == "“x”—y");
  CHECK(body("{\\rtf1 {\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt shown}} {\\*\\unknown hidden}{\\pict ffd8}}") == "shown ");
  CHECK(body("{\\rtf1 a\\bin6 }}{{\\b}") == "a");
}

TEST_CASE("rtf: characters of code pages and of Unicode") {
  CHECK(body("{\\rtf1\\ansi\\ansicpg1252 caf\\'e9 \\'80}") == "café €");
  CHECK(body("{\\rtf1\\ansicpg1250 za\\'bf\\'f3\\'b3\\'e6}") == "zażółć");
  CHECK(body("{\\rtf1{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}}\\f1\\'cf\\f0\\'cf}") == "ПÏ");
  CHECK(body("{\\rtf1{\\fonttbl{\\f1\\fcharset128 B;}}\\f1\\'93\\'fa\\'96{}\\'7b}") == "日\x1A{");  // half a character
  CHECK(body("{\\rtf1\\uc1 \\u8364?\\u-10179?\\u-8704?}") == "€😀");
  CHECK(body("{\\rtf1\\uc0 \\u8364 x}") == "€x");
  CHECK(body("{\\rtf1\\uc2 \\u8364\\'80\\'81x}") == "€x");
  CHECK(body("{\\rtf1\\u-8704?x}") == "\xEF\xBF\xBDx");
}

TEST_CASE("rtf: headers, properties, watermarks, boxes, pages") {
  const RtfText text = rtf_text(
      "{\\rtf1{\\info{\\title Exempt}{\\*\\company Council}}{\\*\\userprops{\\propname Label}\\proptype30{\\staticval Secret}}"
      "{\\header\\pard In confidence{\\shp{\\*\\shpinst{\\sp{\\sn gtextUNICODE}{\\sv DRAFT}}{\\sp{\\sn fLine}{\\sv 0}}}}\\par}"
      "first{\\shp{\\*\\shpinst{\\shptxt boxed}}}\\page second}");
  CHECK(text.header_footer == "In confidenceDRAFT\n\n");
  CHECK(text.body == "firstboxed\nsecond");
  CHECK(text.body.substr(0, text.first_page_bytes) == "firstboxed\n");
  CHECK(text.properties ==
        std::vector<std::pair<std::string, std::string>>{{"title", "Exempt"}, {"company", "Council"}, {"Label", "Secret"}});
}

TEST_CASE("rtf: HTML that was wrapped comes back as HTML, and only there is a copy dropped") {
  const RtfText html = rtf_text(
      "{\\rtf1\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Hello{\\*\\htmltag84 &nbsp;}\\htmlrtf "
      "\\'a0\\htmlrtf0{\\*\\htmltag72 </p>}}");
  CHECK(html.is_html);
  CHECK(html.body == "<p>Hello&nbsp;</p>");
  CHECK(body("{\\rtf1 a\\htmlrtf hidden?\\htmlrtf0 b}") == "ahidden?b");
}

TEST_CASE("rtf: cut, deep and odd ones end") {
  CHECK(rtf_text("{\\rtf1 {\\b text").end == RtfText::End::truncated);
  CHECK(body("{\\rtf1 {\\b text") == "text");
  CHECK(rtf_text("{\\rtf1 " + std::string(2'000'000, '{')).end == RtfText::End::too_deep);
  CHECK(rtf_text("{\\rtf1}}}}}").end == RtfText::End::whole);
  CHECK(body("{\\rtf1 a\\u99999999999999999999999?b\\'zz\\bin99999999999 c}").starts_with("a"));
  CHECK(rtf_text("").body.empty());
  CHECK(rtf_text("\\").body.empty());
}

TEST_CASE("rtf: embedded objects are read too") {
  std::string hex;
  for (const char c : std::string("head") + made::docx({"inner words"})) {
    hex += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    hex += "0123456789abcdef"[c & 15];
  }
  const Extraction read = extract_text("{\\rtf1 outer{\\object{\\*\\objdata " + hex + "}{\\result shown}}}");
  INFO(shown(read));
  CHECK(read.outcome == Outcome::ok);
  CHECK(text_at(read, Place::first_page) == "outershown");
  CHECK(text_at(read, Place::first_page, "file/object") == "inner words\n");
  CHECK(extract_text("{\\rtf1 outer{\\object{\\*\\objdata 00112233}}}").outcome == Outcome::unreadable);
}

TEST_CASE("compressed RTF is inflated as the specification shows") {
  // [MS-OXRTFCP] §3.1.1 and §3.1.2.
  const std::string example = std::string(
      "\x2D\0\0\0\x2B\0\0\0LZFu\xF1\xC5\xC7\xA7\x03\0\x0A\0rcpg125\x42\x32\x0A\xF3 hel\x09\0 bw\x05\xB0ld}\x0A\x80\x0F\xA0", 49);
  bool cut = true;
  CHECK(inflate_rtf(example, cut) == "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
  CHECK_FALSE(cut);
  CHECK(inflate_rtf(example.substr(0, 30), cut).starts_with("{\\rtf1"));
  CHECK(cut);
  CHECK(inflate_rtf("nonsense that is long enough", cut).empty());
}
