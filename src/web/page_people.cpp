// Who is who, as Beadle sees it: the roster with every address, lists and contacts. It is edited on the server only.
#include "base/text.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

Html lines(const std::vector<std::string>& items) {
  std::vector<Html> parts(items.begin(), items.end());
  return parted_by(Html::trusted("<br>"), parts);
}

Table persons_table(const people::Roster& roster, people::PersonKind kind) {
  const bool councillors = kind == people::PersonKind::councillor;
  Table list{.caption = councillors ? "Councillors" : "Officers",
             .columns = {{"Name"}, {"Roles"}, {"Addresses"}},
             .rows = {},
             .if_empty = "There is nobody in the roster."};
  if (councillors) list.columns.insert(list.columns.begin() + 2, {{"Group"}, {"Ward"}});
  list.first_is_header = true;
  list.stacked = true;
  for (const people::Person& person : roster.persons) {
    if (person.kind != kind) continue;
    Row row{person.name, joined(person.roles, ", "), lines(person.emails)};
    if (councillors) row.insert(row.begin() + 2, {Html(person.group), Html(person.ward)});
    list.rows.push_back(std::move(row));
  }
  return list;
}

Table lists_table(const people::Roster& roster) {
  Table list{.caption = "Lists that the mail server expands", .columns = {{"Address"}, {"Members"}, {"Group"}}, .rows = {}, .if_empty = "There are no lists."};
  list.first_is_header = true;
  list.stacked = true;
  for (const people::List& one : roster.lists) list.rows.push_back({one.address, lines(one.members), one.group});
  return list;
}

Table contacts_table(const people::Roster& roster) {
  Table list{.caption = "Others with a part in the protocol", .columns = {{"Kind"}, {"Addresses"}}, .rows = {}, .if_empty = "There are none."};
  list.first_is_header = true;
  list.stacked = true;
  for (const people::Contact& contact : roster.contacts) list.rows.push_back({contact.kind, lines(contact.match)});
  return list;
}

}  // namespace

Response people_page(const Visit& visit) {
  const people::Roster& roster = visit.people().roster();
  return page(
      visit,
      {.title = "People",
       .current = "/people",
       .main = fragment(
           heading_1("People"),
           paragraph(
               "Who is who, as Beadle sees it. A blind copy is known by these addresses, private ones too, so an address that is missing here is a stranger's. "
               "To change something, ask whoever looks after the mail server to edit the roster."),
           paragraph("Mail domains of ", roster.council, ": ", joined(roster.domains, ", "), "."), table(persons_table(roster, people::PersonKind::councillor)),
           table(persons_table(roster, people::PersonKind::officer)), table(lists_table(roster)), table(contacts_table(roster))),
       .wide = true});
}

}  // namespace beadle::web
