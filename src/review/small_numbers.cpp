#include "review/small_numbers.h"

#include <algorithm>
#include <limits>

#include "base/check.h"
#include "base/limits.h"

namespace beadle::review {
namespace {

using Kind = Count::Kind;

bool is_small(std::int64_t number) { return number > 0 && number <= limits::small_number_max; }

/// The table with its totals as one grid; a line is a row or column of it, whose last cell is the sum of the others.
class Grid {
 public:
  Grid(const std::vector<std::vector<std::int64_t>>& numbers, bool add_rows)
      : rows_(numbers.size()), columns_(numbers.empty() ? 0 : numbers[0].size()), add_rows_(add_rows) {
    values_.assign(rows_ + 1, std::vector<std::int64_t>(columns_ + 1, 0));
    kinds_.assign(rows_ + 1, std::vector<Kind>(columns_ + 1, Kind::shown));
    for (std::size_t row = 0; row < rows_; ++row) {
      CHECK(numbers[row].size() == columns_);
      for (std::size_t column = 0; column < columns_; ++column) add(row, column, numbers[row][column]);
    }
    for (std::size_t row = 0; row < grid_rows(); ++row) {
      for (std::size_t column = 0; column <= columns_; ++column) {
        if (is_small(values_[row][column])) kinds_[row][column] = Kind::small;
      }
    }
  }

  /// Until no line gives anything away. Each step withholds one more cell, so it ends.
  void protect() {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t row = 0; row < grid_rows(); ++row) changed = protect_line(line_of_row(row)) || changed;
      if (!add_rows_) continue;
      for (std::size_t column = 0; column <= columns_; ++column) changed = protect_line(line_of_column(column)) || changed;
    }
  }

  Count at(std::size_t row, std::size_t column) const {
    const Kind kind = kinds_[row][column];
    return {kind, kind == Kind::shown ? values_[row][column] : 0};
  }

 private:
  struct Cell {
    std::size_t row, column;
  };
  using Line = std::vector<Cell>;  // the last one is the sum

  void add(std::size_t row, std::size_t column, std::int64_t number) {
    values_[row][column] = number;
    values_[row][columns_] += number;
    values_[rows_][column] += number;
    values_[rows_][columns_] += number;
  }
  std::size_t grid_rows() const { return add_rows_ ? rows_ + 1 : rows_; }

  Line line_of_row(std::size_t row) const {
    Line line;
    for (std::size_t column = 0; column <= columns_; ++column) line.push_back({row, column});
    return line;
  }
  Line line_of_column(std::size_t column) const {
    Line line;
    for (std::size_t row = 0; row <= rows_; ++row) line.push_back({row, column});
    return line;
  }
  Kind& kind(const Cell& cell) { return kinds_[cell.row][cell.column]; }
  std::int64_t value(const Cell& cell) const { return values_[cell.row][cell.column]; }

  /// Whether a reader who subtracts learns a cell that is not shown.
  bool gives_away(const Line& line) {
    std::int64_t small = 0, withheld = 0, hidden_sum = 0;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      if (kind(line[i]) == Kind::shown) continue;
      hidden_sum += value(line[i]);
      ++(kind(line[i]) == Kind::small ? small : withheld);
    }
    const bool sum_hidden = kind(line.back()) != Kind::shown;
    if (sum_hidden) return small + withheld == 0;  // the sum of what is shown
    if (small + withheld == 0) return false;
    if (small + withheld == 1) return true;
    if (withheld > 0) return false;
    // Only small ones, each from 1 to the most: their sum may leave one way only.
    return hidden_sum == small || hidden_sum == small * limits::small_number_max;
  }

  bool protect_line(const Line& line) {
    if (!gives_away(line)) return false;
    const Cell* best = nullptr;
    // The smallest number that can go; then the sum; nothing is gained by hiding a nought.
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      if (kind(line[i]) != Kind::shown || value(line[i]) == 0) continue;
      if (best == nullptr || value(line[i]) < value(*best)) best = &line[i];
    }
    if (best == nullptr && kind(line.back()) == Kind::shown) best = &line.back();
    if (best == nullptr) return false;
    kind(*best) = Kind::withheld;
    return true;
  }

  std::size_t rows_, columns_;
  bool add_rows_;
  std::vector<std::vector<std::int64_t>> values_;
  std::vector<std::vector<Kind>> kinds_;
};

}  // namespace

std::string Count::text() const {
  switch (kind) {
    case Kind::shown:
      return std::to_string(value);
    case Kind::small:
      return "fewer than " + std::to_string(limits::small_number_max + 1);
    case Kind::withheld:
      break;
  }
  return "not shown";
}

SafeTable safe_table(const std::vector<std::vector<std::int64_t>>& numbers, bool add_rows) {
  Grid grid(numbers, add_rows);
  grid.protect();
  SafeTable table;
  const std::size_t columns = numbers.empty() ? 0 : numbers[0].size();
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    table.cells.emplace_back();
    for (std::size_t column = 0; column < columns; ++column) table.cells.back().push_back(grid.at(row, column));
    table.row_totals.push_back(grid.at(row, columns));
  }
  if (!add_rows) return table;
  for (std::size_t column = 0; column < columns; ++column) table.column_totals.push_back(grid.at(numbers.size(), column));
  table.total = grid.at(numbers.size(), columns);
  return table;
}

Count safe_number(std::int64_t number) { return is_small(number) ? Count{Count::Kind::small, 0} : Count{Count::Kind::shown, number}; }

}  // namespace beadle::review
