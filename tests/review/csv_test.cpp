#include "review/csv.h"

#include "catch.h"

using beadle::review::csv_cell;

TEST_CASE("a cell is quoted, and begins no formula") {
  CHECK(csv_cell("") == "\"\"");
  CHECK(csv_cell("a, b\r\nc") == "\"a, b\r\nc\"");
  CHECK(csv_cell("say \"no\"") == "\"say \"\"no\"\"\"");
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"}) CHECK(csv_cell(formula) == "\"'" + std::string(formula) + "\"");
  CHECK(csv_cell("1=1") == "\"1=1\"");
}
