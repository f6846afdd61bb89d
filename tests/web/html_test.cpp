// HTML as a value: text is never markup, links never leave the site.
#include "web/html.h"

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/text.h"
#include "catch.h"

using namespace beadle::web;

TEST_CASE("text is escaped wherever it comes in") {
  const std::string evil = "<script>\"'&</script>";
  const std::string safe = "&lt;script&gt;&quot;&#39;&amp;&lt;/script&gt;";
  CHECK(Html(evil).bytes() == safe);
  CHECK(text(evil).bytes() == safe);
  CHECK(element("p", evil).bytes() == "<p>" + safe + "</p>");
  CHECK(element("p", {{"title", evil}}, "x").bytes() == "<p title=\"" + safe + "\">x</p>");
  CHECK(fragment(evil, std::vector<Html>{evil}, 7).bytes() == safe + safe + "7");
  CHECK(html_if(true, evil).bytes() == safe);
  CHECK(html_if(true, [&] { return evil; }).bytes() == safe);
  CHECK(each(std::vector<std::string>{evil}, [](const std::string& word) { return Html(word); }).bytes() == safe);
}

TEST_CASE("characters that mislead are shown by their number") {
  CHECK(escaped("a\xE2\x80\xAE"
                "b") == "a[U+202E]b");
  CHECK(escaped("\xE2\x81\xA6\xE2\x80\x8F\xD8\x9C") == "[U+2066][U+200F][U+061C]");
  CHECK(escaped("\xF3\xA0\x81\x81") == "[U+E0041]");  // a letter of a tag
  CHECK(escaped(std::string_view("\0\x1B\x7F", 3)) == "[U+0000][U+001B][U+007F]");
  CHECK(escaped("\xC2\x85\xE2\x80\xA8") == "[U+0085][U+2028]");
  CHECK(escaped("\xFF<\xC3") == "\xEF\xBF\xBD&lt;\xEF\xBF\xBD");
  CHECK(escaped("\xEF\xBF\xBF") == "\xEF\xBF\xBD");
  CHECK(escaped("a\r\nb\rc\nd\te") == "a\nb\nc\nd\te");
  CHECK(escaped("Si\xC3\xA2n \xF0\x9F\x98\x80") == "Si\xC3\xA2n \xF0\x9F\x98\x80");
  CHECK(escaped("") == "");
}

TEST_CASE("every byte and pair of bytes gives valid UTF-8 without markup") {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string safe = escaped(std::string{static_cast<char>(first), static_cast<char>(second)});
      if (!beadle::is_valid_utf8(safe) || safe.find_first_of("<>\"'") != std::string::npos) FAIL_CHECK(first << " " << second);
    }
  }
}

TEST_CASE("elements, attributes and content") {
  CHECK(element("p").bytes() == "<p></p>");
  CHECK(element("br").bytes() == "<br>");
  CHECK(element("p", {}, "x").bytes() == "<p>x</p>");
  CHECK(element("p", element("b", "x"), " and ", 5, " y").bytes() == "<p><b>x</b> and 5 y</p>");
  CHECK(element("input", {{"name", "a"}, {"checked", true}, {"disabled", false}, {"rows", 5}}).bytes() ==
        "<input name=\"a\" checked rows=\"5\">");
  CHECK(element("p", {{"id", unless_empty("")}, {"class", unless_empty("x")}}).bytes() == "<p class=\"x\"></p>");
  Attributes more = {{"id", "a"}};
  more.add({"class", "b"}).add(Attributes{{"lang", "cy"}});
  CHECK(element("p", more, "x").bytes() == "<p id=\"a\" class=\"b\" lang=\"cy\">x</p>");
  CHECK(parted_by(", ", {"a", "", "b"}).bytes() == "a, , b");
  CHECK(html_if(false, [] { return element("p"); }).empty());
  CHECK(Html::trusted("<!DOCTYPE html>").bytes() == "<!DOCTYPE html>");
}

TEST_CASE("a first line end in pre and textarea is not eaten") {
  CHECK(element("textarea", "\nx").bytes() == "<textarea>\n\nx</textarea>");
  CHECK(element("pre", "x\n").bytes() == "<pre>x\n</pre>");
}

TEST_CASE("links stay on this site whatever they are made of") {
  CHECK(local_link("/held").text() == "/held");
  CHECK(local_link("/held/a b", {{"q", "x&y=z"}, {"none", ""}, {"page", "2"}}, "top").text() ==
        "/held/a%20b?q=x%26y%3Dz&page=2#top");
  for (const char* elsewhere : {"//evil.example/x", "///evil.example", "/\\evil.example", "https://evil.example/",
                                "javascript:alert(1)", "", "\t//evil.example", "data:text/html,x", "/\n/evil"}) {
    const std::string link = local_link(elsewhere).text();
    INFO(link);
    CHECK(link.starts_with('/'));
    CHECK_FALSE(link.starts_with("//"));
    CHECK(link.find_first_of("\\:\t\n <>\"'") == std::string::npos);
  }
  CHECK(fragment_link("a b\"").text() == "#a%20b%22");
  CHECK(element("a", {{"href", local_link("/x")}}, "y").bytes() == "<a href=\"/x\">y</a>");
}

TEST_CASE("what must not be does not compile") {
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Link, std::string>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<LinkName, std::string>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<AttributeName, std::string>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<TagName, std::string>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Markup, std::string>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Markup, const char*>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Html, bool>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<Html, Link>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<std::string, Attribute>);
  // What the consteval constructors ask.
  STATIC_REQUIRE(markup::is_one_of("href", markup::links));
  STATIC_REQUIRE(markup::is_one_of("srcdoc", markup::refused_attributes));
  STATIC_REQUIRE(markup::is_one_of("style", markup::refused_tags));
  STATIC_REQUIRE_FALSE(markup::is_name("a b"));
  STATIC_REQUIRE_FALSE(markup::is_name("a>"));
  STATIC_REQUIRE(markup::is_name("aria-label"));
}
