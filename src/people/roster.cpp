#include "people/roster.h"

#include <algorithm>
#include <utility>

#include "base/document.h"
#include "base/limits.h"
#include "base/text.h"
#include "people/address.h"
#include "people/fold.h"
#include "people/roster_check.h"

namespace beadle::people {
namespace {

template <std::size_t N>
bool contains(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

template <std::size_t N>
std::string known_hint(std::string_view word, const std::string_view (&words)[N]) {
  const std::vector<std::string> all(std::begin(words), std::end(words));
  const auto suggestion = nearest(word, all);
  return suggestion ? "did you mean " + *suggestion + "?" : "known: " + joined(all, ", ");
}

std::string shown(std::string_view text) { return "\"" + shortened(printable(text), 80) + "\""; }

class RosterReader {
 public:
  RosterReader(std::string_view file, Problems& problems) : file_(file), problems_(problems) {}

  std::optional<Roster> read(std::string_view text) {
    const std::size_t before = problems_.size();
    const auto document = parse_document(text, file_, problems_);
    if (!document) {
      hint_at_brackets(text);
      return std::nullopt;
    }
    TableReader reader(*document, file_, "the roster", problems_);
    read_council(reader);
    const auto persons = reader.tables("person"), lists = reader.tables("list"), contacts = reader.tables("contact");
    reader.finish();
    if (persons.size() + lists.size() + contacts.size() > limits::roster_entries_max) {
      reader.error({}, "more than " + std::to_string(limits::roster_entries_max) + " persons, lists and contacts");
      return std::nullopt;
    }
    read_each("person", persons, [&](TableReader& entry) { read_person(entry); });
    read_each("list", lists, [&](TableReader& entry) { read_list(entry); });
    read_each("contact", contacts, [&](TableReader& entry) { read_contact(entry); });
    const bool wrong = std::any_of(problems_.begin() + static_cast<std::ptrdiff_t>(before), problems_.end(),
                                   [](const Problem& problem) { return problem.severity == Problem::Severity::error; });
    if (wrong) return std::nullopt;
    note_oddities(places_, roster_, file_, problems_);
    return std::move(roster_);
  }

 private:
  /// The second [person] is no TOML, and says so in words of TOML.
  void hint_at_brackets(std::string_view text) {
    Problem& problem = problems_.back();
    const auto lines = split(text, '\n');
    if (!problem.hint.empty() || problem.at.line < 1 || static_cast<std::size_t>(problem.at.line) > lines.size()) return;
    const std::string_view line = trimmed(lines[static_cast<std::size_t>(problem.at.line) - 1]);
    for (const std::string name : {"person", "list", "contact"}) {
      if (line.starts_with("[" + name + "]") || line.starts_with("[[" + name + "]]")) problem.hint = "write [[" + name + "]]";
    }
  }

  /// Reads the tables of an array. JSON tells no lines, so each message is told which entry it is about.
  template <class Read>
  void read_each(const std::string& what, const std::vector<const Value*>& entries, const Read& read) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::string label = what + " " + std::to_string(i + 1);
      const std::size_t before = problems_.size();
      TableReader reader(*entries[i], file_, label, problems_);
      read(reader);
      reader.finish();
      for (std::size_t k = before; k < problems_.size(); ++k) {
        if (!problems_[k].what.starts_with(label)) problems_[k].what.insert(0, label + ": ");
      }
    }
  }

  void read_council(TableReader& roster) {
    const Value* table = roster.table("council");
    if (table == nullptr) {
      if (!roster.has("council")) roster.error({}, "[council] is missing", "it has the council's name and its mail domains");
      return;
    }
    TableReader council(*table, file_, "[council]", problems_);
    roster_.council = read_name(council, "name");
    for (const Placed& domain : placed_texts(council, "domains")) {
      const std::string mistake = domain_mistake(domain.text);
      if (mistake.empty()) {
        roster_.domains.push_back(comparable_domain(domain.text));
        places_.domains.push_back(domain.at);
      } else {
        council.error(domain.at, shown(domain.text) + " is no mail domain: " + mistake, "as in domains = [\"council.example\"]");
      }
    }
    if (roster_.domains.size() > limits::council_domains_max) {
      council.error(council.place("domains"), "more than " + std::to_string(limits::council_domains_max) + " domains");
    }
    if (!council.has("domains")) {
      council.error(council.place(), "[council]: domains is missing", "as in domains = [\"council.example\"]");
    } else if (const Value* domains = council.any("domains"); domains->array() != nullptr && domains->array()->empty()) {
      council.error(council.place("domains"), "domains is empty", "mail of the council's own domain is told from others by it");
    }
    council.finish();
  }

