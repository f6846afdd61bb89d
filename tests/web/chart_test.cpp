// Charts: any numbers give a figure with its table, and nothing is told that must not be.
#include "web/chart.h"

#include <cmath>
#include <limits>
#include <string>

#include "catch.h"
#include "web/chart_drawing.h"

using namespace beadle::web;

namespace {

Chart chart_of(std::size_t categories, std::size_t series, double number) {
  Chart chart{.id = "c", .title = "Findings", .category = "Week"};
  for (std::size_t i = 0; i < categories; ++i) chart.categories.push_back("Week " + std::to_string(i));
  for (std::size_t s = 0; s < series; ++s)
    chart.series.push_back({"Series " + std::to_string(s), std::vector<std::optional<double>>(categories, number)});
  return chart;
}
std::size_t count(const std::string& text, std::string_view part) {
  std::size_t out = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++out;
  return out;
}
constexpr Html (*kinds[])(const Chart&) = {bar_chart, stacked_chart, line_chart};

}  // namespace

TEST_CASE("every number of rows gives a figure with its table") {
  for (const auto kind : kinds) {
    for (const std::size_t rows : {1u, 2u, 60u, 500u}) {
      for (const std::size_t series : {1u, 3u, 9u}) {
        const std::string html = kind(chart_of(rows, series, 7)).bytes();
        INFO(rows << " rows, " << series << " series");
        CHECK(html.find("role=\"img\" aria-labelledby=\"c-title c-description\"") != std::string::npos);
        CHECK(html.find("<title id=\"c-title\">Findings</title><desc id=\"c-description\">") != std::string::npos);
        CHECK(count(html, "<th scope=\"row\"") == rows);
        CHECK(count(html, "<th scope=\"col\"") == series + 1);
        CHECK(html.find(" style=") == std::string::npos);
        CHECK(html.find("nan") == std::string::npos);
        CHECK(html.find("inf\"") == std::string::npos);
      }
    }
    CHECK(kind(chart_of(0, 1, 1)).bytes().find("There is nothing to show yet.") != std::string::npos);
    CHECK(kind(chart_of(3, 0, 1)).bytes().find("There is nothing to show yet.") != std::string::npos);
  }
}

TEST_CASE("strange numbers are drawn as nothing") {
  for (const auto kind : kinds) {
    for (const double number : {0.0, -5.0, 1e300, std::numeric_limits<double>::infinity(), std::nan(""), 0.04, 1e-300}) {
      const std::string html = kind(chart_of(3, 2, number)).bytes();
      INFO(number);
      CHECK(count(html, "<th scope=\"row\"") == 3);
      CHECK(html.find("=\"-") == std::string::npos);
      CHECK(html.find("nan") == std::string::npos);
    }
  }
}

TEST_CASE("a number that is not told is nowhere") {
  Chart chart{.id = "c",
              .title = "Findings",
              .category = "Clause",
              .categories = {"2.3", "3.1"},
              .series = {{"Findings", {std::nullopt, 41}}}};
  for (const auto kind : kinds) {
    const std::string html = kind(chart).bytes();
    CHECK(html.find("fewer than 5") != std::string::npos);
    CHECK(html.find("41") != std::string::npos);
  }
  chart.series[0].values.clear();  // shorter than its categories
  for (const auto kind : kinds) CHECK(count(kind(chart).bytes(), "fewer than 5") >= 2);
}

TEST_CASE("names in charts stay text") {
  const std::string evil = "\"><script>alert(1)</script>";
  Chart chart{.id = "c",
              .title = evil,
              .category = evil,
              .categories = {evil},
              .series = {{evil, {1}}, {evil, {2}}},
              .unit = evil,
              .untold = evil};
  for (const auto kind : kinds) CHECK(kind(chart).bytes().find("<script") == std::string::npos);
}

TEST_CASE("series are told apart without colour") {
  const std::string columns = stacked_chart(chart_of(3, 3, 5)).bytes();
  for (const char* part : {"url(#c-pattern-0)", "url(#c-pattern-1)", "url(#c-pattern-2)", "Series 2</text>"})
    CHECK(columns.find(part) != std::string::npos);
  const std::string lines = line_chart(chart_of(3, 3, 5)).bytes();
  for (const char* part :
       {"stroke-dasharray=\"none\"", "stroke-dasharray=\"10 5\"", "stroke-dasharray=\"2 4\"", "<circle", "<rect"})
    CHECK(lines.find(part) != std::string::npos);
}

TEST_CASE("steps of an axis are easy to read and reach the top") {
  CHECK(ticks_up_to(0) == std::vector<double>{0, 1});
  CHECK(ticks_up_to(1) == std::vector<double>{0, 1});
  CHECK(ticks_up_to(18) == std::vector<double>{0, 5, 10, 15, 20});
  for (double most = 1; most < 1e14; most *= 1.7) {
    const std::vector<double> ticks = ticks_up_to(most);
    INFO(most);
    CHECK(ticks.back() >= most);
    CHECK(ticks.size() <= 8);
    CHECK(ticks.size() >= 2);
  }
}

TEST_CASE("numbers keep one place behind the point") {
  CHECK(shown_number(3.44) == "3.4");
  CHECK(shown_number(3.0) == "3");
  CHECK(shown_number(9.96) == "10");
  CHECK(shown_number(1234567) == "1,234,567");
}
