// The drawings of chart.h and what they share: scales, patterns, axes. For chart.cpp only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "web/chart.h"
#include "web/html.h"

namespace beadle::web {

// Widths of drawings, in their own units; a reader's screen makes them larger or smaller. Bars are narrow enough for a phone.
inline constexpr int bars_width = 560, plot_width = 720;
// What can be told apart in one drawing; the table has all.
inline constexpr std::size_t drawn_series_max = 6, drawn_bars_max = 40, drawn_columns_max = 120;

struct Drawing {
  int width = 0, height = 0;
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


// Pieces of drawings. Text is 16 units high, a line of it 22, and a character nearly 9 wide.
inline constexpr std::string_view ink = "#0b0c0c", grid_grey = "#b1b4b6", paper = "#ffffff", first_colour = "#12436d";
inline constexpr int line_height = 22, character_width = 9;
/// With a tenth at most.
std::string place(double units);
Html label(double x, double y, std::string_view anchor, std::string_view words, bool bold = false);
Html straight(double x1, double y1, double x2, double y2, std::string_view colour);
Html box(double x, double y, double width, double height, std::string_view fill);

}  // namespace beadle::web
