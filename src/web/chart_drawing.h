// The drawings of chart.h and what they share: scales, patterns, axes. For chart.cpp only.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "web/chart.h"
#include "web/html.h"

namespace beadle::web {

// Width of every drawing, in its own units; a reader's screen makes them larger or smaller.
inline constexpr int drawing_width = 720;
// What can be told apart in one drawing; the table has all.
inline constexpr std::size_t drawn_series_max = 6, drawn_bars_max = 40, drawn_columns_max = 120;

struct Drawing {
  int height = 0;
  Html content;
};
Drawing draw_bars(const Chart& chart);
Drawing draw_columns(const Chart& chart);
Drawing draw_lines(const Chart& chart);

/// "1,234" or "3.5".
std::string shown_number(double number);
/// The number told of a category, 0 where none is or it is no number.
double told(const Series& series, std::size_t category);
bool is_told(const Series& series, std::size_t category);
/// Ends of steps that are easy to read (1, 2 or 5 times a power of ten), the last one at least `most`; begins with 0.
std::vector<double> ticks_up_to(double most);

}  // namespace beadle::web
