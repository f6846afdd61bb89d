// Any bytes as a roster: never a crash; a roster that is taken has only persons that can be found again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "people/address.h"
#include "people/directory.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string key = people::address_key(text);
  if (people::address_mistake(text).empty() && (key.empty() || people::address_key(key) != key)) std::abort();
  for (const char* file : {"roster.toml", "roster.json"}) {
    Problems problems;
    auto roster = people::parse_roster(text, file, problems);
    if (roster.has_value() == has_errors(problems)) std::abort();
    if (!roster) continue;
    const people::Directory directory(std::move(*roster));
    for (const people::Person& person : directory.roster().persons) {
      for (const std::string& email : person.emails) {
        if (directory.person_at(email) == nullptr) std::abort();
      }
      (void)directory.person_named(person.name);
      (void)directory.persons_named_in("Cllr " + person.name);
    }
    (void)directory.persons_named_in(text);
    (void)directory.contact_kinds_of(text);
  }
  return 0;
}
