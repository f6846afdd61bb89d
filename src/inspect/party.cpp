#include "inspect/party.h"

#include <algorithm>

#include "people/address.h"

namespace beadle::inspect {
namespace {

void add_person_words(Party& party) {
  party.words.insert("person");
  party.words.insert(party.person->is_councillor() ? "councillor" : "officer");
  party.words.insert(party.person->roles.begin(), party.person->roles.end());
}

}  // namespace

Party party_of(const people::Person& person) {
  Party party;
  party.person = &person;
  if (!person.emails.empty()) {
    party.address = person.emails.front();
    party.key = people::address_key(party.address);
  }
  party.words.insert("anyone");
  add_person_words(party);
  return party;
}

Party party_at(std::string_view address, std::string_view display_name, const people::Directory& people) {
  Party party;
  party.address = std::string(address);
  party.key = people::address_key(address);
  party.words.insert("anyone");
  party.person = people.person_at(address);
  if (party.person == nullptr && address.empty() && !display_name.empty()) party.person = people.person_named(display_name);
  for (std::string& kind : people.contact_kinds_of(address)) party.words.insert(std::move(kind));
  if (party.person != nullptr) {
    add_person_words(party);
    return party;
  }
  party.words.insert("outsider");
  if (people.is_own_domain(address) && people.list_at(address) == nullptr) party.words.insert("unknown");
  static constexpr std::string_view trusted[] = {"adviser", "archive", "protected", "unknown"};
  const bool is_trusted = std::any_of(std::begin(trusted), std::end(trusted), [&](std::string_view word) { return party.is(word); });
  if (!is_trusted && !party.key.empty()) party.words.insert("third-party");
  return party;
}

bool fits(const std::set<std::string, std::less<>>& words, const rules::Selector& selector) {
  return std::all_of(selector.begin(), selector.end(), [&](const rules::Term& term) { return words.contains(term.word) != term.negated; });
}

bool fits_any(const std::set<std::string, std::less<>>& words, const rules::Selectors& selectors) {
  return std::any_of(selectors.begin(), selectors.end(), [&](const rules::Selector& selector) { return fits(words, selector); });
}

}  // namespace beadle::inspect
