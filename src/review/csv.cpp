#include "review/csv.h"

namespace beadle::review {

std::string csv_cell(std::string_view text) {
  constexpr std::string_view formula_begins = "=+-@\t\r";
  std::string cell = "\"";
  if (!text.empty() && formula_begins.find(text.front()) != std::string_view::npos) cell += '\'';
  for (const char c : text) {
    cell += c;
    if (c == '"') cell += '"';
  }
  return cell + "\"";
}

}  // namespace beadle::review
