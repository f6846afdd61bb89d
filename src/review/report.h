// The quarterly report as values: what was inspected, found, held and let go, without any name, with small numbers suppressed. For the council and the
// public. What it is made of are numbers that were counted when the verdict fell (store/figures.h), so that it outlives the mail.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/result.h"
#include "review/small_numbers.h"
#include "store/figures.h"

namespace beadle::review {

struct Quarter {
  int year = 0;
  int number = 1;  // 1 to 4
  Day from{}, until{};  // to before `until`
  bool operator==(const Quarter&) const = default;
};
/// "2026-Q4"; of the years that there may be mail in. nullopt for anything else.
std::optional<Quarter> quarter_from(std::string_view text);
Quarter quarter_of(Day day);
Quarter quarter_before(const Quarter& quarter);
std::string to_string(const Quarter& quarter);  // "2026-Q4"
std::string says(const Quarter& quarter);       // "October to December 2026"

struct ReportTable {
  std::string name;     // "findings-by-clause", for files
  std::string caption;
  std::string first;    // head of the first column
  std::vector<std::string> columns;
  struct Row {
    std::string label;
    std::vector<Count> counts;  // one for each column
  };
  std::vector<Row> rows;
  std::optional<Row> total;
};

struct Report {
  Quarter quarter;
  bool complete = false;  // the quarter is over
  ReportTable inspected;          // mail by what was done
  ReportTable findings_by_clause; // … and by kind of sender
  ReportTable findings_by_week;
  ReportTable outcomes;           // of held mail: "all", then by clause; a release is a hold overturned
  Count decided;
  std::optional<double> median_hours, ninth_decile_hours, longest_hours;  // nullopt: of too few to be told
  std::optional<double> overturned_share;  // of what was decided, 0 to 1; nullopt: of too few
  std::vector<const ReportTable*> tables() const;
};

/// error: of the store.
Result<Report> quarterly_report(store::Figures& figures, const Quarter& quarter, Time now);
/// The same from values, pure.
Report report_of(const Quarter& quarter, const std::vector<store::WeekRow>& weeks, const std::vector<store::Outcomes>& outcomes,
                 const store::HoldingTime& holding, Time now);

/// For machines: one object, suppressed numbers as the words that stand for them.
std::string to_json(const Report& report);

}  // namespace beadle::review
