// Who stands behind an address, as the words that selectors ask for: kind, roles, contact kinds, and how the copy was sent.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "people/directory.h"
#include "rules/pack.h"

namespace beadle::inspect {

struct Party {
  std::string address;                    // as written
  std::string key;                        // comparable form
  const people::Person* person = nullptr;
  std::set<std::string, std::less<>> words;  // see rules/README.md

  bool is(std::string_view word) const { return words.contains(word); }
  bool same_as(const Party& other) const { return person != nullptr ? person == other.person : key == other.key; }
};

/// The party at an address; `display_name` helps where the address is missing or nobody's.
Party party_at(std::string_view address, std::string_view display_name, const people::Directory& people);
Party party_of(const people::Person& person);

bool fits(const std::set<std::string, std::less<>>& words, const rules::Selector& selector);
bool fits_any(const std::set<std::string, std::less<>>& words, const rules::Selectors& selectors);

}  // namespace beadle::inspect
