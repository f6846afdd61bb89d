// Pieces of pages as functions: the GOV.UK Design System's components (govuk-frontend 6) and a few of our own (classes "beadle-…", frontend/app.scss).
// All of them work without JavaScript. Whole pages are layout.h, forms are components_form.h, charts are chart.h.
// Pure, and nothing fails: what a component needs stands in its struct.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/html.h"

namespace beadle::web {

/// 1234567 as "1,234,567".
std::string with_commas(std::int64_t number);

// Words.
Html heading_1(const Html& words, std::string_view caption = {});
Html heading_2(const Html& words, std::string_view id = {});
Html heading_3(const Html& words, std::string_view id = {});
template <class... Children>
Html paragraph(const Children&... children) {
  return element("p", {{"class", "govuk-body"}}, children...);
}
template <class... Children>
Html small_paragraph(const Children&... children) {
  return element("p", {{"class", "govuk-body-s"}}, children...);
}
template <class... Children>
Html strong(const Children&... children) {
  return element("strong", children...);
}
/// Shown as it is, blanks, line ends and all.
template <class... Children>
Html verbatim(const Children&... children) {
  return element("div", {{"class", "beadle-verbatim"}}, children...);
}
Html link(const Link& to, const Html& words);
/// Read out by screen readers, not shown.
Html visually_hidden(const Html& words);
Html bullets(const std::vector<Html>& items);
Html numbered(const std::vector<Html>& items);
/// Words that a finding rests on: bold, underlined and coloured, and announced to screen readers. `number` (from 1) leads to its finding; 0 is none.
Html evidence(const Html& words, int number = 0);

// Ways around.
Html back_link(const Link& to, std::string_view words = "Back");
struct Crumb {
  std::string words;
  Link link;
};
/// Where the page stands; `here` is this page, without a link.
Html breadcrumbs(const std::vector<Crumb>& crumbs, std::string_view here = {});
struct NavigationItem {
  std::string words;
  Link link;
  bool current = false;
  std::int64_t count = -1;  // beside the words, -1: none
};
/// Parts of one subject; `label` is read out before them.
Html sub_navigation(std::string_view label, const std::vector<NavigationItem>& items);
struct PageLink {
  Link link;
  std::string label;  // "Page 2 of 7"
};
/// Previous and next, each only where there is one.
Html pagination(const std::optional<PageLink>& previous, const std::optional<PageLink>& next);

// Messages to the reader.
Html success_banner(const Html& words);
Html important_banner(const Html& words);
Html inset_text(const Html& content);
Html warning_text(const Html& words);
struct Details {
  std::string summary;
  Html content;
  bool open = false;
  std::string id = {};
};
Html details(const Details& details);
enum class Colour { grey, green, teal, blue, purple, magenta, red, orange, yellow };
Html tag(std::string_view words, Colour colour = Colour::blue);

// Facts.
struct Action {
  Link link;
  std::string words;
  std::string of;  // read out after the words: "Change" "name"
};
struct Fact {
  Html key;
  Html value;
  std::vector<Action> actions = {};
};
Html summary_list(const std::vector<Fact>& facts);
/// A summary list or other content in a frame with a title.
Html card(std::string_view title, const Html& content, const std::vector<Action>& actions = {});

struct Column {
  std::string title;
  bool numeric = false;
  bool title_hidden = false;
};
using Row = std::vector<Html>;
struct Table {
  std::string caption;
  std::vector<Column> columns;
  std::vector<Row> rows = {};
  std::string if_empty = "There is nothing to show.";
  bool caption_hidden = false;
  bool first_is_header = false;  // first cell of each row names it
  bool stacked = false;          // on a phone each row becomes a block with its titles, instead of being moved sideways
  bool keys = false;             // rows can be walked by keyboard (frontend/app.js); each has a link
};
/// With a frame that moves wide tables sideways, by keyboard too.
Html table(const Table& table);

// Layout within a page.
/// Beside each other where there is room, else under each other.
Html two_thirds(const Html& content);
Html columns(const std::vector<Html>& contents);
/// A stretch of a message in a frame that says what it is. `kind` is one of own quoted forwarded signature disclaimer banner footer hidden.
Html zone(std::string_view kind, std::string_view label, const Html& content);
/// A number with what it counts, for the figures page.
struct Tile {
  std::string number;
  std::string words;
  std::optional<Link> link = {};
};
Html tiles(const std::vector<Tile>& tiles);

}  // namespace beadle::web
