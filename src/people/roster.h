// Who is who: the council, its councillors and officers with every address they use, lists that the mail server expands,
// and outsiders with a part in the protocols (press, advisers …). Read from roster.toml (contract) or the same in JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"

namespace beadle::people {

enum class PersonKind { councillor, officer };

struct Person {
  std::string name;
  PersonKind kind = PersonKind::councillor;
  std::vector<std::string> emails;  // as written
  std::vector<std::string> roles;
  std::string group;  // political group, "" for none
  std::string ward;
  Position at;

  bool has_role(std::string_view role) const;
  bool is_councillor() const { return kind == PersonKind::councillor; }
};

struct List {
  std::string address;
  std::vector<std::string> members;
  std::string group;  // political group that it belongs to, "" for none
  Position at;
};

struct Contact {
  std::string kind;
  std::vector<std::string> match;  // addresses, `*` for any run of characters
  Position at;
};

struct Roster {
  std::string council;
  std::vector<std::string> domains;  // comparable form
  std::vector<Person> persons;
  std::vector<List> lists;
  std::vector<Contact> contacts;
};

inline constexpr std::string_view councillor_roles[] = {"chair", "vice-chair", "mayor", "deputy-mayor", "leader", "deputy-leader", "cabinet-member",
                                                        "committee-chair", "spokesperson", "group-leader"};
inline constexpr std::string_view officer_roles[] = {"clerk", "deputy-clerk", "chief-officer", "monitoring-officer",
                                                     "finance-officer", "communications", "support-hub", "press-authorised",
                                                     "junior"};
inline constexpr std::string_view contact_kinds[] = {"press", "minister", "adviser", "complainant", "principal-authority",
                                                     "ward-councillor", "archive", "protected"};

/// Reads a roster (TOML, or JSON if `file` ends in .json). nullopt where something is wrong; every mistake is in `problems`,
/// and so is what is odd (an address twice, a list with an unknown member, no clerk).
std::optional<Roster> parse_roster(std::string_view text, std::string_view file, Problems& problems);

}  // namespace beadle::people
