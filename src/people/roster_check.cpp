#include "people/roster_check.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"
#include "people/address.h"
#include "people/fold.h"

namespace beadle::people {
namespace {

// What the footer puts before a name by itself, and what would stand in it twice or look odd there: "CC Councillor Cllr Alan Pike". "Dr" is a title to keep.
constexpr std::string_view needless_titles[] = {"cllr", "cllrs", "councillor", "clr", "cllor", "cyng", "cynghorydd", "mr", "mrs", "ms", "miss", "mx"};

/// Whether one letter too many, too few, or another, or two that changed places, make one of the other.
bool is_one_slip_away(std::string_view a, std::string_view b) {
  if (a == b) return false;
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t same = 0;
  while (same < a.size() && a[same] == b[same]) ++same;
  if (a.size() < b.size()) return a.substr(same) == b.substr(same + 1);
  if (a.substr(same + 1) == b.substr(same + 1)) return true;
  return same + 1 < a.size() && a[same] == b[same + 1] && a[same + 1] == b[same] && a.substr(same + 2) == b.substr(same + 2);
}

/// The same for "Lib Dem", "lib  dem" and "Lib-Dem".
std::string group_key(std::string_view group) {
  std::string key;
  for (const Word& word : fold_words(group)) {
    std::copy_if(word.text.begin(), word.text.end(), std::back_inserter(key), [](char c) { return c != '-'; });
  }
  return key;
}

class Checker {
 public:
  Checker(const RosterPlaces& places, const Roster& roster, std::string_view file, Problems& problems)
      : places_(places), roster_(roster), file_(file), problems_(problems) {}

  void run() {
    check_council();
    check_persons();
    for (std::size_t i = 0; i < roster_.lists.size(); ++i) check_list(roster_.lists[i], places_.lists[i]);
    for (std::size_t i = 0; i < roster_.contacts.size(); ++i) check_contact(roster_.contacts[i], places_.matches[i]);
    check_domains();
  }

 private:
  void odd(Position at, std::string what, std::string hint = "") {
    problems_.push_back({Problem::Severity::odd, std::string(file_), at, std::move(what), std::move(hint)});
  }

  static std::string quoted(std::string_view text) { return "\"" + shortened(printable(text), 80) + "\""; }

  /// Who stands at a place: "Jane Holt", or with its line where the file has lines.
  static std::string owner_at(const std::string& owner, Position at) {
    return at.line > 0 ? owner + " in line " + std::to_string(at.line) : owner;
  }

  void check_council() {
    for (std::size_t i = 0; i < roster_.domains.size(); ++i) {
      if (!domains_.insert(roster_.domains[i]).second) odd(places_.domains[i], "domain " + quoted(roster_.domains[i]) + " stands twice");
    }
    static constexpr std::string_view answerable[] = {"clerk", "chief-officer", "monitoring-officer"};
    const bool somebody = std::any_of(roster_.persons.begin(), roster_.persons.end(), [](const Person& person) {
      return std::any_of(std::begin(answerable), std::end(answerable), [&](std::string_view role) { return person.has_role(role); });
    });
    if (!somebody) odd({}, "nobody has the role clerk, chief-officer or monitoring-officer", "many clauses ask for the clerk");
  }

  void check_persons() {
    std::unordered_map<std::string, Position> names;
    for (std::size_t i = 0; i < roster_.persons.size(); ++i) {
      const Person& person = roster_.persons[i];
      check_name(person, places_.names[i]);
      check_group(person.group, places_.groups[i]);
      if (person.emails.empty()) odd(person.at, quoted(person.name) + " has no address", "mail from and to this person is a stranger's");
      const auto [name, fresh] = names.emplace(fold_phrase(person.name), person.at);
      if (!fresh) {
        odd(person.at, owner_at(quoted(person.name) + " stands twice, first", name->second),
            "of two people tell one apart by a middle name");
      }
      if (!person.group.empty()) groups_.insert(fold_phrase(person.group));
      for (std::size_t k = 0; k < person.emails.size(); ++k) note_address(person.emails[k], quoted(person.name), places_.emails[i][k]);
    }
  }

