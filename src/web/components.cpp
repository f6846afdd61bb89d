#include "web/components.h"

namespace beadle::web {
namespace {

Html heading_caption(std::string_view caption) {
  return html_if(!caption.empty(), [&] { return element("span", {{"class", "govuk-caption-l"}}, caption); });
}

Html action_link(const Action& action) {
  return element("a", {{"class", "govuk-link"}, {"href", action.link}}, action.words,
                 html_if(!action.of.empty(), [&] { return visually_hidden(fragment(" ", action.of)); }));
}

Html banner(std::string_view title, std::string_view role, std::string_view kind, std::string_view id, const Html& words) {
  return element("div",
                 {{"class", std::string("govuk-notification-banner").append(kind)},
                  {"role", role},
                  {"aria-labelledby", id},
                  {"data-module", "govuk-notification-banner"}},
                 element("div", {{"class", "govuk-notification-banner__header"}},
                         element("h2", {{"class", "govuk-notification-banner__title"}, {"id", id}}, title)),
                 element("div", {{"class", "govuk-notification-banner__content"}},
                         element("p", {{"class", "govuk-notification-banner__heading"}}, words)));
}

Html previous_arrow() {
  return Html::trusted(
      "<svg class=\"govuk-pagination__icon govuk-pagination__icon--prev\" xmlns=\"http://www.w3.org/2000/svg\" height=\"13\" "
      "width=\"15\" "
      "aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 15 13\"><path d=\"M7 0 0 6.5 7 13l1.4-1.4L4 "
      "7.5h11v-2H4l4.4-4.1z\"/></svg>");
}
Html next_arrow() {
  return Html::trusted(
      "<svg class=\"govuk-pagination__icon govuk-pagination__icon--next\" xmlns=\"http://www.w3.org/2000/svg\" height=\"13\" "
      "width=\"15\" "
      "aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 15 13\"><path d=\"m8 0 7 6.5L8 13l-1.4-1.4L11 7.5H0v-2h11L6.6 "
      "1.4z\"/></svg>");
}

Html page_link(const PageLink& page, std::string_view kind, std::string_view words, const Html& arrow) {
  return element(
      "div", {{"class", std::string("govuk-pagination__").append(kind)}},
      element("a", {{"class", "govuk-link govuk-pagination__link"}, {"href", page.link}, {"rel", kind}}, arrow,
              element("span", {{"class", "govuk-pagination__link-title"}}, words, visually_hidden(" page")),
              html_if(!page.label.empty(), [&] {
                return fragment(visually_hidden(":"), element("span", {{"class", "govuk-pagination__link-label"}}, page.label));
              })));
}

std::string_view name_of(Colour colour) {
  switch (colour) {
    case Colour::grey:
      return "grey";
    case Colour::green:
      return "green";
    case Colour::teal:
      return "teal";
    case Colour::blue:
      return "blue";
    case Colour::purple:
      return "purple";
    case Colour::magenta:
      return "magenta";
    case Colour::red:
      return "red";
    case Colour::orange:
      return "orange";
    case Colour::yellow:
      return "yellow";
  }
  return "grey";
}

}  // namespace

std::string with_commas(std::int64_t number) {
  std::string out = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = out.size(); at > first + 3;) out.insert(at -= 3, ",");
  return out;
}

Html heading_1(const Html& words, std::string_view caption) {
  return fragment(heading_caption(caption), element("h1", {{"class", "govuk-heading-l"}}, words));
}
Html heading_2(const Html& words, std::string_view id) {
  return element("h2", {{"class", "govuk-heading-m"}, {"id", unless_empty(id)}}, words);
}
Html heading_3(const Html& words, std::string_view id) {
  return element("h3", {{"class", "govuk-heading-s"}, {"id", unless_empty(id)}}, words);
}
Html link(const Link& to, const Html& words) { return element("a", {{"class", "govuk-link"}, {"href", to}}, words); }
Html visually_hidden(const Html& words) { return element("span", {{"class", "govuk-visually-hidden"}}, words); }
Html bullets(const std::vector<Html>& items) {
  return element("ul", {{"class", "govuk-list govuk-list--bullet"}},
                 each(items, [](const Html& item) { return element("li", item); }));
}
Html numbered(const std::vector<Html>& items) {
  return element("ol", {{"class", "govuk-list govuk-list--number"}},
                 each(items, [](const Html& item) { return element("li", item); }));
}

Html evidence(const Html& words, int number) {
  // Browsers do not tell screen readers of mark.
  const Html begin = visually_hidden("[evidence: "), end = visually_hidden(" end of evidence]");
  if (number <= 0) return element("mark", {{"class", "beadle-evidence"}}, begin, words, end);
  const std::string label = std::to_string(number);
  return element("mark", {{"class", "beadle-evidence"}}, begin, words, end,
                 element("a", {{"class", "beadle-evidence__number"}, {"href", fragment_link("finding-" + label)}},
                         visually_hidden("Finding "), label));
}

Html back_link(const Link& to, std::string_view words) {
  return element("a", {{"href", to}, {"class", "govuk-back-link"}}, words);
}

Html breadcrumbs(const std::vector<Crumb>& crumbs, std::string_view here) {
  const Html items = each(crumbs, [](const Crumb& crumb) {
    return element("li", {{"class", "govuk-breadcrumbs__list-item"}},
                   element("a", {{"class", "govuk-breadcrumbs__link"}, {"href", crumb.link}}, crumb.words));
  });
  const Html last = html_if(!here.empty(), [&] {
    return element("li", {{"class", "govuk-breadcrumbs__list-item"}, {"aria-current", "page"}}, here);
  });
  return element("nav", {{"class", "govuk-breadcrumbs"}, {"aria-label", "Breadcrumb"}},
                 element("ol", {{"class", "govuk-breadcrumbs__list"}}, items, last));
}

