#include "web/chart.h"

#include <algorithm>

#include "web/chart_drawing.h"
#include "web/components.h"

namespace beadle::web {
namespace {

std::string with_unit(const Chart& chart, double number) {
  return shown_number(number) + (chart.unit.empty() ? "" : " " + chart.unit);
}

/// What the drawing shows, in a sentence for who does not see it.
std::string description_of(const Chart& chart, std::string_view kind) {
  std::string out(kind);
  out.append(" with ")
      .append(with_commas(static_cast<std::int64_t>(chart.categories.size())))
      .append(chart.categories.size() == 1 ? " entry." : " entries.");
  for (std::size_t s = 0; s < std::min(chart.series.size(), drawn_series_max); ++s) {
    const Series& series = chart.series[s];
    std::size_t highest = chart.categories.size();
    for (std::size_t i = 0; i < chart.categories.size(); ++i) {
      if (is_told(series, i) && (highest == chart.categories.size() || told(series, i) > told(series, highest))) highest = i;
    }
    if (highest == chart.categories.size()) continue;
    out.append(" ")
        .append(series.name)
        .append(": highest at ")
        .append(chart.categories[highest])
        .append(", with ")
        .append(with_unit(chart, told(series, highest)))
        .append(".");
  }
  return out.append(" All numbers are in the table below.");
}

Html table_of(const Chart& chart) {
  Table numbers{.caption = chart.title,
                .columns = {{.title = chart.category}},
                .rows = {},
                .caption_hidden = true,
                .first_is_header = true};
  for (const Series& series : chart.series) {
    numbers.columns.push_back(
        {.title = chart.unit.empty() ? series.name : series.name + " (" + chart.unit + ")", .numeric = true});
  }
  for (std::size_t i = 0; i < chart.categories.size(); ++i) {
    Row row = {chart.categories[i]};
    for (const Series& series : chart.series)
      row.push_back(is_told(series, i) ? Html(shown_number(told(series, i))) : Html(chart.untold));
    numbers.rows.push_back(std::move(row));
  }
  return details({.summary = "The numbers as a table", .content = table(numbers), .open = chart.table_open});
}

Html figure(const Chart& chart, std::string_view kind, Drawing (*draw)(const Chart&)) {
  const Html caption = element("figcaption", {{"class", "beadle-figure__caption"}}, chart.title);
  if (chart.categories.empty() || chart.series.empty()) {
    return element("figure", {{"class", "beadle-figure"}}, caption, paragraph("There is nothing to show yet."));
  }
  const Drawing drawing = draw(chart);
  const std::string title_id = chart.id + "-title", description_id = chart.id + "-description";
  const Html svg = element("svg",
                           {{"class", drawing.width == bars_width ? "beadle-chart beadle-chart--bars" : "beadle-chart"},
                            {"role", "img"},
                            {"aria-labelledby", title_id + " " + description_id},
                            {"viewBox", "0 0 " + std::to_string(drawing.width) + " " + std::to_string(drawing.height)},
                            {"xmlns", "http://www.w3.org/2000/svg"},
                            {"focusable", "false"}},
                           element("title", {{"id", title_id}}, chart.title),
                           element("desc", {{"id", description_id}}, description_of(chart, kind)), drawing.content);
  const Html scroll = element(
      "div", {{"class", "beadle-scroll"}, {"tabindex", 0}, {"role", "region"}, {"aria-label", chart.title + ", chart"}}, svg);
  return element("figure", {{"class", "beadle-figure"}}, caption, scroll, table_of(chart));
}

}  // namespace

Html bar_chart(const Chart& chart) { return figure(chart, "Bar chart", draw_bars); }
Html stacked_chart(const Chart& chart) { return figure(chart, "Stacked column chart", draw_columns); }
Html line_chart(const Chart& chart) { return figure(chart, "Line chart", draw_lines); }

}  // namespace beadle::web
