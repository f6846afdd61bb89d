// Numbers without names: findings by clause and week, by whom, how long people took to decide, and what they let go. Each chart has its table.
#include <algorithm>
#include <map>

#include "base/calendar.h"
#include "base/text.h"
#include "review/coverage.h"
#include "store/figures.h"
#include "web/chart.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

constexpr int weeks_shown = 26;
constexpr std::size_t clauses_shown = 20;
constexpr std::pair<std::string_view, std::string_view> roles[] = {{"councillor", "Councillors"}, {"officer", "Officers"}, {"other", "Others"}};
constexpr std::pair<std::string_view, std::string_view> actions[] = {
    {"pass", "Passed"}, {"flag", "Noted"}, {"annotate", "Line added"}, {"hold", "Held"},
    {"audited", "Only in a Sent folder"}, {"protected", "Protected (counted only)"}};

/// Everything that the page shows, of whole weeks.
struct Numbers {
  std::vector<Day> weeks;
  std::vector<store::WeekRow> rows;
  std::vector<store::Outcomes> outcomes;
  store::HoldingTime holding;
  std::optional<Time> oldest;
  review::Coverage coverage;
};

Day monday_of(Day day) { return day - (std::chrono::weekday(day) - std::chrono::Monday); }

Result<Numbers> load(const Visit& visit) {
  store::Figures figures(visit.world.store);
  const Day last = monday_of(day_of(visit.now));
  Numbers numbers;
  for (int i = weeks_shown - 1; i >= 0; --i) numbers.weeks.push_back(last - std::chrono::days(7 * i));
  const Day until = last + std::chrono::days(7);
  numbers.rows = TRY(figures.weeks(numbers.weeks.front(), until));
  numbers.outcomes = TRY(figures.outcomes(numbers.weeks.front(), until));
  numbers.holding = TRY(figures.holding_time(numbers.weeks.front(), until));
  numbers.oldest = TRY(figures.oldest_waiting());
  numbers.coverage = TRY(review::coverage_of(visit.world.store, visit.people()));
  return numbers;
}

/// For a tile, which is narrow.
std::string short_age(std::int64_t ms) {
  const std::int64_t whole_hours = ms / 3'600'000;
  if (whole_hours < 1) return "< 1 h";
  return whole_hours < 48 ? std::to_string(whole_hours) + " h" : std::to_string(whole_hours / 24) + " d";
}

std::int64_t sum_of(const Numbers& numbers, std::string_view action, bool findings) {
  std::int64_t sum = 0;
  for (const store::WeekRow& row : numbers.rows) {
    if ((action.empty() || row.action == action) && row.clause.empty() != findings) sum += row.count;
  }
  return sum;
}

Html tiles_of(const Visit& visit, const Numbers& numbers) {
  std::int64_t waiting = 0;
  if (const auto counts = visit.world.store.counts()) {
    for (const auto& [state, count] : *counts) {
      if (state == store::HeldState::held) waiting = count;
    }
  }
  return tiles({{with_commas(sum_of(numbers, "", false)), "messages looked at"},
                {with_commas(sum_of(numbers, "hold", false)), "held"},
                {with_commas(waiting), "waiting now"},
                {numbers.oldest ? short_age(to_ms(visit.now) - to_ms(*numbers.oldest)) : "–", "the oldest has waited"},
                {numbers.holding.decided > 0 ? short_age(static_cast<std::int64_t>(numbers.holding.median_hours * 3'600'000)) : "–", "until half were decided"}});
}

std::vector<std::string> week_names(const Numbers& numbers) {
  std::vector<std::string> names;
  for (const Day week : numbers.weeks) names.push_back(to_string(week));
  return names;
}

Html by_week(const Numbers& numbers) {
  Chart chart{.id = "weeks",
              .title = "Messages by week, apart from those that passed",
              .category = "Week that begins on",
              .categories = week_names(numbers),
              .series = {}};
  for (const auto& [action, name] : actions) {
    if (action == "pass" || action == "protected") continue;
    Series series{std::string(name), {}};
    for (const Day week : numbers.weeks) {
      std::int64_t count = 0;
      for (const store::WeekRow& row : numbers.rows) {
        if (row.week == week && row.action == action && row.clause.empty()) count += row.count;
      }
      series.values.emplace_back(static_cast<double>(count));
    }
    chart.series.push_back(std::move(series));
  }
  return stacked_chart(chart);
}

