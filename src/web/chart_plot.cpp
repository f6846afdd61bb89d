// Columns and lines over weeks: legend, axes and what stands between them.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

#include "base/text.h"
#include "web/chart_drawing.h"

namespace beadle::web {
namespace {

// Dark enough on white (3:1 and more, WCAG 1.4.11), and told apart by how light they are as well.
constexpr std::array<std::string_view, drawn_series_max> colours = {first_colour, "#1f8078", "#801650",
                                                                    "#d4501a",    "#3d3d3d", "#7a5aa6"};
constexpr std::array<std::string_view, drawn_series_max> dashes = {"none", "10 5", "2 4", "14 4 2 4", "6 6", "1 7"};
constexpr int plot_height = 260;
constexpr std::size_t name_bytes_max = 75, category_bytes_max = 24;

/// White marks on the colour of each series but the first, which is plain.
Html marks_of(std::size_t series) {
  switch (series) {
    case 1:
      return Html::trusted("<path d=\"M0 8 8 0M-2 2 2 -2M6 10 10 6\" stroke=\"#ffffff\" stroke-width=\"1.5\"/>");
    case 2:
      return Html::trusted("<circle cx=\"4\" cy=\"4\" r=\"1.6\" fill=\"#ffffff\"/>");
    case 3:
      return Html::trusted("<path d=\"M0 4H8\" stroke=\"#ffffff\" stroke-width=\"1.5\"/>");
    case 4:
      return Html::trusted("<path d=\"M4 0V8M0 4H8\" stroke=\"#ffffff\" stroke-width=\"1\"/>");
    case 5:
      return Html::trusted("<path d=\"M0 0 8 8M-2 6 2 10M6 -2 10 2\" stroke=\"#ffffff\" stroke-width=\"1.5\"/>");
    default:
      return {};
  }
}
std::string pattern_id(const Chart& chart, std::size_t series) { return chart.id + "-pattern-" + std::to_string(series); }
std::string fill_of(const Chart& chart, std::size_t series) { return "url(#" + pattern_id(chart, series) + ")"; }

Html patterns(const Chart& chart, std::size_t count) {
  Html out;
  for (std::size_t i = 0; i < count; ++i) {
    out += element("pattern", {{"id", pattern_id(chart, i)}, {"width", 8}, {"height", 8}, {"patternUnits", "userSpaceOnUse"}},
                   element("rect", {{"width", 8}, {"height", 8}, {"fill", colours[i]}}), marks_of(i));
  }
  return element("defs", out);
}

/// Where categories and numbers of columns and lines stand.
struct Plot {
  double left = 0, top = 0, width = 0, most = 1;
  std::size_t first = 0, count = 0;  // the categories that are drawn: the last ones
  std::vector<double> ticks;

