// Charts as SVG within the page, each with its numbers as a table below it. They are read without colour (patterns, labels, marks at points), without
// sight (title, description, table) and without script; colours and sizes are attributes of the SVG, which a strict Content-Security-Policy permits.
// Leaves counting to review/figures; nothing fails: no rows, one row and hundreds all make a figure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "web/html.h"

namespace beadle::web {

struct Series {
  std::string name;
  std::vector<std::optional<double>> values;  // one a category; nullopt: not told, see Chart::untold
};

struct Chart {
  std::string id;     // unique in its page
  std::string title;  // "Findings by clause"
  std::string category;  // what the categories are, one of them: "Clause"
  std::vector<std::string> categories = {};
  std::vector<Series> series = {};
  std::string unit = {};                // behind the numbers: "hours"; "" where they are counts
  std::string untold = "fewer than 5";  // what stands for a number that is not told
  bool table_open = false;              // as on paper
};

/// A bar for each category, of the first series, with its number at its end. For names and other things without an order.
Html bar_chart(const Chart& chart);
/// A column for each category, its series on top of each other, each with its pattern. For weeks.
Html stacked_chart(const Chart& chart);
/// A line for each series, with marks at its points and gaps where numbers are not told. For weeks.
Html line_chart(const Chart& chart);

}  // namespace beadle::web
