// The quarterly report, to print and to publish: no names, small numbers suppressed. As a page, and for programs.
#include <cmath>

#include "base/text.h"
#include "review/report.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

constexpr int quarters_offered = 8;

Html shown(const review::ReportTable& from) {
  Table list{.caption = from.caption, .columns = {{from.first}}, .rows = {}, .if_empty = "There was nothing."};
  list.first_is_header = true;
  for (const std::string& column : from.columns) list.columns.push_back({column, true});
  const auto add = [&](const review::ReportTable::Row& row, bool total) {
    Row cells{total ? strong(row.label) : Html(row.label)};
    for (const review::Count& count : row.counts) cells.push_back(total ? strong(count.text()) : Html(count.text()));
    list.rows.push_back(std::move(cells));
  };
  for (const review::ReportTable::Row& row : from.rows) add(row, false);
  if (from.total && !from.rows.empty()) add(*from.total, true);
  return table(list);
}

std::string hours(const std::optional<double>& value) { return value ? shown_hours(*value) : "too few to say"; }

Html times_of(const review::Report& report) {
  const std::string share = report.overturned_share ? std::to_string(std::llround(*report.overturned_share * 100)) + " %" : "too few to say";
  return summary_list({{"Decided", report.decided.text()},
                       {"Half of them within", hours(report.median_hours)},
                       {"Nine of ten within", hours(report.ninth_decile_hours)},
                       {"Longest", hours(report.longest_hours)},
                       {"Let go by the reviewer", share}});
}

Html ways(const review::Quarter& shown_quarter, const Visit& visit) {
  std::vector<Choice> choices;
  review::Quarter quarter = review::quarter_of(day_of(visit.now));
  for (int i = 0; i < quarters_offered; ++i, quarter = review::quarter_before(quarter)) choices.push_back({review::to_string(quarter), review::says(quarter)});
  return form_get(local_link("/report"), fragment(select_field({.name = "quarter", .label = "Quarter", .value = review::to_string(shown_quarter)}, choices),
                                                  button({.words = "Show", .kind = ButtonKind::secondary})));
}

}  // namespace

Response report_page(const Visit& visit) {
  const std::string_view asked = visit.request.query_value("quarter");
  // The last one that is over, unless another is asked for.
  const review::Quarter usual = review::quarter_before(review::quarter_of(day_of(visit.now)));
  const auto quarter = asked.empty() ? std::optional<review::Quarter>(usual) : review::quarter_from(asked);
  if (!quarter) return failure_page(visit, {ErrorKind::usage, "A quarter is written as in 2026-Q4"});
  store::Figures figures(visit.world.store);
  const auto report = review::quarterly_report(figures, *quarter, visit.now);
  if (!report) return failure_page(visit, report.error());
  if (visit.request.query_value("as") == "json") {
    return {.status = 200, .type = "application/json", .body = review::to_json(*report),
            .headers = {{"Content-Disposition", "attachment; filename=\"report-" + review::to_string(*quarter) + ".json\""}}};
  }
  Html tables;
  for (const review::ReportTable* one : report->tables()) tables += shown(*one);
  const std::string council = visit.people().roster().council;
  return page(
      visit,
      {.title = "Report, " + review::says(*quarter),
       .current = "/report",
       .main = fragment(
           element("div", {{"class", "beadle-no-print"}}, ways(*quarter, visit)),
           heading_1("Mail held against the protocol, " + review::says(*quarter), council),
           html_if(!report->complete, [] { return inset_text("This quarter is not over: the numbers will grow."); }),
           paragraph(
               "What ", council,
               "'s mail filter looked at, what it found, and what people decided. Nobody is named. Where a number is so small that it could tell who it was, "
               "only that is said; others are left out where they would give it away."),
           tables, heading_2("How long decisions took"), times_of(*report),
           element("div", {{"class", "beadle-no-print"}},
                   paragraph("To print it, or to keep it as a PDF, use your browser's print command. ",
                             link(local_link("/report", {{"quarter", review::to_string(*quarter)}, {"as", "json"}}), "The same for programs (JSON)"), "."))),
       .wide = true});
}

}  // namespace beadle::web
