// Held mail: what waits, oldest first; who has taken it on; and everything that was decided, to search.
#include <algorithm>

#include "base/calendar.h"
#include "base/limits.h"
#include "base/text.h"
#include "deliver/wording.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

using store::HeldState;

struct View {
  std::string_view value, words;
  std::vector<HeldState> states;
};

const std::vector<View>& views() {
  static const std::vector<View> all = {
      {"waiting", "Waiting for a decision", {HeldState::held}},
      {"sending", "Being sent", {HeldState::releasing}},
      {"decided", "Decided", {HeldState::released, HeldState::returned, HeldState::withdrawn}},
      {"all", "All", {}},
  };
  return all;
}

/// What the address of the page asks for, and what of it cannot be read.
struct Asked {
  store::InboxQuery query;
  const View* view = nullptr;
  std::string who;  // "" anybody, "me", "nobody"
  std::vector<FieldError> errors;
};

Asked asked_of(const Visit& visit) {
  const Request& request = visit.request;
  Asked asked;
  asked.view = &views().front();
  for (const View& view : views()) {
    if (view.value == request.query_value("show")) asked.view = &view;
  }
  store::InboxQuery& query = asked.query;
  query.states = asked.view->states;
  query.words = shortened(request.query_value("q"), 200);
  query.clause = std::string(request.query_value("clause"));
  asked.who = std::string(request.query_value("who"));
  if (asked.who == "me") query.claimed_by = visit.account.name;
  query.unclaimed = asked.who == "nobody";
  query.from = day_asked(request, "from", false, asked.errors);
  query.until = day_asked(request, "until", true, asked.errors);
  query.oldest_first = asked.view->value == "waiting" || asked.view->value == "sending";
  query.after = std::string(request.query_value("after"));
  return asked;
}

Html filters(const Visit& visit, const Asked& asked) {
  std::vector<Choice> clauses{{"", "Any clause"}};
  for (const rules::Pack& pack : visit.in_force->policy->rules->packs()) {
    if (pack.protocol.name != visit.in_force->policy->protocol) continue;
    for (const rules::Rule& rule : pack.rules) {
      if (std::none_of(clauses.begin(), clauses.end(), [&](const Choice& choice) { return choice.value == rule.clause; }))
        clauses.push_back({rule.clause, rule.clause});
    }
  }
  return fragment(
      hidden_field("show", asked.view->value), search_field({.name = "q", .label = "Search words or names", .value = asked.query.words}),
      select_field({.name = "who", .label = "Taken on by", .value = asked.who}, {{"", "Anybody or nobody"}, {"me", "Me"}, {"nobody", "Nobody yet"}}),
      select_field({.name = "clause", .label = "Clause", .value = asked.query.clause}, clauses),
      input_field({.name = "from",
                   .label = "Held from, as 2026-11-24",
                   .error = error_of(asked.errors, "from"),
                   .value = std::string(visit.request.query_value("from")),
                   .width = 10}),
      input_field({.name = "until", .label = "Held until",
                          .error = error_of(asked.errors, "until"), .value = std::string(visit.request.query_value("until")), .width = 10}));
}

Html due_of(const store::InboxRow& row, const Visit& visit) {
  const config::Settings::Review& review = visit.in_force->settings.review;
  const Time late = row.received + std::chrono::hours(review.escalate_after_hours);
  Html out = fragment("held ", shown_age(row.received, visit.now));
  if (row.state != HeldState::held) return out;
  if (visit.now >= late) out += fragment(" ", tag("Overdue", Colour::red));
  if (review.return_after_days > 0) {
    const Time back = row.received + std::chrono::days(review.return_after_days);
    out += element("div", {{"class", "govuk-hint govuk-!-margin-bottom-0"}}, "goes back to the sender on ", deliver::shown_time(back));
  }
  return out;
}

Html subject_of(const store::InboxRow& row) {
  if (row.purged) return "(content forgotten)";
  return row.subject.empty() ? "(no subject)" : shortened(row.subject, 160);
}

Html claimed_of(const store::InboxRow& row, const Visit& visit) {
  if (row.state == HeldState::held) return row.claim ? Html(shown_actor(row.claim->who, visit)) : Html("nobody yet");
  return fragment(state_tag(row.state), html_if(!row.decided_by.empty(), [&] { return fragment(" by ", shown_actor(row.decided_by, visit)); }));
}

Row shown(const store::InboxRow& row, const Visit& visit) {
  return {fragment(link(local_link("/held/" + row.id), subject_of(row)),
                   html_if(!row.opened && row.state == HeldState::held, [] { return fragment(" ", tag("New", Colour::blue)); }),
                   html_if(row.explained, [] { return fragment(" ", tag("Explained", Colour::teal)); }),
                   html_if(row.legal_hold, [] { return fragment(" ", tag("Legal hold", Colour::purple)); })),
          fragment(element("div", shown_party(row.from, visit.people())),
                   element("div", {{"class", "govuk-hint govuk-!-margin-bottom-0"}}, "to ", deliver::shown_recipients(row.recipients))),
          parted_by(Html::trusted("<br>"), std::vector<Html>(row.clauses.begin(), row.clauses.end())), due_of(row, visit), claimed_of(row, visit)};
}

Html sub_views(const Asked& asked, const Visit& visit) {
  std::vector<NavigationItem> items;
  std::int64_t waiting = -1;
  if (const auto counts = visit.world.store.counts()) {
    for (const auto& [state, count] : *counts) {
      if (state == HeldState::held) waiting = count;
    }
  }
  for (const View& view : views()) {
    items.push_back({.words = std::string(view.words), .link = local_link("/inbox", {{"show", std::string(view.value)}}), .current = &view == asked.view,
                     .count = view.value == "waiting" ? waiting : -1});
  }
  return sub_navigation("Held mail", items);
}

std::string if_empty(const Asked& asked) {
  const bool filtered = !asked.query.words.empty() || !asked.query.clause.empty() || !asked.who.empty() || asked.query.from || asked.query.until;
  if (filtered) return "Nothing fits these filters.";
  return asked.view->value == "waiting" ? "Nothing waits for a decision." : "There is nothing here.";
}

}  // namespace

Response inbox_page(const Visit& visit) {
  const Asked asked = asked_of(visit);
  store::Desk desk(visit.world.store);
  auto found = desk.inbox(asked.query);
  if (!found) return failure_page(visit, found.error());
  Table list{.caption = std::string(asked.view->words),
             .columns = {{"Message"}, {"From and to"}, {"Clauses"}, {"Waiting"}, {"Taken on by"}},
             .rows = {},
             .if_empty = if_empty(asked)};
  list.caption_hidden = true;
  list.stacked = true;
  list.keys = true;
  for (const store::InboxRow& row : found->rows) list.rows.push_back(shown(row, visit));
  std::optional<PageLink> next, previous;
  if (found->more) next = PageLink{same_query(visit.request, "/inbox", "after", found->after), asked.query.oldest_first ? "Later ones" : "Earlier ones"};
  if (!asked.query.after.empty()) previous = PageLink{same_query(visit.request, "/inbox", "after", ""), "Back to the beginning"};
  return page(visit, {.title = "Held mail",
                      .current = "/inbox",
                      .main = fragment(error_summary(asked.errors), heading_1("Held mail"), sub_views(asked, visit),
                                       filter_panel(local_link("/inbox"), filters(visit, asked), local_link("/inbox", {{"show", std::string(asked.view->value)}})),
                                       table(list), pagination(previous, next)),
                      .failed = !asked.errors.empty(),
                      .wide = true,
                      .keys = true});
}

}  // namespace beadle::web
