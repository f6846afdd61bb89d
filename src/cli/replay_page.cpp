#include "cli/replay_page.h"

#include <algorithm>

#include "base/text.h"
#include "cli/coverage_page.h"
#include "web/chart.h"
#include "web/html.h"

namespace beadle::cli {
namespace {

using replay::Outcome;
using web::element;
using web::fragment;
using web::Html;

constexpr std::size_t examples_on_page = 5, sample_on_page = 20, clauses_drawn = 30;

constexpr std::string_view style = R"(
:root { --ink: #1d2433; --soft: #4a5366; --line: #c3c9d4; --tint: #f3f5f9; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; color: var(--ink); background: #fff; font: 1.0625rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1.25rem; }
.secret { background: #8a1f11; color: #fff; padding: .75rem 1.25rem; font-weight: 600; }
.secret p { max-width: 67.5rem; margin: 0 auto; }
h1 { margin: 1.5rem 0 .25rem; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.35rem; line-height: 1.25; }
h3 { margin: 1.75rem 0 .25rem; font-size: 1.1rem; }
p, ul { max-width: 46rem; }
a { color: #0b4a8f; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible, input:focus-visible { outline: 3px solid #b35c00; outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .5rem; }
.soft { color: var(--soft); }
.scroll, .beadle-scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .75rem 0 1rem; font-size: 1rem; }
caption { text-align: left; color: var(--soft); padding: .25rem 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem; border: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { background: var(--ink); color: #fff; border-color: var(--ink); overflow-wrap: normal; }
tbody th { background: var(--tint); font-weight: 400; }
.number, .govuk-table__cell--numeric, .govuk-table__header--numeric { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.govuk-visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
blockquote { margin: .25rem 0 .25rem 0; padding: .1rem 0 .1rem .75rem; border-left: .25rem solid var(--line); max-width: 52rem; overflow-wrap: anywhere; }
.example { border-top: 1px solid var(--line); padding: .5rem 0; }
.example p { margin: .15rem 0; overflow-wrap: anywhere; }
figure { margin: 1rem 0; }
figcaption { font-weight: 600; }
svg { max-width: 100%; min-width: 30rem; height: auto; font-family: inherit; }
svg.beadle-chart--bars { min-width: 0; max-width: 40rem; }
.mark label { margin-right: 1.5rem; }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 2rem; border-top: 1px solid var(--line); color: var(--soft); }
@media print { .skip { display: none; } body { font-size: 10pt; } tr, .example { break-inside: avoid; } h2, h3 { break-after: avoid; } }
)";

Html number_cell(std::uint64_t number) { return element("td", {{"class", "number"}}, counted(number)); }

Html table(std::string_view caption, const std::vector<std::string>& heads, const Html& rows) {
  Html cells;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    cells += element("th", {{"scope", "col"}, {"class", i == 0 ? std::nullopt : std::optional<std::string>("number")}}, heads[i]);
  }
  return element("div", {{"class", "scroll"}, {"tabindex", 0}, {"role", "region"}, {"aria-label", caption}},
                 element("table", element("caption", caption), element("thead", element("tr", cells)), element("tbody", rows)));
}

Html row(const std::string& name, const replay::ByAction& actions) {
  Html cells = element("th", {{"scope", "row"}}, name) + number_cell(sum_of(actions));
  for (const rules::Action action : all_actions) cells += number_cell(count_of(actions, action));
  return element("tr", cells);
}

std::vector<std::string> action_heads(const std::string& first) {
  std::vector<std::string> heads{first, "messages"};
  for (const rules::Action action : all_actions) heads.emplace_back(spoken(action));
  return heads;
}

Html by_group(std::string_view caption, const std::string& first, const std::map<std::string, replay::ByAction>& groups) {
  Html rows;
  for (const auto& [name, actions] : groups) rows += row(name, actions);
  return table(caption, action_heads(first), rows);
}

Html clause_chart(const replay::Tally& tally) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted;
  for (const auto& [name, clause] : tally.clauses) sorted.emplace_back(name, clause.messages);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (sorted.size() > clauses_drawn) sorted.resize(clauses_drawn);
  web::Chart chart{.id = "by-clause", .title = "Messages in which something was found, by clause", .category = "Clause",
                   .categories = {}, .series = {{"Messages", {}}}};
  for (const auto& [name, count] : sorted) {
    chart.categories.push_back(name);
    chart.series.front().values.emplace_back(static_cast<double>(count));
  }
  return web::bar_chart(chart);
}

Html month_chart(const replay::Tally& tally) {
  web::Chart chart{.id = "by-month", .title = "Messages by month, apart from those that would have passed", .category = "Month",
                   .categories = {}, .series = {}};
  for (const rules::Action action : {rules::Action::flag, rules::Action::annotate, rules::Action::hold}) {
    web::Series series{std::string(spoken(action)), {}};
    for (const auto& [month, actions] : tally.months) series.values.emplace_back(static_cast<double>(count_of(actions, action)));
    chart.series.push_back(std::move(series));
  }
  for (const auto& [month, actions] : tally.months) chart.categories.push_back(month);
  return web::stacked_chart(chart);
}

Html role_chart(const replay::Tally& tally) {
  web::Chart chart{.id = "by-role", .title = "Messages that would have been held, by who sent them", .category = "Sender",
                   .categories = {}, .series = {{"Held", {}}}};
  for (const auto& [role, actions] : tally.roles) {
    chart.categories.push_back(role);
    chart.series.front().values.emplace_back(static_cast<double>(count_of(actions, rules::Action::hold)));
  }
  return web::bar_chart(chart);
}

Html example(const Outcome& outcome, const replay::Found* found, const Html& below = {}) {
  const std::string day = outcome.at ? spoken_date(to_rfc3339(*outcome.at).substr(0, 10)) : "no date";
  Html words;
  if (found != nullptr) {
    words = web::each(found->evidence, [](const inspect::Evidence& evidence) {
      return element("blockquote", element("span", {{"class", "soft"}}, evidence.zone + ": "), evidence.text);
    });
  }
  return element("div", {{"class", "example"}}, element("p", element("strong", outcome.subject.empty() ? "(no subject)" : outcome.subject)),
                 element("p", {{"class", "soft"}}, day + ", from " + outcome.from + ", to " + counted(outcome.recipients) +
                                                       (outcome.recipients == 1 ? " recipient; " : " recipients; ") + outcome.name),
                 words, below);
}

Html clauses(const replay::Tally& tally) {
  if (tally.clauses.empty()) return element("p", "No clause found anything.");
  Html rows, details;
  for (const auto& [name, clause] : tally.clauses) rows += row(name, clause.actions);
  for (const auto& [name, clause] : tally.clauses) {
    details += element("h3", name) + element("p", clause.says);
    for (std::size_t i = 0; i < std::min(examples_on_page, clause.examples.size()); ++i) {
      details += example(clause.examples[i], replay::finding_of(clause.examples[i].judgement, name));
    }
  }
  return clause_chart(tally) + table("Messages by clause, and what its rule does. A message may be in several.", action_heads("clause"), rows) +
         element("h2", {{"id", "examples"}}, "Examples") + details;
}

Html sample(const replay::Tally& tally) {
  const auto chosen = replay::sample_of(tally, sample_on_page);
  if (chosen.empty()) return {};
  Html items;
  int count = 0;
  for (const auto& [clause, outcome] : chosen) {
    const replay::Found* found = replay::finding_of(outcome->judgement, clause);
    const std::string group = "mark-" + std::to_string(++count);
    const auto box = [&](const char* words) { return element("label", element("input", {{"type", "radio"}, {"name", group}}), " ", words); };
    const Html marks = element("p", {{"class", "mark"}}, box("right"), box("wrong"), box("cannot say"));
    items += element("h3", std::to_string(count) + ". " + clause) + element("p", found != nullptr ? found->says : "") + example(*outcome, found, marks);
  }
  return element("h2", {{"id", "sample"}}, "A sample to judge") +
         element("p", "Drawn by lot, each clause in turn. Mark on paper which findings are right; marks made here are not kept. "
                      "The command “beadle replay judge” asks about the same findings, keeps the answers, and works out how far each clause can be relied on.") +
         items;
}

Html differences(const ReplayReport& report) {
  if (report.against.empty()) return {};
  Html rows, changes, details;
  for (const auto& [name, difference] : report.tally.differences) {
    rows += element("tr", element("th", {{"scope", "row"}}, name), number_cell(difference.both), number_cell(difference.only_first),
                    number_cell(difference.only_second));
    const auto add = [&](const std::vector<Outcome>& examples, const char* by) {
      if (examples.empty()) return;
      details += element("h3", name + ", only by the " + by);
      for (std::size_t i = 0; i < std::min(examples_on_page, examples.size()); ++i) {
        const auto& outcome = examples[i];
        details += example(outcome, replay::finding_of(by == std::string_view("first") ? outcome.judgement : *outcome.against, name));
      }
    };
    add(difference.first_examples, "first");
    add(difference.second_examples, "second");
  }
  for (const auto& [change, count] : report.tally.action_changes) {
    changes += element("tr", element("th", {{"scope", "row"}}, std::string(spoken(change.first))),
                       element("td", std::string(spoken(change.second))), number_cell(count));
  }
  return element("h2", {{"id", "difference"}}, "Two sets of rules") +
         element("p", "The first: " + report.rules + ". The second: " + report.against + ".") +
         table("Messages that both or only one of them find something in",
               {report.tally.by_family() ? "about" : "clause", "both", "only the first", "only the second"}, rows) +
         table("What would be done with messages", {"by the first", "by the second", "messages"}, changes) + details;
}

Html failures(const replay::Summary& summary) {
  if (summary.failures == 0) return {};
  const Html items = web::each(summary.named_failures, [](const replay::Failure& failure) { return element("li", failure.name + ": " + failure.why); });
  return element("h2", {{"id", "not-read"}}, "What could not be read") +
         element("p", counted(summary.failures) + (summary.failures > summary.named_failures.size() ? "; the first of them:" : ":")) + element("ul", items);
}

Html content_of(const ReplayReport& report) {
  const replay::Tally& tally = report.tally;
  const auto item = [](const std::string& words) { return element("li", words); };
  return element("h2", {{"id", "all"}}, "All together") + by_group("What would have been done", "", {{"all messages", tally.actions}}) +
         element("h2", {{"id", "cannot"}}, "What this cannot show") + element("ul", web::each(caveats_of(report), item), web::each(report.remarks, item)) +
         element("h2", {{"id", "months"}}, "By month") + month_chart(tally) + by_group("Messages by month", "month", tally.months) +
         element("h2", {{"id", "senders"}}, "By who sent them") + role_chart(tally) + by_group("Messages by sender", "sender", tally.roles) +
         element("h2", {{"id", "clauses"}}, "By clause") + clauses(tally) + differences(report) + sample(tally) + failures(report.summary);
}

}  // namespace

std::string to_html(const ReplayReport& report) {
  const Html title("Mail of the past, inspected: " + report.council);
  const Html secret = element("div", {{"class", "secret"}, {"role", "note"}},
                              element("p", "Confidential. This page holds subjects, addresses and words of people’s mail. It is not for publishing or passing on; "
                                           "delete it when you have done with it."));
  const Html head = element("header", element("h1", "What would have been done with " + counted(report.tally.messages) + " messages"),
                            element("p", report.council + ", by " + report.rules + ". As of " + spoken_date(report.date) + "."),
                            element("ul", web::each(report.sources, [](const std::string& source) { return element("li", {{"class", "soft"}}, source); })));
  const Html body = fragment(element("a", {{"class", "skip"}, {"href", web::fragment_link("main")}}, "Skip to the numbers"), secret, head,
                             element("main", {{"id", "main"}}, content_of(report)),
                             element("footer", element("p", "Written by Beadle " BEADLE_VERSION ". Confidential; not for publishing.")));
  std::string out = "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"robots\" content=\"noindex, nofollow\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>";
  out.append(title.bytes()).append("</title>\n<style>").append(style).append("</style>\n</head>\n<body>\n").append(body.bytes()).append("\n</body>\n</html>\n");
  return out;
}

}  // namespace beadle::cli
