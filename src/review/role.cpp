#include "review/role.h"

#include <algorithm>

namespace beadle::review {
namespace {

constexpr unsigned reviewer = 1, auditor = 2, administrator = 4;

struct Row {
  Permission permission;
  unsigned roles;
  std::string_view name;
};

// Auditor and administrator never see content: not the message, not its subject, not what a reviewer noted about it.
constexpr Row table[] = {
    {Permission::list_held, reviewer, "to see which mail is held"},
    {Permission::read_content, reviewer, "to read held mail"},
    {Permission::decide, reviewer, "to decide on held mail"},
    {Permission::agree, reviewer | auditor, "to agree that somebody decides in spite of a conflict of interest"},
    {Permission::keep, reviewer | auditor, "to keep mail from being purged"},
    {Permission::gather_person, reviewer, "to gather what is kept about a person"},
    {Permission::read_register, reviewer | auditor, "to read the register"},
    {Permission::read_figures, reviewer | auditor | administrator, "to read the figures"},
    {Permission::read_people, reviewer | auditor | administrator, "to see the roster"},
    {Permission::read_rules, reviewer | auditor | administrator, "to see the rules"},
    {Permission::read_health, reviewer | auditor | administrator, "to see whether mail flows"},
    {Permission::manage_accounts, administrator, "to manage accounts"},
};

unsigned bit_of(std::string_view role) {
  for (std::size_t i = 0; i < std::size(role_names); ++i) {
    if (role_names[i] == role) return 1u << i;
  }
  return 0;
}

const Row* row_of(Permission permission) {
  const auto row = std::find_if(std::begin(table), std::end(table), [&](const Row& one) { return one.permission == permission; });
  return row == std::end(table) ? nullptr : row;
}

}  // namespace

bool is_role(std::string_view name) { return bit_of(name) != 0; }

bool may(std::span<const std::string> roles, Permission permission) {
  const Row* row = row_of(permission);
  return row != nullptr && std::any_of(roles.begin(), roles.end(), [&](const std::string& role) { return (bit_of(role) & row->roles) != 0; });
}

std::string_view to_string(Permission permission) {
  const Row* row = row_of(permission);
  return row == nullptr ? "to do this" : row->name;
}

std::string_view says(std::string_view role) {
  switch (bit_of(role)) {
    case reviewer:
      return "Reads held mail and decides on it.";
    case auditor:
      return "Reads the register, the figures and the report, and may be the second person of a break-glass request. Sees no content of mail.";
    case administrator:
      return "Manages accounts and sees roster, rules and health. Sees no content of mail and no register.";
    default:
      return "";
  }
}

}  // namespace beadle::review
