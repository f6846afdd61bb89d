#include "web/components.h"

namespace beadle::web {
namespace {

Attributes cell_class(std::string_view part, bool numeric) {
  std::string name("govuk-table__");
  name.append(part);
  if (numeric) name = name + " " + name + "--numeric";
  return {{"class", name}};
}

// A stacked table loses its roles on a phone, where its parts are blocks: they are said again.
Attributes role(const Table& table, std::string_view name) {
  return {{"role", table.stacked ? std::optional<std::string>(name) : std::nullopt}};
}

Html head(const Table& table) {
  const Html cells = each(table.columns, [&](const Column& column) {
    return element("th", Attributes{{"scope", "col"}}.add(cell_class("header", column.numeric)).add(role(table, "columnheader")),
                   column.title_hidden ? visually_hidden(column.title) : Html(column.title));
  });
  return element("thead", Attributes{{"class", "govuk-table__head"}}.add(role(table, "rowgroup")),
                 element("tr", Attributes{{"class", "govuk-table__row"}}.add(role(table, "row")), cells));
}

Html cell(const Table& table, std::size_t at, const Html& content) {
  const bool known = at < table.columns.size();
  const Attributes label = {{"data-label", known && table.stacked && !table.columns[at].title_hidden
                                               ? std::optional(table.columns[at].title)
                                               : std::nullopt}};
  if (at == 0 && table.first_is_header) {
    return element("th", Attributes{{"scope", "row"}}.add(cell_class("header", false)).add(role(table, "rowheader")).add(label),
                   content);
  }
  return element("td", cell_class("cell", known && table.columns[at].numeric).add(role(table, "cell")).add(label), content);
}

Html body(const Table& table) {
  const Html rows = each(table.rows, [&](const Row& row) {
    Html cells;
    for (std::size_t at = 0; at < row.size(); ++at) cells += cell(table, at, row[at]);
    return element("tr", Attributes{{"class", "govuk-table__row"}}.add(role(table, "row")), cells);
  });
  return element("tbody", Attributes{{"class", "govuk-table__body"}}.add(role(table, "rowgroup")), rows);
}

}  // namespace

Html table(const Table& table) {
  if (table.rows.empty()) {
    const Html title = table.caption_hidden ? Html() : element("p", {{"class", "govuk-heading-s"}}, table.caption);
    return fragment(title, paragraph(table.if_empty));
  }
  const Attributes names = {{"class", table.stacked ? "govuk-table beadle-table--stacked" : "govuk-table"},
                            {"data-beadle-rows", table.keys}};
  const Html caption = element(
      "caption", {{"class", table.caption_hidden ? "govuk-visually-hidden" : "govuk-table__caption govuk-table__caption--m"}},
      table.caption);
  const Html whole = element("table", Attributes(names).add(role(table, "table")), caption, head(table), body(table));
  // What moves sideways must be reached by keyboard (WCAG 2.1.1) and say what it is.
  return element("div", {{"class", "beadle-scroll"}, {"tabindex", 0}, {"role", "region"}, {"aria-label", table.caption}}, whole);
}

}  // namespace beadle::web
