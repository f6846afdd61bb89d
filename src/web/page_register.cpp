// The register: every act, by whom and when, as the audit trail has it. Shows no content of mail, so auditors may read all of it.
#include <nlohmann/json.hpp>

#include "base/calendar.h"
#include "base/limits.h"
#include "base/text.h"
#include "review/csv.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

using review::csv_cell;

constexpr std::size_t rows_shown = 100;
constexpr std::size_t reference_shown = 12;
constexpr std::size_t digest_digits = 64, digest_shown = 12;
constexpr std::size_t rows_at_once = limits::page_rows_max;  // of an export: more than that the store gives to nobody at once

struct Asked {
  store::RegisterQuery query;
  std::vector<FieldError> errors;
};

Asked asked_of(const Request& request) {
  Asked asked;
  store::RegisterQuery& query = asked.query;
  query.act = std::string(request.query_value("act"));
  query.who = std::string(trimmed(request.query_value("who")));
  query.held = ascii_lower(trimmed(request.query_value("held")));
  query.from = day_asked(request, "from", false, asked.errors);
  query.until = day_asked(request, "until", true, asked.errors);
  const std::string before(request.query_value("before"));
  if (!before.empty() && before.size() < 18 && before.find_first_not_of("0123456789") == std::string::npos) query.before = std::stoll(before);
  query.most = rows_shown + 1;
  return asked;
}

Html filters(const Request& request, const Asked& asked, const std::vector<std::string>& acts) {
  std::vector<Choice> choices{{"", "Any act"}};
  for (const std::string& act : acts) choices.push_back({act, shown_act(act)});
  return fragment(
      select_field({.name = "act", .label = "Act", .value = asked.query.act}, choices),
      input_field({.name = "who", .label = "Who (account)", .value = asked.query.who, .width = 20}),
      input_field({.name = "held", .label = "Reference of a message", .value = asked.query.held, .width = 30}),
      input_field({.name = "from", .label = "From, as 2026-11-24",
                          .error = error_of(asked.errors, "from"), .value = std::string(request.query_value("from")), .width = 10}),
      input_field({.name = "until", .label = "Until",
                          .error = error_of(asked.errors, "until"), .value = std::string(request.query_value("until")), .width = 10}));
}

Html message_of(const store::AuditRow& row, const Visit& visit) {
  if (row.held.empty()) return {};
  // Enough to find it by; the whole reference stands on its page and in the downloads.
  const std::string shown = row.held.substr(0, reference_shown) + "…";
  if (!visit.may(review::Permission::read_content)) return element("span", {{"title", row.held}}, shown);
  return link(local_link("/held/" + row.held), shown);
}

/// To the second, in the least room.
Html shown_second(Time at) {
  const std::string rfc3339 = to_rfc3339(at);
  return element("time", {{"datetime", rfc3339}, {"class", "beadle-nowrap"}}, rfc3339.substr(0, 10), " ", rfc3339.substr(11, 8));
}

/// Digests are for machines: their beginning is enough to compare two by eye.
std::string shortened_digest(const std::string& text) {
  const bool digest = text.size() == digest_digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  return digest ? text.substr(0, digest_shown) + "…" : text;
}

/// {"clauses":"…"} as "clauses: …".
Html detail_of(const store::AuditRow& row) {
  const auto json = nlohmann::ordered_json::parse(row.detail, nullptr, false);
  if (!json.is_object()) return row.detail;
  std::vector<Html> parts;
  for (const auto& [name, value] : json.items()) {
    parts.push_back(fragment(name, ": ", shortened_digest(value.is_string() ? value.get<std::string>() : value.dump())));
  }
  return parted_by(Html::trusted("<br>"), parts);
}

std::string csv_row(const store::AuditRow& row) {
  return std::to_string(row.number) + "," + to_rfc3339(row.at) + "," + csv_cell(row.act) + "," + csv_cell(row.who) + "," + csv_cell(row.held) + "," +
         csv_cell(row.detail) + "," + row.hash + "\r\n";
}

