// Statistical disclosure control for small tables: numbers from 1 to limits::small_number_max are not shown, and neither is what they could be worked out
// from by subtraction (complementary suppression; Office for National Statistics, "Disclosure control guidance for tables"). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace beadle::review {

/// A number, or that it is not shown. What is not shown is not in here either.
struct Count {
  enum class Kind { shown, small, withheld } kind = Kind::shown;
  std::int64_t value = 0;  // of shown

  /// "17", "fewer than 5", "not shown"
  std::string text() const;
  bool operator==(const Count&) const = default;
};

/// A table whose last column and last row are the sums of the others.
struct SafeTable {
  std::vector<std::vector<Count>> cells;  // rows × columns
  std::vector<Count> row_totals;          // one for each row
  std::vector<Count> column_totals;       // one for each column; empty where rows are not added up
  std::optional<Count> total;
};

/// `numbers`: rows of the same length, none negative. `add_rows`: whether totals of columns are shown too (rows of which one mail may stand in two are not
/// to be added up).
SafeTable safe_table(const std::vector<std::vector<std::int64_t>>& numbers, bool add_rows);
/// A number that stands by itself.
Count safe_number(std::int64_t number);

}  // namespace beadle::review
