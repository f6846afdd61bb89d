// Components: what screen readers and keyboards need is there, and whatever is put in stays text.
#include "web/components.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "catch.h"
#include "mail/html_tokenizer.h"
#include "web/components_form.h"
#include "web/layout.h"

using namespace beadle;
using namespace beadle::web;

namespace {

const std::string evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'";

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t out = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++out;
  return out;
}
bool holds(const Html& html, std::string_view part) { return html.bytes().find(part) != std::string::npos; }

/// Values of an attribute, in order.
std::vector<std::string> values(const std::string& html, std::string_view name) {
  const std::string begin = " " + std::string(name) + "=\"";
  std::vector<std::string> out;
  for (std::size_t at = html.find(begin); at != std::string::npos; at = html.find(begin, at)) {
    at += begin.size();
    out.push_back(html.substr(at, html.find('"', at) - at));
  }
  return out;
}

/// Each end tag closes the element that was opened last.
void check_nesting(const std::string& html) {
  std::vector<std::string> open;
  mail::HtmlTokenizer tokens(html);
  for (const mail::HtmlToken* token = &tokens.next(); token->kind != mail::HtmlToken::Kind::end; token = &tokens.next()) {
    const std::string name(token->name);
    if (token->kind == mail::HtmlToken::Kind::open && !token->element->has(mail::html_traits::void_) && !token->self_closing)
      open.push_back(name);
    if (token->kind != mail::HtmlToken::Kind::close) continue;
    INFO("</" << name << ">");
    REQUIRE_FALSE(open.empty());
    CHECK(open.back() == name);
    open.pop_back();
  }
  CHECK(open.empty());
}

/// What axe-core asks most often: unique ids, and references that lead somewhere.
void check_references(const std::string& html) {
  const std::vector<std::string> all = values(html, "id");
  const std::set<std::string> ids(all.begin(), all.end());
  CHECK(ids.size() == all.size());
  for (const char* name : {"for", "aria-describedby", "aria-labelledby", "aria-controls"}) {
    for (const std::string& value : values(html, name)) {
      std::size_t at = 0;
      while (at < value.size()) {
        const std::size_t end = std::min(value.find(' ', at), value.size());
        INFO(name << "=" << value);
        CHECK(ids.contains(value.substr(at, end - at)));
        at = end + 1;
      }
    }
  }
}

Page full_page(const std::string& words) {
  Page page{.title = words, .council = words};
  page.navigation = {{words, local_link(words), true, 3}, {"Other", local_link("/other")}};
  page.signed_in_as = words;
  page.csrf = words;
  page.before = breadcrumbs({{words, local_link("/x")}}, words);
  page.footer = words;
  page.keys = true;
  page.failed = true;
  const Field field{.name = "field", .label = words, .hint = words, .error = words, .value = words, .characters_max = 2000};
  Field other = field, third = field, fourth = field, fifth = field;
  other.name = "other", third.name = "third", fourth.name = "fourth", fifth.name = "fifth";
  Choices choices{.name = "choice",
                  .legend = words,
                  .choices = {{words, words, words}, {"b", words}},
                  .hint = words,
                  .error = words,
                  .chosen = {words}};
  Choices boxes = choices;
  boxes.name = "boxes";
  page.main = fragment(
      error_summary({{"field", words}, {"", words}}), success_banner(words), important_banner(words), heading_1(words, words),
      heading_2(words, "second"), heading_3(words), paragraph(words), inset_text(words), warning_text(words),
      details({.summary = words, .content = words}), tag(words, Colour::red), bullets({words}), numbered({words}),
      evidence(words, 1), evidence(words), element("p", {{"id", "finding-1"}}, words), verbatim(words), visually_hidden(words),
      sub_navigation(words, {{words, local_link("/x"), true, 1000}}),
      pagination(PageLink{local_link("/x"), words}, PageLink{local_link("/y"), words}),
      summary_list({{words, words, {{local_link("/x"), words, words}}}, {words, words}}),
      card(words, words, {{local_link("/x"), words, words}}),
      table({.caption = words, .columns = {{words}, {words, true}}, .rows = {{words, words}}, .stacked = true, .keys = true}),
      columns({words, words}), zone("own", words, words), tiles({{words, words, local_link("/x")}, {words, words}}),
      two_thirds(words),
      form_post(local_link("/act"), words, input_field(third), textarea_field(field), select_field(other, {{words, words}}),
                date_field(fourth), search_field(fifth), radios_field(choices), checkboxes_field(boxes), fieldset(words, words),
                hidden_field("h", words),
                button_group({button({.words = words, .name = "act", .value = words, .of = words}), link_button({.words = words}),
                              button_link(local_link("/x"), words)})),
      filter_panel(local_link("/x"), words, local_link("/x")), back_link(local_link("/x"), words));
  return page;
}

}  // namespace

TEST_CASE("a page with everything is well formed, and its labels lead where they should") {
  const std::string html = render(full_page("Words"));
  check_nesting(html);
  check_references(html);
  CHECK(count(html, "<h1") == 1);
  CHECK(count(html, "<main ") == 1);
  CHECK(html.find("govuk-skip-link") < html.find("<header "));
  CHECK(html.find("<html lang=\"en-GB\"") != std::string::npos);
  CHECK(html.find("<title>Error: Words – Mail review – Words</title>") != std::string::npos);
  CHECK(html.find("crown") == std::string::npos);
  CHECK(html.find("GOV.UK") == std::string::npos);
}

