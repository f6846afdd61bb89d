#include "web/chart_drawing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "web/components.h"

namespace beadle::web {
namespace {

constexpr int font = 16;
constexpr std::size_t label_bytes_max = 60;
constexpr double most_of_all = 1e15;

}  // namespace

std::string place(double units) {
  std::string out = std::to_string(static_cast<long long>(std::lround(units * 10)));
  if (out.size() == 1) out.insert(0, "0");
  out.insert(out.size() - 1, ".");
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out;
}

Html label(double x, double y, std::string_view anchor, std::string_view words, bool bold) {
  return element("text",
                 {{"x", place(x)},
                  {"y", place(y)},
                  {"text-anchor", anchor},
                  {"font-size", font},
                  {"font-weight", bold ? std::optional<std::string>("bold") : std::nullopt},
                  {"fill", ink}},
                 words);
}
Html straight(double x1, double y1, double x2, double y2, std::string_view colour) {
  return element(
      "line",
      {{"x1", place(x1)}, {"y1", place(y1)}, {"x2", place(x2)}, {"y2", place(y2)}, {"stroke", colour}, {"stroke-width", 1}});
}
Html box(double x, double y, double width, double height, std::string_view fill) {
  return element("rect", {{"x", place(x)},
                          {"y", place(y)},
                          {"width", place(width)},
                          {"height", place(height)},
                          {"fill", fill},
                          {"stroke", paper},
                          {"stroke-width", 1}});
}

std::string shown_number(double number) {
  const double tenths = std::round(std::clamp(number, 0.0, most_of_all) * 10);
  const auto whole = static_cast<std::int64_t>(tenths) / 10;
  const auto rest = static_cast<std::int64_t>(tenths) % 10;
  return with_commas(whole) + (rest == 0 ? "" : "." + std::to_string(rest));
}

bool is_told(const Series& series, std::size_t category) {
  return category < series.values.size() && series.values[category] && std::isfinite(*series.values[category]);
}
double told(const Series& series, std::size_t category) {
  return is_told(series, category) ? std::clamp(*series.values[category], 0.0, most_of_all) : 0;
}

std::vector<double> ticks_up_to(double most) {
  most = std::clamp(most, 1.0, most_of_all * drawn_series_max);
  const double power = std::pow(10, std::floor(std::log10(most / 4)));
  double step = power * 10;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (power * factor * 5 < most) continue;
    step = power * factor;
    break;
  }
  step = std::max(step, 1.0);
  std::vector<double> out = {0};
  while (out.back() < most) out.push_back(out.back() + step);
  return out;
}

Drawing draw_bars(const Chart& chart) {
  const Series& series = chart.series.front();
  const std::size_t count = std::min(chart.categories.size(), drawn_bars_max);
  double most = 0;
  std::size_t longest = chart.untold.size();
  for (std::size_t i = 0; i < count; ++i) {
    most = std::max(most, told(series, i));
    longest = std::max(longest, shown_number(told(series, i)).size());
  }
  constexpr int row_height = 54;
  const double room = bars_width - character_width * static_cast<double>(longest) - 12;
  Html out;
  for (std::size_t i = 0; i < count; ++i) {
    const double y = row_height * static_cast<double>(i), width = most > 0 ? room * told(series, i) / most : 0;
    out += label(0, y + 16, "start", shortened(chart.categories[i], label_bytes_max));
    if (width > 0) out += box(0, y + 22, std::max(width, 2.0), 22, first_colour);
    out += label(width + (width > 0 ? 8 : 0), y + 39, "start", is_told(series, i) ? shown_number(told(series, i)) : chart.untold,
                 true);
  }
  double height = row_height * static_cast<double>(count);
  if (count < chart.categories.size()) {
    out += label(0, height + 16, "start",
                 "and " + with_commas(static_cast<std::int64_t>(chart.categories.size() - count)) + " more, in the table");
    height += line_height + 6;
  }
  return {bars_width, static_cast<int>(height), out};
}

}  // namespace beadle::web
