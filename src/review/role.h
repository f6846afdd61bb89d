// Who may do what. One table for every desk; nothing else in Beadle knows what a role allows.
// A person may have several roles and then may do what any of them allows. Names that nobody knows allow nothing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace beadle::review {

enum class Permission {
  list_held,        // the inbox: senders, recipients, subjects
  read_content,     // one message, its notes and the original
  decide,           // release, return, claim, pass on, note
  agree,            // be the second person of a break-glass request
  keep,             // legal hold: keep content from being purged
  gather_person,    // everything that is kept about one person, content too
  read_register,    // who did what when, without content
  read_figures,     // numbers without names, and the quarterly report
  read_people,      // the roster as Beadle sees it
  read_rules,       // rules and coverage
  read_health,      // whether mail and notices flow
  manage_accounts,  // add, lock, roles, passwords
};

inline constexpr std::string_view role_names[] = {"reviewer", "auditor", "administrator"};

bool is_role(std::string_view name);
bool may(std::span<const std::string> roles, Permission permission);
/// "to decide on held mail", for "Your account is not allowed …".
std::string_view to_string(Permission permission);
/// In one sentence, for the page of accounts and the command line; "" for a name that nobody knows.
std::string_view says(std::string_view role);

}  // namespace beadle::review
