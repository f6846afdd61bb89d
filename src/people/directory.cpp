#include "people/directory.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "people/address.h"

namespace beadle::people {
namespace {

constexpr std::string_view any_local = "*@";

bool has_star(std::string_view text) { return text.find('*') != std::string_view::npos; }

}  // namespace

Directory::Directory(Roster roster) : roster_(std::move(roster)) {
  for (const std::string& domain : roster_.domains) domains_.insert(comparable_domain(domain));
  for (std::size_t i = 0; i < roster_.persons.size(); ++i) {
    const Person& person = roster_.persons[i];
    // Of an address that two persons have, the first is taken; the roster's reader has called it odd.
    for (const std::string& email : person.emails) person_by_address_.emplace(address_key(email), i);
    names_.add(person.name, person.is_councillor());
    constexpr std::size_t letters_least = 3;  // initials are no names
    for (const Word& word : fold_words(person.name)) {
      if (word.text.size() >= letters_least) persons_by_name_word_[word.text].push_back(i);
    }
    groups_.add(person.group);
  }
  for (std::size_t i = 0; i < roster_.lists.size(); ++i) {
    list_by_address_.emplace(address_key(roster_.lists[i].address), i);
    groups_.add(roster_.lists[i].group);
  }
  for (std::size_t i = 0; i < roster_.contacts.size(); ++i) {
    for (const std::string& pattern : roster_.contacts[i].match) add_pattern(pattern, i);
  }
  person_by_address_.erase("");
  list_by_address_.erase("");
}

void Directory::add_pattern(std::string_view pattern, std::size_t contact) {
  pattern = trimmed(pattern);
  const bool whole_address = pattern.find('@') != std::string_view::npos;
  const std::string_view domain = pattern.starts_with(any_local) ? pattern.substr(any_local.size()) : pattern;
  if (whole_address && !has_star(pattern)) {
    contacts_by_address_[address_key(pattern)].push_back(contact);
  } else if (!has_star(domain)) {
    contacts_by_domain_[comparable_domain(domain)].push_back(contact);
  } else if (whole_address) {
    // The domain without a star is made comparable as that of an address is.
    const std::size_t at = pattern.rfind('@');
    const std::string_view host = pattern.substr(at + 1);
    patterns_.push_back({std::string(pattern.substr(0, at + 1)) + (has_star(host) ? ascii_lower(host) : comparable_domain(host)), true, contact});
  } else {
    patterns_.push_back({ascii_lower(pattern), false, contact});
  }
}

const Person* Directory::person_at(std::string_view address) const {
  const auto entry = person_by_address_.find(address_key(address));
  return entry == person_by_address_.end() ? nullptr : &roster_.persons[entry->second];
}

const List* Directory::list_at(std::string_view address) const {
  const auto entry = list_by_address_.find(address_key(address));
  return entry == list_by_address_.end() ? nullptr : &roster_.lists[entry->second];
}

std::vector<std::string> Directory::contact_kinds_of(std::string_view address) const {
  const std::string key = address_key(address);
  std::vector<std::string> kinds;
  if (key.empty()) return kinds;
  const std::string domain = domain_key(address);
  const auto add = [&](const Contacts& contacts, const std::string& text) {
    const auto entry = contacts.find(text);
    if (entry == contacts.end()) return;
    for (const std::size_t contact : entry->second) kinds.push_back(roster_.contacts[contact].kind);
  };
  add(contacts_by_address_, key);
  add(contacts_by_domain_, domain);
  for (const Pattern& pattern : patterns_) {
    if (glob_matches(pattern.glob, pattern.whole_address ? key : domain)) kinds.push_back(roster_.contacts[pattern.contact].kind);
  }
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

bool Directory::is_contact(std::string_view address, std::string_view kind) const {
  const auto kinds = contact_kinds_of(address);
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool Directory::is_own_domain(std::string_view address) const { return domains_.contains(domain_key(address)); }

std::vector<const Person*> Directory::persons_named_in(std::string_view text) const {
  std::vector<const Person*> persons;
  for (const std::size_t person : names_.find_in(text)) persons.push_back(&roster_.persons[person]);
  return persons;
}

bool Directory::may_name_somebody(std::string_view text, const std::function<bool(const Person&)>& counts) const {
  for (const Word& word : fold_words(text)) {
    const auto found = persons_by_name_word_.find(word.text);
    if (found == persons_by_name_word_.end()) continue;
    for (const std::size_t person : found->second) {
      if (counts(roster_.persons[person])) return true;
    }
  }
  return false;
}

const Person* Directory::person_named(std::string_view name) const {
  const auto person = names_.find_exact(name);
  return person ? &roster_.persons[*person] : nullptr;
}

}  // namespace beadle::people
