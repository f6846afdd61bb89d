#include "web/layout.h"

#include "web/components_form.h"

namespace beadle::web {
namespace {

constexpr const char* service = "Mail review";

Html head(const Page& page) {
  std::string title = page.failed ? "Error: " : "";
  title.append(page.title);
  for (const std::string& part : {std::string(service), page.council}) {
    if (!part.empty()) title.append(" – ").append(part);
  }
  return element(
      "head", element("meta", {{"charset", "utf-8"}}), element("title", title),
      element("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1, viewport-fit=cover"}}),
      element("meta", {{"name", "robots"}, {"content", "noindex"}}),
      element("link",
              {{"rel", "icon"}, {"sizes", "any"}, {"type", "image/svg+xml"}, {"href", local_link("/assets/favicon.svg")}}),
      element("link", {{"rel", "stylesheet"}, {"href", local_link("/assets/app.css")}}),
      element("script", {{"type", "module"}, {"src", local_link("/assets/app.js")}}));
}

Html account(const Page& page) {
  return html_if(!page.signed_in_as.empty(), [&] {
    return element("div", {{"class", "beadle-header__account"}},
                   element("span", {{"class", "beadle-header__name"}}, visually_hidden("Signed in as "), page.signed_in_as),
                   form_post(local_link("/sign-out"), page.csrf, link_button({.words = "Sign out"})));
  });
}

std::string container(const Page& page) {
  return page.wide ? "govuk-width-container beadle-container--wide" : "govuk-width-container";
}

Html header(const Page& page) {
  return element(
      "div", {{"class", "govuk-generic-header"}},
      element(
          "div", {{"class", "govuk-generic-header__container beadle-header__container " + container(page)}},
          element(
              "div", {{"class", "govuk-generic-header__logo"}},
              element("a", {{"href", local_link("/")}, {"class", "govuk-generic-header__homepage-link beadle-header__council"}},
                      page.council)),
          account(page)));
}

Html navigation_item(const NavigationItem& item) {
  Html words = item.words;
  if (item.count >= 0) words += " (" + with_commas(item.count) + ")";
  Attributes link = {{"class", "govuk-service-navigation__link"}, {"href", item.link}};
  if (!item.current) return element("li", {{"class", "govuk-service-navigation__item"}}, element("a", link, words));
  return element("li", {{"class", "govuk-service-navigation__item govuk-service-navigation__item--active"}},
                 element("a", link.add({"aria-current", "page"}),
                         element("strong", {{"class", "govuk-service-navigation__active-fallback"}}, words)));
}

Html navigation(const Page& page) {
  const Html items = html_if(!page.navigation.empty(), [&] {
    return element("nav", {{"aria-label", "Menu"}, {"class", "govuk-service-navigation__wrapper"}},
                   element("button",
                           {{"type", "button"},
                            {"class", "govuk-service-navigation__toggle govuk-js-service-navigation-toggle"},
                            {"aria-controls", "navigation"},
                            {"hidden", true},
                            {"aria-hidden", "true"}},
                           "Menu"),
                   element("ul", {{"class", "govuk-service-navigation__list"}, {"id", "navigation"}},
                           each(page.navigation, navigation_item)));
  });
  const Html name = element("span", {{"class", "govuk-service-navigation__service-name"}},
                            element("a", {{"href", local_link("/")}, {"class", "govuk-service-navigation__link"}}, service));
  return element(
      "section",
      {{"aria-label", "Service information"}, {"class", "govuk-service-navigation"}, {"data-module", "govuk-service-navigation"}},
      element("div", {{"class", container(page)}},
              element("div", {{"class", "govuk-service-navigation__container"}}, name, items)));
}

// Shown by the script, which also acts on it (WCAG 2.1.4: single keys can be switched off).
Html keys_help() {
  return element(
      "div", {{"class", "beadle-keys"}, {"data-beadle-keys", true}, {"hidden", true}},
      details({.summary = "Keyboard shortcuts",
               .content = fragment(
                   bullets({fragment(element("kbd", "j"), " next message"), fragment(element("kbd", "k"), " previous message"),
                            fragment(element("kbd", "Enter"), " open it"), fragment(element("kbd", "/"), " search")}),
                   element("button",
                           {{"type", "button"},
                            {"class", "govuk-button govuk-button--secondary"},
                            {"data-beadle-keys-switch", true}},
                           "Turn keyboard shortcuts off"))}));
}

Html footer(const Page& page) {
  return element(
      "footer", {{"class", "govuk-template__footer beadle-footer"}},
      element("div", {{"class", container(page)}},
              element("p", {{"class", "govuk-body-s beadle-footer__words"}}, html_if(!page.council.empty(), page.council + ". "),
                      "What is opened and decided here is recorded.",
                      html_if(!page.footer.empty(), [&] { return fragment(" ", page.footer); }))));
}

}  // namespace

std::string render(const Page& page) {
  const Html main = element(
      "div", {{"class", container(page)}}, page.before,
      element("main", {{"class", "govuk-main-wrapper"}, {"id", "main-content"}}, page.main, html_if(page.keys, keys_help)));
  const Html body = element(
      "body", {{"class", "govuk-template__body"}},
      element("a", {{"href", fragment_link("main-content")}, {"class", "govuk-skip-link"}, {"data-module", "govuk-skip-link"}},
              "Skip to main content"),
      element("header", {{"class", "govuk-template__header"}}, header(page), navigation(page)), main, footer(page));
  return fragment(Html::trusted("<!DOCTYPE html>\n"),
                  element("html", {{"lang", "en-GB"}, {"class", "govuk-template"}}, head(page), body))
      .bytes();
}

std::string render_plain(std::string_view council, std::string_view title, const Html& content) {
  return render(
      {.title = std::string(title), .council = std::string(council), .main = two_thirds(fragment(heading_1(title), content))});
}

}  // namespace beadle::web
