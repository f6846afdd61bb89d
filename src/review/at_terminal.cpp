#include "review/at_terminal.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "people/address.h"
#include "review/acts.h"
#include "review/role.h"

namespace beadle::review {
namespace {

std::string quoted(std::string_view word) { return "\"" + printable(shortened(word, limits::name_bytes_max)) + "\""; }

Error no_reviewer(std::string_view word) {
  return {ErrorKind::refused, quoted(word) + " is no reviewer here; \"beadle user list\" and [council] reviewers say who is"};
}

/// Who is meant by a word, whichever of his or her addresses stands elsewhere.
class Meant {
 public:
  Meant(std::string_view word, const people::Directory* people) : people_(people), key_(people::address_key(word)) {
    if (people == nullptr) return;
    person_ = people->person_at(word);
    if (person_ == nullptr) person_ = people->person_named(word);
  }

  bool is_anybody() const { return person_ != nullptr || !key_.empty(); }
  bool has(const std::string& address) const {
    if (person_ != nullptr && people_->person_at(address) == person_) return true;
    return !key_.empty() && key_ == people::address_key(address);
  }
  /// As the settings write it, or "": one spelling, so that claims and the trail know the person again.
  std::string listed_as(const std::vector<std::string>& addresses) const {
    for (const std::string& address : addresses) {
      if (has(address)) return address;
    }
    for (const std::string& address : addresses) {
      const people::List* list = people_ == nullptr ? nullptr : people_->list_at(address);
      if (list == nullptr) continue;
      const auto member =
          std::find_if(list->members.begin(), list->members.end(), [&](const std::string& one) { return has(one); });
      if (member != list->members.end()) return *member;
    }
    return "";
  }

 private:
  const people::Directory* people_;
  const people::Person* person_ = nullptr;
  std::string key_;
};

bool may_decide(const store::Account& account) { return may(account.roles, Permission::decide); }

Result<Actor> actor_with(const store::Account& account, const Reviewers& reviewers) {
  if (account.disabled)
    return Error{ErrorKind::refused, "the account " + account.name + " is locked: \"beadle user enable\" unlocks it"};
  Actor actor = actor_of(account);
  if (!may_decide(account) && is_listed(account.address, reviewers)) actor.roles.emplace_back("reviewer");
  return actor;
}

}  // namespace

bool is_listed(std::string_view address, const Reviewers& reviewers) {
  return !Meant(address, reviewers.people).listed_as(reviewers.addresses).empty();
}

Result<Actor> actor_called(std::string_view word, const Reviewers& reviewers) {
  for (const store::Account& account : reviewers.accounts) {
    if (ascii_iequals(account.name, word)) return actor_with(account, reviewers);
  }
  if (reviewers.people != nullptr && reviewers.people->list_at(word) != nullptr) {
    return Error{ErrorKind::refused, quoted(word) + " is a list; say which of its members decides"};
  }
  const Meant meant(word, reviewers.people);
  // Of several accounts of one person the one that can do most here; a locked one only where there is no other.
  const auto worth = [](const store::Account& account) { return account.disabled ? 0 : may_decide(account) ? 2 : 1; };
  const store::Account* best = nullptr;
  for (const store::Account& account : reviewers.accounts) {
    if (meant.has(account.address) && (best == nullptr || worth(account) > worth(*best))) best = &account;
  }
  if (best != nullptr) return actor_with(*best, reviewers);
  const std::string listed = meant.listed_as(reviewers.addresses);
  if (listed.empty()) return no_reviewer(word);
  return Actor{.name = listed, .address = listed, .roles = {"reviewer"}};
}

Result<Actor> actor_logged_in(std::string_view login, const Reviewers& reviewers) {
  for (const store::Account& account : reviewers.accounts) {
    if (ascii_iequals(account.name, login)) return actor_with(account, reviewers);
  }
  return Error{ErrorKind::usage, quoted(login) +
                                     " has no account here; say with --by who you are: an account of \"beadle user list\", or an "
                                     "address of [council] reviewers"};
}

Result<Actor> sender_called(std::string_view word, const Reviewers& reviewers) {
  if (!Meant(word, reviewers.people).is_anybody()) return no_reviewer(word);
  return Actor{.name = std::string(word), .address = std::string(word), .roles = {}};
}

}  // namespace beadle::review