nlohmann::ordered_json json_row(const store::AuditRow& row) {
  nlohmann::ordered_json detail = nlohmann::ordered_json::parse(row.detail, nullptr, false);
  if (detail.is_discarded()) detail = row.detail;
  return {{"number", row.number}, {"at", to_rfc3339(row.at)}, {"act", row.act}, {"who", row.who}, {"held", row.held}, {"detail", detail}, {"hash", row.hash}};
}

}  // namespace

Response register_page(const Visit& visit) {
  const Asked asked = asked_of(visit.request);
  store::Desk desk(visit.world.store);
  auto rows = desk.register_rows(asked.query);
  if (!rows) return failure_page(visit, rows.error());
  const auto acts = desk.acts();
  if (!acts) return failure_page(visit, acts.error());
  const bool more = rows->size() > rows_shown;
  if (more) rows->resize(rows_shown);
  Table list{.caption = "Acts, newest first",
             .columns = {{"Number", true}, {"When (UTC)"}, {"Act"}, {"Who"}, {"Message"}, {"Detail"}},
             .rows = {},
             .if_empty = "No act fits these filters."};
  list.caption_hidden = true;
  list.stacked = true;
  for (const store::AuditRow& row : *rows)
    list.rows.push_back({row.number, shown_second(row.at), shown_act(row.act), shown_actor(row.who, visit), message_of(row, visit), detail_of(row)});
  std::optional<PageLink> older, newest;
  if (more) older = PageLink{same_query(visit.request, "/register", "before", std::to_string(rows->back().number)), "Earlier acts"};
  if (asked.query.before != INT64_MAX) newest = PageLink{same_query(visit.request, "/register", "", ""), "Back to the newest"};
  return page(
      visit,
      {.title = "Register",
       .current = "/register",
       .main = fragment(
           error_summary(asked.errors), heading_1("Register"),
           paragraph(
               "Every act of people and of Beadle itself. Each row is tied to the one before it by its hash, so that none can be changed or left out unseen: ",
               element("code", "beadle audit verify"), " on the server proves it."),
           filter_panel(local_link("/register"), filters(visit.request, asked, *acts), local_link("/register")),
           paragraph("Download what fits: ", link(same_query(visit.request, "/register/export", "as", "csv"), "as a table (CSV)"), " or ",
                     link(same_query(visit.request, "/register/export", "as", "json"), "for programs (JSON)"), "."),
           table(list), pagination(newest, older)),
       .failed = !asked.errors.empty(),
       .wide = true});
}

Response register_export(const Visit& visit) {
  Asked asked = asked_of(visit.request);
  if (!asked.errors.empty()) return failure_page(visit, {ErrorKind::usage, asked.errors.front().words});
  const bool json = visit.request.query_value("as") == "json";
  store::Desk desk(visit.world.store);
  std::string body = json ? "[" : "number,at,act,who,held,detail,hash\r\n";
  std::size_t count = 0;
  asked.query.most = rows_at_once;
  for (;;) {
    const auto rows = desk.register_rows(asked.query);
    if (!rows) return failure_page(visit, rows.error());
    for (const store::AuditRow& row : *rows) {
      if (json) body += (count == 0 ? "\n" : ",\n") + json_row(row).dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
      else body += csv_row(row);
      ++count;
    }
    if (rows->size() < rows_at_once) break;
    if (count >= limits::export_rows_max) return failure_page(visit, {ErrorKind::usage, "These are more rows than fit into one file: choose a shorter time"});
    asked.query.before = rows->back().number;
  }
  if (json) body += "\n]\n";
  const auto noted = visit.world.store.audit("exported", visit.account.name, "",
                                             nlohmann::ordered_json{{"rows", std::to_string(count)}, {"as", json ? "json" : "csv"}}.dump(), visit.now);
  if (!noted) return failure_page(visit, noted.error());
  return {.status = 200,
          .type = json ? "application/json" : "text/csv; charset=utf-8",
          .body = std::move(body),
          .headers = {{"Content-Disposition", json ? "attachment; filename=\"register.json\"" : "attachment; filename=\"register.csv\""}}};
}

}  // namespace beadle::web