  /// Texts at `key` with their places; complaints of the wrong type come from TableReader.
  static std::vector<Placed> placed_texts(TableReader& reader, std::string_view key) {
    (void)reader.texts(key);
    std::vector<Placed> out;
    const Value* value = reader.any(key);
    if (value == nullptr) return out;
    if (const std::string* text = value->text()) out.push_back({*text, value->at});
    if (const Array* items = value->array()) {
      for (const Value& item : *items) {
        if (const std::string* text = item.text()) out.push_back({*text, item.at});
      }
    }
    return out;
  }

  /// A name stands in footers of other people's mail: one line, of words that can be found again.
  static std::string read_name(TableReader& reader, std::string_view key) {
    const std::string name(trimmed(reader.required_text(key)));
    if (!name.empty()) check_name(reader, key, name);
    return name;
  }

  static void check_name(TableReader& reader, std::string_view key, std::string_view name) {
    const auto wrong = [&](const std::string& what, std::string hint = "") { reader.error(reader.place(key), std::string(key) + " " + what, std::move(hint)); };
    const std::size_t words = fold_words(name).size();
    if (!is_valid_utf8(name)) {
      wrong("is not UTF-8");
    } else if (name.size() > limits::name_bytes_max) {
      wrong("is longer than " + std::to_string(limits::name_bytes_max) + " bytes");
    } else if (printable(name) != name) {
      wrong("has control characters or line ends");
    } else if (words == 0) {
      wrong(shown(name) + " has no letters");
    } else if (words > limits::name_words_max) {
      wrong("has more than " + std::to_string(limits::name_words_max) + " words");
    } else if (name.find('@') != std::string_view::npos) {
      wrong(shown(name) + " is an address", "addresses belong into emails");
    }
  }

  static std::string read_label(TableReader& reader, std::string_view key) {
    const std::string label(trimmed(reader.text(key).value_or("")));
    if (!label.empty()) check_name(reader, key, label);
    return label;
  }

  std::vector<std::string> read_addresses(TableReader& reader, std::string_view key, std::vector<Position>& places) {
    std::vector<std::string> addresses;
    for (const Placed& address : placed_texts(reader, key)) {
      if (!check_address(reader, address)) continue;
      addresses.push_back(address.text);
      places.push_back(address.at);
    }
    return addresses;
  }

  static bool check_address(TableReader& reader, const Placed& address) {
    const std::string mistake = address_mistake(address.text);
    if (!mistake.empty()) reader.error(address.at, shown(address.text) + " is no address: " + mistake);
    return mistake.empty();
  }

  void read_person(TableReader& reader) {
    Person person;
    person.at = reader.place();
    person.name = read_name(reader, "name");
    const std::string kind = reader.required_text("kind");
    static constexpr std::string_view kinds[] = {"councillor", "officer"};
    const bool known = contains(kinds, kind);
    if (!known && !trimmed(kind).empty()) reader.error(reader.place("kind"), "unknown kind " + shown(kind), known_hint(kind, kinds));
    person.kind = kind == "officer" ? PersonKind::officer : PersonKind::councillor;
    std::vector<Position> emails;
    person.emails = read_addresses(reader, "emails", emails);
    for (const Placed& role : placed_texts(reader, "roles")) {
      if (known && check_role(reader, role, person.kind) && !person.has_role(role.text)) person.roles.push_back(role.text);
    }
    person.group = read_label(reader, "group");
    person.ward = read_label(reader, "ward");
    roster_.persons.push_back(std::move(person));
    places_.names.push_back(reader.place("name"));
    places_.groups.push_back(reader.place("group"));
    places_.emails.push_back(std::move(emails));
  }

