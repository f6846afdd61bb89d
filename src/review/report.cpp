#include "review/report.h"

#include <algorithm>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "base/limits.h"

namespace beadle::review {
namespace {

using store::Outcomes;
using store::WeekRow;

constexpr int year_least = 2000, year_most = 2999;
constexpr std::string_view roles[] = {"councillor", "officer", "other"};
constexpr std::pair<std::string_view, std::string_view> actions[] = {{"pass", "Passed, nothing found"},
                                                                     {"flag", "Passed, with a remark"},
                                                                     {"annotate", "Passed, with a line that says who was copied"},
                                                                     {"hold", "Held for review"},
                                                                     {"protected", "To protected addresses: counted only"}};

Day first_day(int year, int quarter) {
  return std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(3 * (quarter - 1) + 1)) / 1;
}

Quarter quarter_at(int year, int number) {
  return {year, number, first_day(year, number), number == 4 ? first_day(year + 1, 1) : first_day(year, number + 1)};
}

/// Labels in order, and the numbers of each under some columns.
struct Numbers {
  std::vector<std::string> labels;
  std::vector<std::vector<std::int64_t>> rows;
};

ReportTable table_of(std::string name, std::string caption, std::string first, std::vector<std::string> columns, const Numbers& numbers, bool add_rows) {
  const SafeTable safe = safe_table(numbers.rows, add_rows);
  ReportTable table{std::move(name), std::move(caption), std::move(first), std::move(columns), {}, {}};
  // With one column, the total of a row says the same.
  const bool with_row_totals = table.columns.size() > 1;
  for (std::size_t i = 0; i < numbers.labels.size(); ++i) {
    std::vector<Count> counts = safe.cells[i];
    if (with_row_totals) counts.push_back(safe.row_totals[i]);
    table.rows.push_back({numbers.labels[i], std::move(counts)});
  }
  if (add_rows) {
    std::vector<Count> counts = safe.column_totals;
    if (counts.empty()) counts.assign(table.columns.size(), Count{});
    if (with_row_totals) counts.push_back(safe.total.value_or(Count{}));
    table.total = ReportTable::Row{"All", std::move(counts)};
  }
  if (with_row_totals) table.columns.emplace_back("All");
  return table;
}

/// One column whose cells are their own row totals: small cells are protected along the column only.
ReportTable list_of(std::string name, std::string caption, std::string first, const Numbers& numbers) {
  // As a row, whose sum is the total.
  std::vector<std::int64_t> line;
  for (const auto& row : numbers.rows) line.push_back(row.front());
  const SafeTable safe = safe_table({line}, false);
  ReportTable table{std::move(name), std::move(caption), std::move(first), {"Number"}, {}, {}};
  for (std::size_t i = 0; i < numbers.labels.size(); ++i) table.rows.push_back({numbers.labels[i], {safe.cells[0][i]}});
  table.total = ReportTable::Row{"All", {safe.row_totals[0]}};
  return table;
}

ReportTable inspected(const std::vector<WeekRow>& weeks) {
  Numbers numbers;
  for (const auto& [action, label] : actions) {
    std::int64_t count = 0;
    for (const WeekRow& row : weeks) count += row.clause.empty() && row.action == action ? row.count : 0;
    numbers.labels.emplace_back(label);
    numbers.rows.push_back({count});
  }
  return list_of("inspected", "Messages inspected, by what was done with them", "What was done", numbers);
}

std::size_t role_index(std::string_view role) {
  const auto found = std::find(std::begin(roles), std::end(roles), role);
  return found == std::end(roles) ? std::size(roles) - 1 : static_cast<std::size_t>(found - std::begin(roles));
}

ReportTable by_clause(const std::vector<WeekRow>& weeks) {
  std::map<std::string, std::vector<std::int64_t>> clauses;
  for (const WeekRow& row : weeks) {
    if (row.clause.empty()) continue;
    auto& counts = clauses.try_emplace(row.clause, std::vector<std::int64_t>(std::size(roles), 0)).first->second;
    counts[role_index(row.role)] += row.count;
  }
  Numbers numbers;
  for (auto& [clause, counts] : clauses) {
    numbers.labels.push_back(clause);
    numbers.rows.push_back(std::move(counts));
  }
  return table_of("findings-by-clause", "Findings, by clause and by who wrote the message", "Clause", {"Councillors", "Officers", "Others"}, numbers, true);
}

ReportTable by_week(const Quarter& quarter, const std::vector<WeekRow>& weeks) {
  std::map<Day, std::int64_t> counts;
  // Weeks without a finding are shown too.
  const Day first = quarter.from - (std::chrono::weekday(quarter.from) - std::chrono::Monday);
  for (Day week = first; week < quarter.until; week += std::chrono::days(7)) counts[week] = 0;
  for (const WeekRow& row : weeks) {
    if (!row.clause.empty()) counts[row.week] += row.count;
  }
  Numbers numbers;
  for (const auto& [week, count] : counts) {
    numbers.labels.push_back(beadle::to_string(std::max(week, quarter.from)));
    numbers.rows.push_back({count});
  }
  return list_of("findings-by-week", "Findings, by week", "Week from", numbers);
}

/// Each row by itself: a message with two findings stands in two of them.
ReportTable outcomes_table(const std::vector<Outcomes>& outcomes) {
  Numbers numbers;
  for (const Outcomes& one : outcomes) {
    numbers.labels.push_back(one.clause.empty() ? "All held messages" : one.clause);
    numbers.rows.push_back({one.released, one.returned, one.withdrawn, one.waiting});
  }
  ReportTable table = table_of("outcomes", "Held messages, by what became of them; a message held for two clauses counts under both", "Clause",
                               {"Released", "Returned", "Withdrawn by the sender", "Still waiting"}, numbers, false);
  table.columns.back() = "Held";
  return table;
}

constexpr std::size_t held_row = 3;  // of `actions`

void withhold(Count& count) {
  if (count.kind == Count::Kind::shown) count = {Count::Kind::withheld, 0};
}

/// Two tables that share a number: what one of them hides, the other must not tell.
void protect_links(Report& report) {
  // How many were held stands among the outcomes too; so the sum goes.
  if (report.inspected.rows[held_row].counts[0].kind == Count::Kind::withheld) withhold(report.inspected.total->counts[0]);
  // All findings are the sum of both tables of findings; only where there are next to none is it hidden in one.
  const Count &by_clause_total = report.findings_by_clause.total->counts.back(), &by_week_total = report.findings_by_week.total->counts.back();
  if (by_clause_total.kind == by_week_total.kind && by_week_total.kind != Count::Kind::withheld) return;
  for (ReportTable::Row& row : report.findings_by_week.rows) row.counts[0] = {Count::Kind::withheld, 0};
  report.findings_by_week.total->counts[0] = {Count::Kind::withheld, 0};
}

std::int64_t decided_of(const Outcomes& all) { return all.released + all.returned + all.withdrawn; }

}  // namespace

