#include "review/role.h"

#include "helpers.h"

namespace beadle::review {
namespace {

bool may_as(const std::vector<std::string>& roles, Permission permission) { return may(roles, permission); }

constexpr Permission all[] = {Permission::list_held,     Permission::read_content, Permission::decide,      Permission::agree,
                              Permission::keep,          Permission::gather_person, Permission::read_register, Permission::read_figures,
                              Permission::read_people,   Permission::read_rules,   Permission::read_health, Permission::manage_accounts};

}  // namespace

TEST_CASE("only reviewers see content or decide") {
  for (const Permission permission : {Permission::list_held, Permission::read_content, Permission::decide, Permission::gather_person}) {
    CHECK(may_as({"reviewer"}, permission));
    CHECK_FALSE(may_as({"auditor"}, permission));
    CHECK_FALSE(may_as({"administrator"}, permission));
    CHECK_FALSE(may_as({"auditor", "administrator"}, permission));
  }
}

TEST_CASE("accounts are the administrator's, the register is not") {
  CHECK(may_as({"administrator"}, Permission::manage_accounts));
  CHECK_FALSE(may_as({"reviewer", "auditor"}, Permission::manage_accounts));
  CHECK(may_as({"auditor"}, Permission::read_register));
  CHECK_FALSE(may_as({"administrator"}, Permission::read_register));
}

TEST_CASE("no role, or one that nobody knows, may do nothing") {
  for (const Permission permission : all) {
    CHECK_FALSE(may_as({}, permission));
    CHECK_FALSE(may_as({"", "Reviewer", "root", "reviewer "}, permission));
    CHECK_FALSE(to_string(permission).empty());
  }
}

TEST_CASE("several roles add up, and each is explained") {
  CHECK(may_as({"auditor", "reviewer"}, Permission::decide));
  for (const std::string_view name : role_names) {
    CHECK(is_role(name));
    CHECK_FALSE(says(name).empty());
  }
  CHECK_FALSE(is_role("sender"));
  CHECK(says("sender").empty());
}

}  // namespace beadle::review