  void check_name(const Person& person, Position at) {
    const std::string footer = person.is_councillor() ? "the footer would say \"CC Councillor " + shortened(printable(person.name), 80) + "\"; " : "";
    if (person.name.find(',') != std::string::npos) odd(at, "name " + quoted(person.name) + " has a comma", footer + "as in \"Jane Holt\"");
    const std::vector<Word> words = fold_words(person.name);
    if (words.size() < 2 || std::find(std::begin(needless_titles), std::end(needless_titles), words.front().text) == std::end(needless_titles)) return;
    odd(at, "name " + quoted(person.name) + " begins with a title", footer + "leave it out, kind and roles say it");
  }

  /// Rules compare groups as they are written.
  void check_group(const std::string& group, Position at) {
    if (group.empty()) return;
    const auto [first, fresh] = spellings_.emplace(group_key(group), Spelling{group, at});
    if (fresh || first->second.group == group) return;
    odd(at, "group " + quoted(group) + " is " + owner_at(quoted(first->second.group), first->second.at), "these count as two groups: write it one way");
  }

  void check_domains() {
    for (std::size_t i = 0; i < roster_.domains.size(); ++i) {
      const std::string& domain = roster_.domains[i];
      if (!domain.empty() && used_domains_.insert(domain).second) {
        odd(places_.domains[i], "nobody has an address in the domain " + quoted(domain), "a slip of typing? The council's own mail would count as a stranger's");
      }
    }
  }

  bool note_address(const std::string& address, const std::string& owner, Position at) {
    const std::string domain = domain_key(address);
    used_domains_.insert(domain);
    if (!domains_.contains(domain)) {
      const auto near = std::find_if(roster_.domains.begin(), roster_.domains.end(), [&](const std::string& own) { return is_one_slip_away(domain, own); });
      if (near != roster_.domains.end()) odd(at, quoted(address) + " of " + owner + " is not in the council's domain " + quoted(*near), "a slip of typing?");
    }
    const auto [entry, fresh] = owners_.emplace(address_key(address), Owner{owner, at});
    if (!fresh) odd(at, quoted(address) + " stands twice, also for " + owner_at(entry->second.name, entry->second.at), "the first counts");
    return fresh;
  }

  void check_list(const List& list, const RosterPlaces::ListPlaces& places) {
    note_address(list.address, "list " + quoted(list.address), places.address);
    if (list.members.empty()) odd(places.members, "list " + quoted(list.address) + " has no members", "its mail will count as mail to nobody known");
    for (std::size_t i = 0; i < list.members.size(); ++i) {
      const std::string key = address_key(list.members[i]);
      if (!is_known(key)) odd(places.each_member[i], "list " + quoted(list.address) + ": nobody has the address " + quoted(list.members[i]));
    }
    check_group(list.group, places.group);
    if (!list.group.empty() && !groups_.contains(fold_phrase(list.group))) {
      odd(places.group, "list " + quoted(list.address) + ": nobody is in the group " + quoted(list.group));
    }
  }

  /// A list may hold lists, also ones that come later.
  bool is_known(const std::string& key) {
    if (list_keys_.empty()) {
      for (const List& list : roster_.lists) list_keys_.insert(address_key(list.address));
    }
    return owners_.contains(key) || list_keys_.contains(key);
  }

  void check_contact(const Contact& contact, const std::vector<Position>& places) {
    if (contact.kind == "archive") return;  // archives do stand in the own domain
    for (std::size_t i = 0; i < contact.match.size(); ++i) {
      const std::string& pattern = contact.match[i];
      const std::size_t at = pattern.rfind('@');
      const std::string domain = comparable_domain(at == std::string::npos ? pattern : pattern.substr(at + 1));
      const bool own = std::any_of(roster_.domains.begin(), roster_.domains.end(), [&](const std::string& each) { return glob_matches(domain, each); });
      if (own) odd(places[i], contact.kind + " " + quoted(pattern) + " is in the council's own domain");
    }
  }

  struct Owner {
    std::string name;
    Position at;
  };
  const RosterPlaces& places_;
  const Roster& roster_;
  std::string_view file_;
  Problems& problems_;
  struct Spelling {
    std::string group;
    Position at;
  };
  std::unordered_set<std::string> domains_, used_domains_, groups_, list_keys_;
  std::unordered_map<std::string, Spelling> spellings_;
  std::unordered_map<std::string, Owner> owners_;
};

}  // namespace

void note_oddities(const RosterPlaces& places, const Roster& roster, std::string_view file, Problems& problems) {
  Checker(places, roster, file, problems).run();
}

}  // namespace beadle::people