  double x_of(std::size_t category) const {
    return left + width * (static_cast<double>(category - first) + 0.5) / static_cast<double>(count);
  }
  double y_of(double number) const { return top + plot_height * (1 - std::min(number, most) / most); }
  double step() const { return width / static_cast<double>(count); }
};

Plot plot_of(const Chart& chart, double most, double top) {
  Plot plot;
  plot.ticks = ticks_up_to(most);
  plot.most = plot.ticks.back();
  std::size_t longest = 1;
  for (const double tick : plot.ticks) longest = std::max(longest, shown_number(tick).size());
  plot.left = 12.0 + character_width * static_cast<double>(longest);
  plot.top = top;
  plot.width = plot_width - plot.left - 12;
  plot.count = std::min(chart.categories.size(), drawn_columns_max);
  plot.first = chart.categories.size() - plot.count;
  return plot;
}

Html axes(const Chart& chart, const Plot& plot) {
  Html out = each(plot.ticks, [&](double tick) {
    const double y = plot.y_of(tick);
    return fragment(straight(plot.left, y, plot.left + plot.width, y, tick == 0 ? ink : grid_grey),
                    label(plot.left - 6, y + 5, "end", shown_number(tick)));
  });
  std::size_t longest = 1;
  for (std::size_t i = plot.first; i < chart.categories.size(); ++i) longest = std::max(longest, chart.categories[i].size());
  // As many names as fit beside each other, the last one always.
  const double room = character_width * static_cast<double>(std::min(longest, category_bytes_max)) + 12;
  const auto every = static_cast<std::size_t>(std::max(1.0, std::ceil(room / plot.step())));
  for (std::size_t i = plot.first; i < chart.categories.size(); ++i) {
    if ((chart.categories.size() - 1 - i) % every != 0) continue;
    const double x = plot.x_of(i), y = plot.top + plot_height;
    const double half = character_width * static_cast<double>(std::min(chart.categories[i].size(), category_bytes_max)) / 2;
    out += straight(x, y, x, y + 5, ink);
    out += label(std::clamp(x, half, plot_width - half), y + line_height, "middle",
                 shortened(chart.categories[i], category_bytes_max));
  }
  return out;
}

std::size_t drawn_series(const Chart& chart) { return std::min(chart.series.size(), drawn_series_max); }

Html legend_mark(const Chart& chart, std::size_t series, double y) {
  return fragment(box(0, y, 28, 16, fill_of(chart, series)),
                  label(36, y + 14, "start", shortened(chart.series[series].name, name_bytes_max)));
}

Html point_mark(std::size_t series, double x, double y) {
  const std::string_view colour = colours[series];
  switch (series % 3) {
    case 0:
      return element("circle", {{"cx", place(x)}, {"cy", place(y)}, {"r", 4}, {"fill", colour}});
    case 1:
      return element("rect", {{"x", place(x - 4)}, {"y", place(y - 4)}, {"width", 8}, {"height", 8}, {"fill", colour}});
    default:
      return element("path", {{"d", "M" + place(x) + " " + place(y - 5) + "l5 9h-10z"}, {"fill", colour}});
  }
}

/// The points that are told, joined where they are neighbours.
Html line_of(const Chart& chart, const Plot& plot, std::size_t series) {
  std::string path;
  Html points;
  bool joined = false;
  for (std::size_t i = plot.first; i < chart.categories.size(); ++i) {
    if (!is_told(chart.series[series], i)) {
      joined = false;
      continue;
    }
    const double x = plot.x_of(i), y = plot.y_of(told(chart.series[series], i));
    path.append(joined ? "L" : "M").append(place(x)).append(" ").append(place(y));
    points += point_mark(series, x, y);
    joined = true;
  }
  if (path.empty()) return {};
  return fragment(element("path", {{"d", path},
                                   {"fill", "none"},
                                   {"stroke", colours[series]},
                                   {"stroke-width", 2},
                                   {"stroke-dasharray", dashes[series]}}),
                  points);
}

Html line_legend(const Chart& chart, std::size_t series, double y) {
  return fragment(element("line", {{"x1", 0},
                                   {"y1", place(y + 8)},
                                   {"x2", 40},
                                   {"y2", place(y + 8)},
                                   {"stroke", colours[series]},
                                   {"stroke-width", 2},
                                   {"stroke-dasharray", dashes[series]}}),
                  point_mark(series, 20, y + 8),
                  label(48, y + 14, "start", shortened(chart.series[series].name, name_bytes_max)));
}

// Of one series the title says enough.
template <class Mark>
Html legend(const Chart& chart, Mark mark) {
  Html out;
  if (chart.series.size() < 2) return out;
  for (std::size_t i = 0; i < drawn_series(chart); ++i) out += mark(chart, i, static_cast<double>(i) * line_height);
  return out;
}
double legend_height(const Chart& chart) {
  return chart.series.size() < 2 ? 12 : static_cast<double>(drawn_series(chart)) * line_height + 16;
}

double stack_of(const Chart& chart, std::size_t category) {
  double sum = 0;
  for (std::size_t i = 0; i < drawn_series(chart); ++i) sum += told(chart.series[i], category);
  return sum;
}

}  // namespace

Drawing draw_columns(const Chart& chart) {
  double most = 0;
  for (std::size_t i = 0; i < chart.categories.size(); ++i) most = std::max(most, stack_of(chart, i));
  const double top = legend_height(chart);
  const Plot plot = plot_of(chart, most, top);
  Html out = fragment(patterns(chart, drawn_series(chart)), legend(chart, legend_mark), axes(chart, plot));
  const double width = std::min(plot.step() * 0.8, 60.0);
  for (std::size_t i = plot.first; i < chart.categories.size(); ++i) {
    double below = 0;
    for (std::size_t s = 0; s < drawn_series(chart); ++s) {
      const double number = told(chart.series[s], i);
      if (number <= 0) continue;
      const double high = plot.y_of(below + number), low = plot.y_of(below);
      out += box(plot.x_of(i) - width / 2, high, width, low - high, fill_of(chart, s));
      below += number;
    }
  }
  return {plot_width, static_cast<int>(top) + plot_height + line_height + 10, out};
}

Drawing draw_lines(const Chart& chart) {
  double most = 0;
  for (std::size_t s = 0; s < drawn_series(chart); ++s) {
    for (std::size_t i = 0; i < chart.categories.size(); ++i) most = std::max(most, told(chart.series[s], i));
  }
  const double top = legend_height(chart);
  const Plot plot = plot_of(chart, most, top);
  Html out = fragment(legend(chart, line_legend), axes(chart, plot));
  for (std::size_t s = 0; s < drawn_series(chart); ++s) out += line_of(chart, plot, s);
  return {plot_width, static_cast<int>(top) + plot_height + line_height + 10, out};
}

}  // namespace beadle::web