TEST_CASE("nothing that is put into a page becomes markup") {
  const std::string html = render(full_page(evil));
  check_nesting(html);
  CHECK(count(html, "<script") == 1);  // ours
  CHECK(count(html, "<img") == 0);
  CHECK(html.find("onerror=alert(1)>") == std::string::npos);
  for (const char* name : {"href", "src", "action"}) {
    for (const std::string& value : values(html, name)) {
      INFO(value);
      CHECK((value.starts_with('/') || value.starts_with('#')));
      CHECK_FALSE(value.starts_with("//"));
    }
  }
}

TEST_CASE("pages need neither inline style nor inline script") {
  const std::string html = render(full_page("Words"));
  CHECK(html.find(" style=") == std::string::npos);
  CHECK(html.find("<style") == std::string::npos);
  CHECK(html.find(" on") == html.find(" one"));
  CHECK(html.find("<script type=\"module\" src=\"/assets/app.js\"></script>") != std::string::npos);
}

TEST_CASE("what nobody is signed in for is not offered") {
  const std::string html = render_plain("Council", "Sign in", paragraph("x"));
  CHECK(html.find("Sign out") == std::string::npos);
  CHECK(html.find("<nav") == std::string::npos);
  check_nesting(html);
}

TEST_CASE("fields say their label, hint and error, in this order") {
  const Html field =
      input_field({.name = "code", .label = "Code", .hint = "Six digits", .error = "Enter the code", .value = "12", .width = 5});
  CHECK(holds(field, "<label class=\"govuk-label\" for=\"code\">Code</label>"));
  CHECK(holds(field, "aria-describedby=\"code-hint code-error\""));
  CHECK(holds(field, "class=\"govuk-input govuk-input--width-5 govuk-input--error\""));
  CHECK(holds(field, "value=\"12\""));
  CHECK(holds(field, "<span class=\"govuk-visually-hidden\">Error:</span> Enter the code"));
  CHECK_FALSE(holds(input_field({.name = "code", .label = "Code"}), "aria-describedby"));
  check_references(field.bytes());
}

TEST_CASE("a password is never sent back") {
  CHECK_FALSE(
      holds(input_field({.name = "password", .label = "Password", .value = "secret words", .type = "password"}), "secret"));
}

TEST_CASE("a form that acts has its token, and a filter has none") {
  const Html form = form_post(local_link("/act"), "t0ken", paragraph("x"));
  CHECK(form.bytes().starts_with("<form action=\"/act\" method=\"post\" accept-charset=\"utf-8\""));
  CHECK(holds(form, "<input type=\"hidden\" name=\"csrf\" value=\"t0ken\">"));
  CHECK(holds(form_get(local_link("/find"), {}), "method=\"get\""));
  CHECK_FALSE(holds(form_get(local_link("/find"), {}), "csrf"));
}

TEST_CASE("errors of choices lead to the first of them") {
  const Choices choices{
      .name = "act", .legend = "What now?", .choices = {{"a", "A"}, {"b", "B"}}, .error = "Choose", .chosen = {"b"}};
  const Html radios = radios_field(choices);
  CHECK(values(radios.bytes(), "id") == std::vector<std::string>{"act-error", "act", "act-2"});
  CHECK(holds(radios, "value=\"b\" checked"));
  CHECK_FALSE(holds(radios, "value=\"a\" checked"));
  CHECK(holds(error_summary({{"act", "Choose"}}), "<a href=\"#act\">Choose</a>"));
  CHECK(error_summary({}).empty());
}

TEST_CASE("tables name themselves, their columns and their rows") {
  const Html full =
      table({.caption = "People", .columns = {{"Name"}, {"Count", true}}, .rows = {{"A", 7}}, .first_is_header = true});
  CHECK(holds(full, "tabindex=\"0\" role=\"region\" aria-label=\"People\""));
  CHECK(holds(full, "<th scope=\"row\" class=\"govuk-table__header\">A</th>"));
  CHECK(holds(full, "<td class=\"govuk-table__cell govuk-table__cell--numeric\">7</td>"));
  CHECK(holds(full, "<th scope=\"col\" class=\"govuk-table__header govuk-table__header--numeric\">Count</th>"));
  CHECK_FALSE(holds(full, "role=\"cell\""));
  const Html stacked = table({.caption = "People",
                              .columns = {{"Name"}, {.title = "Act", .title_hidden = true}},
                              .rows = {{"A", "B", "too many"}},
                              .stacked = true});
  CHECK(holds(stacked, "role=\"cell\" data-label=\"Name\""));
  CHECK_FALSE(holds(stacked, "data-label=\"Act\""));
  CHECK(holds(table({.caption = "People", .columns = {{"Name"}}, .rows = {}, .if_empty = "Nobody."}), "Nobody."));
}

TEST_CASE("numbers are readable") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1000) == "1,000");
  CHECK(with_commas(-1234567) == "-1,234,567");
  CHECK(with_commas(INT64_MIN) == "-9,223,372,036,854,775,808");
}

TEST_CASE("pages before and after are offered where there are some") {
  CHECK(pagination(std::nullopt, std::nullopt).empty());
  const Html first = pagination(std::nullopt, PageLink{local_link("/p", {{"page", "2"}}), "Page 2 of 2"});
  CHECK(holds(first, "rel=\"next\""));
  CHECK_FALSE(holds(first, "rel=\"prev\""));
}
