// beadle report, figures and subject-access: what the pages show of numbers, and everything that is kept about one person.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "review/report.h"
#include "review/subject_access.h"
#include "store/figures.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;

constexpr int weeks_usual = 26;

void print(const review::ReportTable& table) {
  std::printf("\n%s\n", table.caption.c_str());
  std::printf("  %-44s", table.first.c_str());
  for (const std::string& column : table.columns) std::printf(" %16s", column.c_str());
  std::printf("\n");
  const auto line = [](const review::ReportTable::Row& row) {
    std::printf("  %-44s", row.label.c_str());
    for (const review::Count& count : row.counts) std::printf(" %16s", count.text().c_str());
    std::printf("\n");
  };
  for (const review::ReportTable::Row& row : table.rows) line(row);
  if (table.total) line(*table.total);
}

std::string hours(const std::optional<double>& value) {
  if (!value) return "too few to say";
  char text[40];
  std::snprintf(text, sizeof text, "%.1f hours", *value);
  return text;
}

}  // namespace

int report(const ReportOptions& options) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  const Time now = system_now();
  const auto quarter = options.quarter.empty() ? std::optional(review::quarter_before(review::quarter_of(day_of(now)))) : review::quarter_from(options.quarter);
  if (!quarter) return fail({ErrorKind::usage, printable(options.quarter) + " is no quarter: write it as in 2026-Q4"});
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  store::Figures figures(*store);
  const auto report = review::quarterly_report(figures, *quarter, now);
  if (!report) return fail(report.error());
  if (options.json) {
    std::printf("%s\n", review::to_json(*report).c_str());
    return exit_ok;
  }
  std::printf("Mail held against the protocol, %s%s\n", review::says(*quarter).c_str(), report->complete ? "" : " (not over yet)");
  for (const review::ReportTable* table : report->tables()) print(*table);
  std::printf("\nDecided: %s; half within %s, nine of ten within %s, the longest %s\n", report->decided.text().c_str(), hours(report->median_hours).c_str(),
              hours(report->ninth_decile_hours).c_str(), hours(report->longest_hours).c_str());
  return exit_ok;
}

int figures(const ReportOptions& options) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  store::Figures figures(*store);
  const Day until = day_of(system_now()) + std::chrono::days(1);
  const Day from = until - std::chrono::days(7 * weeks_usual);
  const auto weeks = figures.weeks(from, until);
  if (!weeks) return fail(weeks.error());
  const auto outcomes = figures.outcomes(from, until);
  if (!outcomes) return fail(outcomes.error());
  ordered_json rows = ordered_json::array(), became = ordered_json::array();
  for (const store::WeekRow& row : *weeks) {
    if (options.json) rows.push_back({{"week", to_string(row.week)}, {"action", row.action}, {"sender", row.role}, {"clause", row.clause}, {"count", row.count}});
    else
      std::printf("%s  %-9s %-11s %-44s %8lld\n", to_string(row.week).c_str(), row.action.c_str(), row.role.c_str(),
                  row.clause.empty() ? "(messages)" : row.clause.c_str(), static_cast<long long>(row.count));
  }
  for (const store::Outcomes& one : *outcomes) {
    became.push_back({{"clause", one.clause},
                      {"held", one.held},
                      {"released", one.released},
                      {"returned", one.returned},
                      {"withdrawn", one.withdrawn},
                      {"waiting", one.waiting}});
  }
  if (options.json) std::printf("%s\n", ordered_json{{"weeks", rows}, {"outcomes", became}}.dump(2).c_str());
  else if (weeks->empty()) std::printf("Nothing was counted in the last %d weeks.\n", weeks_usual);
  return exit_ok;
}

int subject_access(const SubjectOptions& options) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  Problems problems;
  const auto policy = config::load_policy(*settings, problems);
  const auto documents = document_reader(*settings, problems);
  if (const int code = report(problems); !policy) return code == exit_ok ? static_cast<int>(exit_config) : code;
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  const auto access = review::gather_subject(*store, *policy->people, options.person, options.out, find_actor(options.by), documents, system_now());
  if (!access) return fail(access.error());
  if (options.json) {
    ordered_json items = ordered_json::array();
    for (const review::SubjectItem& item : access->items) {
      items.push_back(
          {{"kind", item.kind}, {"reference", item.reference}, {"at", to_rfc3339(item.at)}, {"why", item.why}, {"what", item.what}, {"file", item.file}});
    }
    std::printf("%s\n", ordered_json{{"name", access->name}, {"addresses", access->addresses}, {"items", items}, {"not_searched", access->not_searched}}
                            .dump(2, ' ', false, ordered_json::error_handler_t::replace)
                            .c_str());
    return exit_ok;
  }
  std::printf("%zu things about %s in %s; begin with index.html.\n", access->items.size(), printable(access->name).c_str(), options.out.c_str());
  for (const std::string& words : access->not_searched) std::printf("  Not searched: %s\n", words.c_str());
  std::printf("Other people stand in these messages: somebody has to read them before they are handed over.\n");
  return exit_ok;
}

}  // namespace beadle::cli
