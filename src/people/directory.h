// The roster made searchable: who stands behind an address or a name. Immutable; shared by all conversations.
// Hands out pointers into itself, so it is neither copied nor moved: make it where it stays (std::make_shared).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "people/groups.h"
#include "people/names.h"
#include "people/roster.h"

namespace beadle::people {

class Directory {
 public:
  explicit Directory(Roster roster);
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const Roster& roster() const { return roster_; }
  /// The person who uses `address` (any spelling), or nullptr.
  const Person* person_at(std::string_view address) const;
  /// The list with that address, or nullptr.
  const List* list_at(std::string_view address) const;
  /// Kinds of all contacts that match the address: "press", "archive" …; sorted.
  std::vector<std::string> contact_kinds_of(std::string_view address) const;
  bool is_contact(std::string_view address, std::string_view kind) const;
  /// Whether the address is in a domain of the council.
  bool is_own_domain(std::string_view address) const;
  /// Persons whose name stands in `text` as whole words: full name, or title ("Cllr", "Councillor", "Mr" …) and surname.
  /// Compares without case and accents. A title and surname that fit two persons name neither.
  std::vector<const Person*> persons_named_in(std::string_view text) const;
  /// Whether `text` has a first name or a surname of somebody for whom `counts` holds. Also "Will" and "May" that are no names.
  bool may_name_somebody(std::string_view text, const std::function<bool(const Person&)>& counts) const;
  /// Political groups of the roster that `text` names.
  std::vector<std::string> groups_named_in(std::string_view text) const { return groups_.find_in(text); }
  /// The one person whose full name this is (as a display name, titles left aside), or nullptr.
  const Person* person_named(std::string_view name) const;

 private:
  struct Pattern {
    std::string glob;
    bool whole_address = false;  // else of the domain
    std::size_t contact = 0;
  };
  using Contacts = std::unordered_map<std::string, std::vector<std::size_t>>;

  void add_pattern(std::string_view pattern, std::size_t contact);

  Roster roster_;
  std::unordered_set<std::string> domains_;
  std::unordered_map<std::string, std::size_t> person_by_address_;
  std::unordered_map<std::string, std::size_t> list_by_address_;
  Contacts contacts_by_address_, contacts_by_domain_;  // patterns without a star, or with one for the whole local part
  std::vector<Pattern> patterns_;                      // all others
  NameIndex names_;
  std::unordered_map<std::string, std::vector<std::size_t>> persons_by_name_word_;
  GroupIndex groups_;
};

}  // namespace beadle::people
