#include "web/form.h"

#include <string>

#include "base/limits.h"
#include "web/http.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::web;

TEST_CASE("forms are decoded in order") {
  CHECK(parse_form("") == Pairs{});
  CHECK(parse_form("a=1&b=2&a=3") == Pairs{{"a", "1"}, {"b", "2"}, {"a", "3"}});
  CHECK(parse_form("a+b=c+d%2B") == Pairs{{"a b", "c d+"}});
  CHECK(parse_form("a&=b&c=") == Pairs{{"a", ""}, {"", "b"}, {"c", ""}});
  CHECK(parse_form("a=b=c") == Pairs{{"a", "b=c"}});
  CHECK(parse_form("&&a=1&") == Pairs{{"a", "1"}});
  CHECK(parse_form("a%3Db=%26%0D%0A") == Pairs{{"a=b", "&\r\n"}});
  CHECK(parse_form("n=Si%C3%A2n") == Pairs{{"n", "Siân"}});
  CHECK(parse_form("n=Siân") == Pairs{{"n", "Siân"}});
}

TEST_CASE("forms that no browser sends are none") {
  for (const char* text : {"%", "a=%", "a=%2", "a=%2x", "a=%x2", "a=% 2", "%zz=1", "a=%00", "a=%FF", "a=%C3", "a=%C0%80", "a=%ED%A0%80", "a=1&b=%+1"}) {
    INFO(text);
    CHECK_FALSE(parse_form(text));
  }
  CHECK_FALSE(parse_form(std::string("a=\0", 3)));
}

TEST_CASE("forms have a bound, of empty fields too") {
  std::string text = "a";
  for (std::size_t i = 1; i < limits::web_form_fields_max; ++i) text += "&a";
  REQUIRE(parse_form(text));
  CHECK(parse_form(text)->size() == limits::web_form_fields_max);
  CHECK_FALSE(parse_form(text + "&a"));
  CHECK_FALSE(parse_form(std::string(limits::web_form_fields_max + 1, '&')));
}

TEST_CASE("what is encoded comes back as it was") {
  std::string all;
  for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
  all += "ŵ–“";
  const std::string encoded = url_encoded(all);
  CHECK(encoded.find_first_of(" &=+?#/\\\"'<>%;") == encoded.find('%'));
  CHECK(percent_decoded(encoded, Plus::is_plus) == all);
  CHECK(parse_form(url_encoded("a&b") + "=" + encoded) == Pairs{{"a&b", all}});
  CHECK(url_encoded("AZaz09-._~") == "AZaz09-._~");
  CHECK(url_encoded(" /ŵ") == "%20%2F%C5%B5");
  CHECK(percent_decoded("a+b", Plus::is_plus) == "a+b");
  CHECK(percent_decoded("a+b", Plus::is_blank) == "a b");
}