Html sub_navigation(std::string_view label, const std::vector<NavigationItem>& items) {
  return element("nav", {{"class", "beadle-sub-navigation"}, {"aria-label", label}},
                 element("ul", {{"class", "beadle-sub-navigation__list"}}, each(items, [](const NavigationItem& item) {
                           Attributes link = {{"class", "beadle-sub-navigation__link"}, {"href", item.link}};
                           if (item.current) link.add({"aria-current", "page"});
                           return element(
                               "li", {{"class", "beadle-sub-navigation__item"}},
                               element("a", link, item.words, html_if(item.count >= 0, " (" + with_commas(item.count) + ")")));
                         })));
}

Html pagination(const std::optional<PageLink>& previous, const std::optional<PageLink>& next) {
  if (!previous && !next) return {};
  return element("nav", {{"class", "govuk-pagination govuk-pagination--block"}, {"aria-label", "Pagination"}},
                 html_if(previous.has_value(), [&] { return page_link(*previous, "prev", "Previous", previous_arrow()); }),
                 html_if(next.has_value(), [&] { return page_link(*next, "next", "Next", next_arrow()); }));
}

Html success_banner(const Html& words) {
  return banner("Done", "alert", " govuk-notification-banner--success", "success-banner-title", words);
}
Html important_banner(const Html& words) { return banner("Important", "region", "", "important-banner-title", words); }
Html inset_text(const Html& content) { return element("div", {{"class", "govuk-inset-text"}}, content); }

Html warning_text(const Html& words) {
  return element("div", {{"class", "govuk-warning-text"}},
                 element("span", {{"class", "govuk-warning-text__icon"}, {"aria-hidden", "true"}}, "!"),
                 element("strong", {{"class", "govuk-warning-text__text"}}, visually_hidden("Warning: "), words));
}

Html details(const Details& details) {
  return element("details", {{"class", "govuk-details"}, {"id", unless_empty(details.id)}, {"open", details.open}},
                 element("summary", {{"class", "govuk-details__summary"}},
                         element("span", {{"class", "govuk-details__summary-text"}}, details.summary)),
                 element("div", {{"class", "govuk-details__text"}}, details.content));
}

Html tag(std::string_view words, Colour colour) {
  return element("strong", {{"class", std::string("govuk-tag govuk-tag--").append(name_of(colour))}}, words);
}

Html summary_list(const std::vector<Fact>& facts) {
  bool any_action = false;
  for (const Fact& fact : facts) any_action = any_action || !fact.actions.empty();
  return element(
      "dl", {{"class", "govuk-summary-list"}}, each(facts, [&](const Fact& fact) {
        const bool bare = any_action && fact.actions.empty();
        return element(
            "div", {{"class", bare ? "govuk-summary-list__row govuk-summary-list__row--no-actions" : "govuk-summary-list__row"}},
            element("dt", {{"class", "govuk-summary-list__key"}}, fact.key),
            element("dd", {{"class", "govuk-summary-list__value"}}, fact.value), html_if(!fact.actions.empty(), [&] {
              return element(
                  "dd", {{"class", "govuk-summary-list__actions"}},
                  element("ul", {{"class", "govuk-summary-list__actions-list"}}, each(fact.actions, [](const Action& action) {
                            return element("li", {{"class", "govuk-summary-list__actions-list-item"}}, action_link(action));
                          })));
            }));
      }));
}

Html card(std::string_view title, const Html& content, const std::vector<Action>& actions) {
  const Html links = html_if(!actions.empty(), [&] {
    return element("ul", {{"class", "govuk-summary-card__actions"}}, each(actions, [](const Action& action) {
                     return element("li", {{"class", "govuk-summary-card__action"}}, action_link(action));
                   }));
  });
  return element("div", {{"class", "govuk-summary-card"}},
                 element("div", {{"class", "govuk-summary-card__title-wrapper"}},
                         element("h2", {{"class", "govuk-summary-card__title"}}, title), links),
                 element("div", {{"class", "govuk-summary-card__content"}}, content));
}

Html two_thirds(const Html& content) {
  return element("div", {{"class", "govuk-grid-row"}}, element("div", {{"class", "govuk-grid-column-two-thirds"}}, content));
}

Html columns(const std::vector<Html>& contents) {
  return element("div", {{"class", "beadle-columns"}}, each(contents, [](const Html& content) {
                   return element("div", {{"class", "beadle-columns__column"}}, content);
                 }));
}

Html zone(std::string_view kind, std::string_view label, const Html& content) {
  return element("div",
                 {{"class", std::string("beadle-zone beadle-zone--").append(kind)}, {"role", "group"}, {"aria-label", label}},
                 element("p", {{"class", "beadle-zone__label"}, {"aria-hidden", "true"}}, label),
                 element("div", {{"class", "beadle-zone__content"}}, content));
}

Html tiles(const std::vector<Tile>& tiles) {
  return element("ul", {{"class", "beadle-tiles"}}, each(tiles, [](const Tile& tile) {
                   const Html words = element("span", {{"class", "beadle-tile__words"}}, tile.words);
                   return element("li", {{"class", "beadle-tile"}},
                                  element("span", {{"class", "beadle-tile__number"}}, tile.number), " ",
                                  tile.link ? link(*tile.link, words) : words);
                 }));
}

}  // namespace beadle::web
