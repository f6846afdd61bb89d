#include "review/report.h"

#include <random>

#include "base/limits.h"
#include "helpers.h"

namespace beadle::review {
namespace {

using Kind = Count::Kind;
using Numbers = std::vector<std::vector<std::int64_t>>;

Day day(const char* text) { return *day_from(text); }

std::string text(const SafeTable& table) {
  std::string out;
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    for (const Count& count : table.cells[i]) out += count.text() + " | ";
    out += "= " + table.row_totals[i].text() + "\n";
  }
  for (const Count& count : table.column_totals) out += count.text() + " | ";
  if (table.total) out += "= " + table.total->text() + "\n";
  return out;
}

/// Whether some line has exactly one number that is not shown: then subtraction tells it.
bool one_alone(const std::vector<Count>& counts, const Count& total) {
  std::size_t hidden = total.kind == Kind::shown ? 0 : 1;
  for (const Count& count : counts) hidden += count.kind == Kind::shown ? 0 : 1;
  return hidden == 1;
}
bool gives_away(const SafeTable& table) {
  bool found = false;
  for (std::size_t i = 0; i < table.cells.size(); ++i) found = found || one_alone(table.cells[i], table.row_totals[i]);
  if (!table.total) return found;
  for (std::size_t column = 0; column < table.column_totals.size(); ++column) {
    std::vector<Count> counts;
    for (const auto& row : table.cells) counts.push_back(row[column]);
    found = found || one_alone(counts, table.column_totals[column]);
  }
  return found || one_alone(table.column_totals, *table.total) || one_alone(table.row_totals, *table.total);
}

}  // namespace

TEST_CASE("large numbers and noughts are shown, small ones are not") {
  CHECK(safe_number(0).text() == "0");
  CHECK(safe_number(1).text() == "fewer than 5");
  CHECK(safe_number(4).text() == "fewer than 5");
  CHECK(safe_number(5).text() == "5");
  CHECK(safe_number(4).value == 0);
  CHECK(text(safe_table({{10, 0}, {20, 30}}, true)) == "10 | 0 | = 10\n20 | 30 | = 50\n30 | 30 | = 60\n");
  CHECK(text(safe_table({}, true)) == "= 0\n");
}

TEST_CASE("a small number cannot be had by subtraction") {
  CHECK(text(safe_table({{3, 10, 20}}, false)) == "fewer than 5 | not shown | 20 | = 33\n");
  // The total of one small number is as small.
  CHECK(text(safe_table({{3, 0, 0}}, false)) == "fewer than 5 | 0 | 0 | = fewer than 5\n");
  // Two that add up to eight are four each.
  CHECK(text(safe_table({{4, 4, 20}}, false)) == "fewer than 5 | fewer than 5 | not shown | = 28\n");
  CHECK(text(safe_table({{1, 1, 20}}, false)) == "fewer than 5 | fewer than 5 | not shown | = 22\n");
  CHECK(text(safe_table({{2, 3, 20}}, false)) == "fewer than 5 | fewer than 5 | 20 | = 25\n");
  CHECK(text(safe_table({{4, 4, 0}}, false)) == "fewer than 5 | fewer than 5 | 0 | = not shown\n");
}

TEST_CASE("nor along a column, nor across rows and columns together") {
  const SafeTable table = safe_table({{3, 10, 20}, {30, 40, 50}, {60, 70, 80}}, true);
  CHECK(table.cells[0][0].kind == Kind::small);
  CHECK_FALSE(gives_away(table));
  CHECK(table.total->value == 363);
}

TEST_CASE("tables at random give no single number away, and keep what they can") {
  std::mt19937 random(7);
  std::size_t shown = 0;
  for (int round = 0; round < 500; ++round) {
    Numbers numbers(1 + random() % 6, std::vector<std::int64_t>(1 + random() % 4, 0));
    for (auto& row : numbers) {
      for (auto& number : row) number = random() % 3 == 0 ? static_cast<std::int64_t>(random() % 6) : static_cast<std::int64_t>(random() % 200);
    }
    for (const bool add_rows : {true, false}) {
      // With one column or one row, totals repeat the cells; those are made as lists.
      if (add_rows && (numbers.size() < 2 || numbers[0].size() < 2)) continue;
      if (!add_rows && numbers[0].size() < 2) continue;
      const SafeTable table = safe_table(numbers, add_rows);
      INFO(text(table));
      CHECK_FALSE(gives_away(table));
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        for (std::size_t j = 0; j < numbers[i].size(); ++j) {
          const Count& count = table.cells[i][j];
          if (numbers[i][j] > 0 && numbers[i][j] <= limits::small_number_max) CHECK(count.kind == Kind::small);
          if (count.kind == Kind::shown) CHECK(count.value == numbers[i][j]);
          if (count.kind != Kind::shown) CHECK(count.value == 0);
          shown += count.kind == Kind::shown ? 1 : 0;
        }
      }
    }
  }
  CHECK(shown > 1000);
}