Html by_clause(const Numbers& numbers) {
  std::map<std::string, std::int64_t> counts;
  for (const store::WeekRow& row : numbers.rows) {
    if (!row.clause.empty()) counts[row.clause] += row.count;
  }
  std::vector<std::pair<std::string, std::int64_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (sorted.size() > clauses_shown) sorted.resize(clauses_shown);
  Chart chart{.id = "clauses", .title = "Findings by clause", .category = "Clause", .categories = {}, .series = {{"Messages", {}}}};
  for (const auto& [clause, count] : sorted) {
    chart.categories.push_back(clause);
    chart.series.front().values.emplace_back(static_cast<double>(count));
  }
  return bar_chart(chart);
}

Html by_role(const Numbers& numbers) {
  Table list{.caption = "Messages by who sent them", .columns = {{"Sender"}}, .rows = {}};
  list.first_is_header = true;
  for (const auto& [action, name] : actions) list.columns.push_back({std::string(name), true});
  for (const auto& [role, who] : roles) {
    Row row{who};
    for (const auto& [action, name] : actions) {
      std::int64_t count = 0;
      for (const store::WeekRow& one : numbers.rows) {
        if (one.role == role && one.action == action && one.clause.empty()) count += one.count;
      }
      row.emplace_back(with_commas(count));
    }
    list.rows.push_back(std::move(row));
  }
  return table(list);
}

Html decisions(const Numbers& numbers) {
  Table list{.caption = "What became of held messages",
             .columns = {{"Clause"}, {"Held", true}, {"Released", true}, {"Returned", true}, {"Withdrawn", true}, {"Waiting", true}, {"Overturned", true}},
             .rows = {},
             .if_empty = "Nothing was held."};
  list.first_is_header = true;
  list.stacked = true;
  for (const store::Outcomes& one : numbers.outcomes) {
    const std::int64_t decided = one.released + one.returned + one.withdrawn;
    const std::string share = decided == 0 ? "–" : std::to_string((100 * one.released + decided / 2) / decided) + " %";
    list.rows.push_back({one.clause.empty() ? Html("All together") : Html(one.clause), with_commas(one.held), with_commas(one.released),
                         with_commas(one.returned), with_commas(one.withdrawn), with_commas(one.waiting), share});
  }
  return fragment(
      table(list),
      small_paragraph(
          "A hold counts as overturned when a reviewer has let the message go. A clause that is overturned often asks too much, or is read wrongly by Beadle: "
          "an override in the settings makes it note the message instead."));
}

Html holding(const store::HoldingTime& time) {
  if (time.decided == 0) return paragraph("Nothing was decided in these weeks.");
  return summary_list({{"Decided", with_commas(time.decided)},
                       {"Half of them within", shown_hours(time.median_hours)},
                       {"Nine of ten within", shown_hours(time.ninth_decile_hours)},
                       {"Longest", shown_hours(time.longest_hours)}});
}

/// In numbers: which mailboxes and whose is for who runs the audit, on the command line.
Html past_the_filter(const review::Coverage& coverage) {
  const review::CoverageNumbers numbers = review::numbers_of(coverage);
  const std::string without = with_commas(static_cast<std::int64_t>(coverage.without_mailbox.size())) + " of " +
                              with_commas(static_cast<std::int64_t>(coverage.councillors));
  std::vector<Fact> facts;
  if (numbers.mailboxes > 0) {
    facts = {{"Mailboxes looked at", with_commas(numbers.mailboxes)},
             {"Messages in them", with_commas(numbers.judged)},
             {"Of these, never came by the filter", with_commas(numbers.never_seen)},
             {"Without a Message-ID, so that nobody can tell", with_commas(numbers.without_id)},
             {"Mailboxes with mail that never came by", with_commas(numbers.with_unseen)}};
  }
  facts.push_back({"Councillors without a mailbox of the council", without});
  return fragment(summary_list(facts),
                  small_paragraph(numbers.mailboxes > 0 ? "Counted since mailboxes are looked at; mail from before the filter knew what came by is left out. "
                                                        : "No mailbox has been looked at, so nobody knows what goes past the filter. ",
                                  "What is sent from a mailbox outside the council is seen by no filter of the council."));
}

}  // namespace

Response figures_page(const Visit& visit) {
  const auto numbers = load(visit);
  if (!numbers) return failure_page(visit, numbers.error());
  return page(visit, {.title = "Figures",
                      .current = "/figures",
                      .main = fragment(heading_1("Figures"),
                                       paragraph("The last ", weeks_shown,
                                                 " weeks. Messages are counted when they are judged, so these numbers outlast the messages. Nobody is named."),
                                       tiles_of(visit, *numbers), by_week(*numbers), by_clause(*numbers), by_role(*numbers), decisions(*numbers),
                                       heading_2("How long it took"), holding(numbers->holding),
                                       heading_2("What went past the filter"), past_the_filter(numbers->coverage)),
                      .wide = true});
}

}  // namespace beadle::web
