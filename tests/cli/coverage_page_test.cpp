// The page that a council publishes: whole by itself, escaped, and readable with aids.
#include "cli/coverage_page.h"

#include <regex>

#include "config/settings.h"

#include "catch.h"

namespace beadle::cli {
namespace {

std::string page_of(const std::string& folder, std::string_view protocol, rules::Mode mode = rules::Mode::enforce) {
  Problems problems;
  const auto rules = config::load_rules(folder, problems);
  const auto catalogues = config::load_catalogues(folder, problems);
  REQUIRE((rules && catalogues));
  for (const rules::Pack& pack : rules->packs()) {
    if (pack.protocol.name != protocol) continue;
    return to_html({pack.protocol, pack.protocol.council, "2026-11-26", "the clerk <clerk@council.example>", mode}, rules::coverage_of(pack, *catalogues));
  }
  FAIL("no such protocol");
  return "";
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++found;
  return found;
}

const std::string parish = std::string(BEADLE_TEST_DATA) + "/cli/parish";
const std::string shipped = std::string(BEADLE_SOURCE_DIR) + "/rules";

}  // namespace

TEST_CASE("the page loads nothing and runs nothing") {
  for (const char* protocol : {"exmouth", "knutsford", "ne-derbyshire", "southend", "wendlebury"}) {
    INFO(protocol);
    const std::string page = page_of(shipped, protocol);
    for (const char* loads : {"<script", " src=", "<link", "@import", "url(", "<iframe", " onclick"}) CHECK(page.find(loads) == std::string::npos);
  }
}

TEST_CASE("what catalogues and people write is text, never markup") {
  const std::string page = page_of(parish, "parish");
  CHECK(page.find("&quot;please&quot; &amp; all &lt;of them&gt;") != std::string::npos);
  CHECK(page.find("the clerk &lt;clerk@council.example&gt;") != std::string::npos);
}

TEST_CASE("tables have captions and heads, and every element is closed") {
  for (const char* protocol : {"exmouth", "southend", "wendlebury"}) {
    INFO(protocol);
    const std::string page = page_of(shipped, protocol);
    CHECK(page.starts_with("<!DOCTYPE html>\n<html lang=\"en-GB\">"));
    CHECK(count(page, "<table") == count(page, "<caption>"));
    CHECK(count(page, "<h1>") == 1);
    CHECK(count(page, "<th ") == count(page, "<th scope="));
    CHECK(count(page, "<td ") == count(page, "data-label="));
    for (const char* element : {"table", "caption", "thead", "tbody", "tr", "th", "td", "p", "ul", "li", "h2", "dl", "span", "nav", "main", "a", "em", "strong"}) {
      INFO(element);
      const std::regex opens("<" + std::string(element) + "[ >]");
      const auto opened = std::distance(std::sregex_iterator(page.begin(), page.end(), opens), std::sregex_iterator());
      CHECK(static_cast<std::size_t>(opened) == count(page, "</" + std::string(element) + ">"));
    }
    // What the list of contents points to is there, once.
    const std::regex link("href=\"#([a-z-]+)\"");
    for (auto at = std::sregex_iterator(page.begin(), page.end(), link); at != std::sregex_iterator(); ++at) {
      INFO((*at)[1]);
      CHECK(count(page, "id=\"" + (*at)[1].str() + "\"") == 1);
    }
  }
}

TEST_CASE("every family has words of its own, and every clause that is checked is on the page") {
  for (const std::string_view family : rules::families) {
    INFO(family);
    rules::Rule rule;
    rule.clause = "a/1";
    rule.family = family;
    rule.says = "One asks.";
    const std::string page = to_html({{}, "C", "2026-11-26", "the clerk", rules::Mode::enforce}, {{"a/1", rule.family, nullptr, {&rule}}});
    CHECK(page.find("<h2 id=\"" + rule.family + "\">") != std::string::npos);
    CHECK(page.find("One asks.") != std::string::npos);
  }
}

TEST_CASE("the page says what the filter does in the mode that it is in") {
  CHECK(page_of(parish, "parish").find("only observes") == std::string::npos);
  CHECK(page_of(parish, "parish").find("It is held until a reviewer has decided.") != std::string::npos);
  const std::string observing = page_of(parish, "parish", rules::Mode::observe);
  CHECK(observing.find("At present the filter only observes.") != std::string::npos);
  CHECK(observing.find("It is held until a reviewer has decided.") == std::string::npos);
  CHECK(page_of(parish, "parish", rules::Mode::off).find("At present the filter is switched off.") != std::string::npos);
}

TEST_CASE("dates are spoken") {
  CHECK(spoken_date("2026-11-26") == "26 November 2026");
  CHECK(spoken_date("2026-05-03") == "3 May 2026");
  CHECK(spoken_date("2023-01") == "January 2023");
  CHECK(spoken_date("2020") == "2020");
  CHECK(spoken_date("2026-13-01") == "2026-13-01");
  CHECK(spoken_date("soon") == "soon");
  CHECK(spoken_date("") == "");
}

}  // namespace beadle::cli