std::optional<Quarter> quarter_from(std::string_view text) {
  if (text.size() != 7 || text[4] != '-' || (text[5] != 'Q' && text[5] != 'q') || text[6] < '1' || text[6] > '4') return std::nullopt;
  int year = 0;
  for (const char c : text.substr(0, 4)) {
    if (c < '0' || c > '9') return std::nullopt;
    year = year * 10 + (c - '0');
  }
  if (year < year_least || year > year_most) return std::nullopt;
  return quarter_at(year, text[6] - '0');
}

Quarter quarter_of(Day day) {
  const std::chrono::year_month_day date(day);
  return quarter_at(static_cast<int>(date.year()), static_cast<int>((static_cast<unsigned>(date.month()) - 1) / 3) + 1);
}

Quarter quarter_before(const Quarter& quarter) { return quarter_of(quarter.from - std::chrono::days(1)); }

std::string to_string(const Quarter& quarter) { return std::to_string(quarter.year) + "-Q" + std::to_string(quarter.number); }

std::string says(const Quarter& quarter) {
  static constexpr std::string_view months[] = {"January to March", "April to June", "July to September", "October to December"};
  return std::string(months[quarter.number - 1]) + " " + std::to_string(quarter.year);
}

std::vector<const ReportTable*> Report::tables() const { return {&inspected, &findings_by_clause, &findings_by_week, &outcomes}; }

Report report_of(const Quarter& quarter, const std::vector<WeekRow>& weeks, const std::vector<Outcomes>& outcomes,
                 const store::HoldingTime& holding, Time now) {
  Report report;
  report.quarter = quarter;
  report.complete = now >= beginning_of(quarter.until);
  report.inspected = inspected(weeks);
  report.findings_by_clause = by_clause(weeks);
  report.findings_by_week = by_week(quarter, weeks);
  report.outcomes = outcomes_table(outcomes);
  protect_links(report);
  report.decided = safe_number(holding.decided);
  if (holding.decided > limits::small_number_max) {
    report.median_hours = holding.median_hours;
    report.ninth_decile_hours = holding.ninth_decile_hours;
    report.longest_hours = holding.longest_hours;
  }
  const auto all = std::find_if(outcomes.begin(), outcomes.end(), [](const Outcomes& one) { return one.clause.empty(); });
  if (all == outcomes.end() || decided_of(*all) <= limits::small_number_max) return report;
  // Beside numbers that are shown, a share would tell those that are not.
  const auto& counts = report.outcomes.rows[static_cast<std::size_t>(all - outcomes.begin())].counts;
  const bool all_shown = std::all_of(counts.begin(), counts.end(), [](const Count& count) { return count.kind == Count::Kind::shown; });
  if (all_shown) report.overturned_share = static_cast<double>(all->released) / static_cast<double>(decided_of(*all));
  return report;
}

Result<Report> quarterly_report(store::Figures& figures, const Quarter& quarter, Time now) {
  const auto weeks = TRY(figures.weeks(quarter.from, quarter.until));
  const auto outcomes = TRY(figures.outcomes(quarter.from, quarter.until));
  return report_of(quarter, weeks, outcomes, TRY(figures.holding_time(quarter.from, quarter.until)), now);
}

std::string to_json(const Report& report) {
  using nlohmann::ordered_json;
  const auto count = [](const Count& one) { return one.kind == Count::Kind::shown ? ordered_json(one.value) : ordered_json(one.text()); };
  const auto number = [](const std::optional<double>& one) { return one ? ordered_json(*one) : ordered_json(nullptr); };
  ordered_json out{{"quarter", to_string(report.quarter)}, {"complete", report.complete}};
  for (const ReportTable* table : report.tables()) {
    ordered_json rows = ordered_json::array();
    const auto add = [&](const ReportTable::Row& row) {
      ordered_json item{{table->first, row.label}};
      for (std::size_t i = 0; i < row.counts.size(); ++i) item[table->columns[i]] = count(row.counts[i]);
      rows.push_back(std::move(item));
    };
    for (const ReportTable::Row& row : table->rows) add(row);
    if (table->total) add(*table->total);
    out[table->name] = std::move(rows);
  }
  out["holding"] = {{"decided", count(report.decided)},
                    {"median_hours", number(report.median_hours)},
                    {"ninth_decile_hours", number(report.ninth_decile_hours)},
                    {"longest_hours", number(report.longest_hours)}};
  out["overturned_share"] = number(report.overturned_share);
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace beadle::review