TEST_CASE("quarters are read, written and counted back") {
  const auto quarter = quarter_from("2026-Q4");
  REQUIRE(quarter);
  CHECK(quarter->from == day("2026-10-01"));
  CHECK(quarter->until == day("2027-01-01"));
  CHECK(to_string(*quarter) == "2026-Q4");
  CHECK(says(*quarter) == "October to December 2026");
  CHECK(quarter_of(day("2026-12-31")) == *quarter);
  CHECK(to_string(quarter_before(*quarter_from("2026-q1"))) == "2025-Q4");
  for (const char* odd : {"", "2026", "2026-Q0", "2026-Q5", "2026-Q44", "26-Q1", "20x6-Q1", "2026/Q1", "-026-Q1", "1999-Q1", "2026-Q1 "}) {
    CHECK_FALSE(quarter_from(odd));
  }
}

TEST_CASE("a report says what was inspected, found and let go, without names") {
  const Quarter quarter = *quarter_from("2026-Q4");
  const Day week = day("2026-10-05");
  const std::vector<store::WeekRow> weeks{{week, "pass", "officer", "", 900}, {week, "hold", "councillor", "", 20},
                                          {week, "hold", "councillor", "marram/7", 18}, {week, "hold", "officer", "marram/7", 12},
                                          {week, "hold", "councillor", "marram/2", 30}, {week, "hold", "strange", "marram/2", 10}};
  const std::vector<store::Outcomes> outcomes{{"", 20, 10, 10, 0, 0}, {"marram/7", 18, 9, 9, 0, 0}};
  const Report report = report_of(quarter, weeks, outcomes, {20, 2.5, 20, 48}, beginning_of(day("2026-11-01")));
  CHECK_FALSE(report.complete);
  CHECK(report.inspected.rows.size() == 5);
  CHECK(report.inspected.total->counts[0].value == 920);
  REQUIRE(report.findings_by_clause.rows.size() == 2);
  CHECK(report.findings_by_clause.columns == std::vector<std::string>{"Councillors", "Officers", "Others", "All"});
  CHECK(report.findings_by_clause.rows[0].label == "marram/2");
  CHECK(report.findings_by_clause.rows[0].counts[2].value == 10);  // a role that nobody knows is another one
  CHECK(report.findings_by_clause.total->counts[3].value == 70);
  CHECK(report.findings_by_week.rows.size() == 14);
  CHECK(report.findings_by_week.rows[0].label == "2026-10-01");  // the part of that week that is in the quarter
  CHECK(report.findings_by_week.rows[1].counts[0].value == 70);
  CHECK(report.outcomes.rows[0].counts.back().value == 20);
  CHECK(report.overturned_share == 0.5);
  CHECK(report.median_hours == 2.5);
  CHECK(report_of(quarter, {}, {}, {}, beginning_of(day("2027-01-01"))).complete);
  CHECK(to_json(report).find("\"findings-by-clause\"") != std::string::npos);
}

TEST_CASE("what one table hides, another does not tell") {
  const Quarter quarter = *quarter_from("2026-Q4");
  const Day week = day("2026-10-05");
  // Two flagged and six held; that six were held stands among the outcomes.
  const Report flagged = report_of(quarter, {{week, "flag", "officer", "", 2}, {week, "hold", "officer", "", 6}}, {{"", 6, 0, 6, 0, 0}}, {}, at(0));
  CHECK(flagged.inspected.rows[1].counts[0].text() == "fewer than 5");
  CHECK(flagged.inspected.rows[3].counts[0].text() == "not shown");
  CHECK(flagged.inspected.total->counts[0].text() == "not shown");
  CHECK(flagged.outcomes.rows[0].counts.back().text() == "6");
  // Four and four: their sum is hidden, so that weeks must not tell it.
  const Report fours = report_of(quarter, {{week, "hold", "officer", "marram/7", 4}, {week, "hold", "councillor", "marram/7", 4}}, {}, {}, at(0));
  CHECK(fours.findings_by_clause.rows[0].counts[0].text() == "fewer than 5");
  CHECK(fours.findings_by_clause.total->counts.back().text() == "not shown");
  for (const auto& row : fours.findings_by_week.rows) CHECK(row.counts[0].text() == "not shown");
  CHECK(to_json(fours).find(": 8") == std::string::npos);
}

TEST_CASE("of few messages neither times nor shares are told") {
  const Quarter quarter = *quarter_from("2026-Q4");
  const Report few = report_of(quarter, {}, {{"", 3, 2, 1, 0, 0}}, {3, 2.5, 20, 48}, at(0));
  CHECK(few.decided.text() == "fewer than 5");
  CHECK_FALSE(few.median_hours);
  CHECK_FALSE(few.longest_hours);
  CHECK_FALSE(few.overturned_share);
  CHECK(to_json(few).find("2.5") == std::string::npos);
  const Report some = report_of(quarter, {}, {{"", 12, 10, 2, 0, 0}}, {12, 2.5, 20, 48}, at(0));
  CHECK_FALSE(some.overturned_share);  // it would tell the two
}

}  // namespace beadle::review
