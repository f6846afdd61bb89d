// What the protocol asks, clause by clause: how much of it is checked, and what happens then. As in force, with what the council changed.
#include <algorithm>

#include "base/text.h"
#include "rules/coverage.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

Html checked_tag(rules::Checked checked) {
  switch (checked) {
    case rules::Checked::yes:
      return tag("Checked", Colour::green);
    case rules::Checked::partly:
      return tag("Partly checked", Colour::yellow);
    case rules::Checked::no:
      return tag("Not by machine", Colour::grey);
  }
  return {};
}

std::string_view says(rules::Action action) {
  switch (action) {
    case rules::Action::pass:
      return "goes out unchanged";
    case rules::Action::flag:
      return "goes out, and is noted in the register";
    case rules::Action::annotate:
      return "goes out with a line that names who had a copy";
    case rules::Action::hold:
      return "is held for a person to decide";
  }
  return "";
}

Html consequence_of(const rules::Rule& rule, const inspect::Policy& policy) {
  const auto change = policy.overrides.find(rule.clause);
  const rules::Action action = change != policy.overrides.end() ? change->second.action.value_or(rule.action) : rule.action;
  const rules::Mode mode = inspect::mode_in_force(rule.clause, rule.mode, policy);
  if (mode == rules::Mode::off) return "This is switched off.";
  const Html what = fragment("A message that does this ", says(action), ".");
  if (mode == rules::Mode::observe) return fragment(what, " For now this is only recorded: mail goes out unchanged.");
  return what;
}

Html fact(std::string_view label, const std::string& words) {
  return html_if(!words.empty(), [&] { return paragraph(strong(label), " ", words); });
}

Html clause_card(const rules::Coverage& one, const inspect::Policy& policy) {
  Html content = paragraph(checked_tag(one.checked()));
  content += paragraph(one.paragraph != nullptr ? one.paragraph->asks : one.rules.front()->says);
  for (const rules::Rule* rule : one.rules) content += paragraph(consequence_of(*rule, policy));
  if (one.paragraph != nullptr) {
    content += fact("Beadle looks for:", one.paragraph->finds);
    content += fact(one.checked() == rules::Checked::no ? "Why not by machine:" : "What it cannot see:", one.paragraph->limits);
    content += fact("Found, for example:", one.paragraph->caught);
    content += fact("Not found, for example:", one.paragraph->missed);
  }
  const std::string place = one.paragraph != nullptr && !one.paragraph->place.empty() ? one.paragraph->place + " (" + one.clause + ")" : one.clause;
  return card(place, content);
}

}  // namespace

Response rules_page(const Visit& visit) {
  const inspect::Policy& policy = *visit.in_force->policy;
  const auto& packs = policy.rules->packs();
  const auto pack = std::find_if(packs.begin(), packs.end(), [&](const rules::Pack& one) { return one.protocol.name == policy.protocol; });
  if (pack == packs.end()) return failure_page(visit, {ErrorKind::bad_settings, "there is no protocol " + policy.protocol});
  const auto coverage = rules::coverage_of(*pack, visit.in_force->catalogues);
  Html cards;
  for (const rules::Coverage& one : coverage) cards += clause_card(one, policy);
  const Html mode = policy.mode == rules::Mode::enforce  ? paragraph("Decisions are acted upon.")
                    : policy.mode == rules::Mode::observe ? inset_text("Beadle only observes: everything is decided and recorded, and all mail goes out unchanged.")
                                                          : inset_text("Beadle is switched off: nothing is looked at.");
  return page(
      visit,
      {.title = "Rules",
       .current = "/rules",
       .main = two_thirds(fragment(
           heading_1("Rules", pack->protocol.council),
           paragraph(pack->protocol.title, html_if(!pack->protocol.adopted.empty(), [&] { return fragment(", adopted ", pack->protocol.adopted); }), "."), mode,
           cards, small_paragraph("Version of the rules in force: ", element("code", policy.digest))))});
}

}  // namespace beadle::web