  static bool check_role(TableReader& reader, const Placed& role, PersonKind kind) {
    const bool of_councillor = contains(councillor_roles, role.text), of_officer = contains(officer_roles, role.text);
    if (kind == PersonKind::councillor ? of_councillor : of_officer) return true;
    if (of_councillor || of_officer) {
      reader.error(role.at, role.text + " is a role of " + (of_officer ? "officers" : "councillors"),
                   kind == PersonKind::councillor ? "the person is a councillor" : "the person is an officer");
      return false;
    }
    reader.error(role.at, "unknown role " + shown(role.text),
                 kind == PersonKind::councillor ? known_hint(role.text, councillor_roles) : known_hint(role.text, officer_roles));
    return false;
  }

  void read_list(TableReader& reader) {
    List list;
    list.at = reader.place();
    list.address = reader.required_text("address");
    if (!trimmed(list.address).empty()) check_address(reader, {list.address, reader.place("address")});
    std::vector<Position> members;
    list.members = read_addresses(reader, "members", members);
    list.group = read_label(reader, "group");
    places_.lists.push_back({reader.place("address"), reader.place("members"), reader.place("group"), std::move(members)});
    roster_.lists.push_back(std::move(list));
  }

  void read_contact(TableReader& reader) {
    Contact contact;
    contact.at = reader.place();
    contact.kind = reader.required_text("kind");
    if (!trimmed(contact.kind).empty() && !contains(contact_kinds, contact.kind)) {
      reader.error(reader.place("kind"), "unknown kind " + shown(contact.kind), known_hint(contact.kind, contact_kinds));
    }
    std::vector<Position> places;
    for (const Placed& pattern : placed_texts(reader, "match")) {
      check_pattern(reader, pattern);
      contact.match.push_back(pattern.text);
      places.push_back(pattern.at);
    }
    if (!reader.has("match")) {
      reader.error(reader.place(), "match is missing", "as in match = [\"*@gazette.example\"]");
    } else if (const Value* match = reader.any("match"); match->array() != nullptr && match->array()->empty()) {
      reader.error(reader.place("match"), "match is empty", "as in match = [\"*@gazette.example\"]");
    }
    roster_.contacts.push_back(std::move(contact));
    places_.matches.push_back(std::move(places));
  }

  static void check_pattern(TableReader& reader, const Placed& pattern) {
    const std::string& text = pattern.text;
    const auto wrong = [&](const std::string& why, std::string hint) { reader.error(pattern.at, shown(text) + " " + why, std::move(hint)); };
    const bool has_at = text.find('@') != std::string::npos;
    if (text.find('*') == std::string::npos) {
      const std::string mistake = has_at ? address_mistake(text) : domain_mistake(text);
      if (!mistake.empty()) wrong("matches no address: " + mistake, "an address, or *@ and a domain");
    } else if (!is_valid_utf8(text) || text.size() > limits::address_bytes_max || text.find_first_of(" \t\r\n<>,;") != std::string::npos) {
      wrong("matches no address", "an address with * for any characters");
    } else if (text.find_first_not_of("*@.") == std::string::npos) {
      wrong("matches every address", "name the domain, as in *@gazette.example");
    } else if (!has_at && text.find('.') == std::string::npos) {
      wrong("has neither @ nor dot", "as in *@gazette.example");
    } else if (text.ends_with('@') || text.starts_with('@') || std::count(text.begin(), text.end(), '@') > 1) {
      wrong("matches no address", "one @ with something on both sides, as in *@gazette.example");
    }
  }

  std::string_view file_;
  Problems& problems_;
  Roster roster_;
  RosterPlaces places_;
};

}  // namespace

bool Person::has_role(std::string_view role) const { return std::find(roles.begin(), roles.end(), role) != roles.end(); }

std::optional<Roster> parse_roster(std::string_view text, std::string_view file, Problems& problems) {
  return RosterReader(file, problems).read(text);
}

}  // namespace beadle::people
