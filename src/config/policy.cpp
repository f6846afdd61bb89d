// Roster, packs and lexicons from their files into one Policy.
#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/digest.h"
#include "base/document.h"
#include "base/limits.h"
#include "base/text.h"
#include "config/files.h"
#include "config/settings.h"

namespace beadle::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t digest_digits = 12;

void note(Problems& problems, const std::string& file, Position at, std::string what, std::string hint = "") {
  problems.push_back({Problem::Severity::error, file, at, std::move(what), std::move(hint)});
}

/// Files of `folder` with that ending, sorted by name; not those that an editor left (".name.toml").
std::optional<std::vector<std::string>> files_in(const fs::path& folder, std::string_view ending, Problems& problems) {
  std::vector<std::string> files;
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    std::error_code ignored;
    if (path.extension() != ending || path.filename().string().starts_with('.') || fs::is_directory(path, ignored)) continue;
    if (files.size() == limits::rule_files_max) {
      note(problems, folder.string(), {}, "holds more than " + std::to_string(limits::rule_files_max) + " files");
      return std::nullopt;
    }
    files.push_back(path.string());
  }
  if (error) {
    note(problems, folder.string(), {}, "cannot be read: " + error.message());
    return std::nullopt;
  }
  std::sort(files.begin(), files.end());
  return files;
}

template <class Item, class Parse>
bool read_one(const std::string& file, const Parse& parse, std::vector<Item>& items, Problems& problems) {
  const auto text = read_or_note(file, problems);
  auto item = text ? parse(*text, file, problems) : std::nullopt;
  if (item) items.push_back(std::move(*item));
  return item.has_value();
}

/// Reads every file of `folder` with `parse`; false where one is wrong. The rest is read all the same, for its mistakes.
template <class Item, class Parse>
bool read_all(const fs::path& folder, std::string_view ending, const Parse& parse, std::vector<Item>& items, Problems& problems) {
  const auto files = files_in(folder, ending, problems);
  if (!files) return false;
  bool good = true;
  for (const std::string& file : *files) good = read_one(file, parse, items, problems) && good;
  return good;
}

/// A pack of one's own may stand in the folder of rules and be named in the settings besides.
bool is_read_already(const std::string& file, const std::vector<rules::Pack>& packs) {
  return std::any_of(packs.begin(), packs.end(), [&](const rules::Pack& pack) {
    std::error_code ignored;
    return fs::equivalent(pack.file, file, ignored);
  });
}

const rules::Pack* pack_named(const rules::RuleSet& rules, std::string_view name) {
  for (const rules::Pack& pack : rules.packs()) {
    if (pack.protocol.name == name) return &pack;
  }
  return nullptr;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  const auto near = nearest(word, known);
  if (near) return "did you mean " + *near + "?";
  return known.empty() ? "" : "known: " + shortened(joined(known, ", "), 400);
}

Position place_of(const Settings& settings, const std::string& key) {
  const auto place = settings.places.find(key);
  return place == settings.places.end() ? Position{} : place->second;
}

/// The settings name a pack, and overrides name clauses: both must be there.
void check_names(const Settings& settings, const rules::RuleSet& rules, Problems& problems) {
  if (pack_named(rules, settings.protocol) == nullptr) {
    std::vector<std::string> known;
    for (const rules::Pack& pack : rules.packs()) known.push_back(pack.protocol.name);
    if (settings.protocol.empty()) {
      note(problems, settings.file, {}, "give --protocol; there are: " + joined(known, ", "));
      return;
    }
    note(problems, settings.file, place_of(settings, "council.protocol"), "there is no protocol \"" + shortened(printable(settings.protocol), 80) + "\"",
         suggestion(settings.protocol, known));
  }
  std::vector<std::string> clauses, waiting;
  for (const rules::Pack& pack : rules.packs()) {
    for (const rules::Rule& rule : pack.rules) clauses.push_back(rule.clause);
    for (const rules::Reminder& reminder : pack.reminders) {
      clauses.push_back(reminder.clause);
      waiting.push_back(reminder.clause);
    }
  }
  for (const auto& [clause, change] : settings.overrides) {
    if (rules.rule(clause) != nullptr || rules.reminder(clause) != nullptr) continue;
    note(problems, settings.file, place_of(settings, "rules.override." + clause), "there is no clause \"" + shortened(printable(clause), 80) + "\"",
         suggestion(clause, clauses));
  }
  for (const auto& [clause, period] : settings.within) {
    if (rules.reminder(clause) != nullptr) continue;
    note(problems, settings.file, place_of(settings, "reminders.within." + clause), "there is no reminder \"" + shortened(printable(clause), 80) + "\"",
         suggestion(clause, waiting));
  }
}

/// Holidays are read only where a clause of the protocol counts working days.
std::optional<inspect::ReminderPolicy> reminders_of(const Settings& settings, const rules::RuleSet& rules, Problems& problems) {
  inspect::ReminderPolicy policy;
  policy.on = settings.reminders;
  policy.within = settings.within;
  const auto reminders = rules.reminders(settings.protocol);
  const bool counts = std::any_of(reminders.begin(), reminders.end(), [&](const rules::Reminder& reminder) {
    const auto within = settings.within.find(reminder.clause);
    return (within == settings.within.end() ? reminder.within : within->second).working;
  });
  // Who inspects a message without settings has no holidays of his own, and waits for nobody.
  if (!policy.on || !counts || settings.file.empty()) return policy;
  const auto text = read_or_note(settings.holidays, problems);
  auto calendar = text ? parse_holidays(*text, settings.holidays, problems) : std::nullopt;
  if (!calendar) return std::nullopt;
  policy.calendar = std::move(*calendar);
  return policy;
}

/// Of everything that decides: two installations with the same digest give the same verdict for the same message.
std::string digest_of(const inspect::Policy& policy, std::string_view roster_text) {
  std::string all = "beadle policy 1\n" + policy.rules->digest() + "\n" + sha256_hex(roster_text) + "\n" + sha256_hex(policy.protocol) + "\n";
  all += std::string(rules::to_string(policy.mode)) + " " + std::string(rules::to_string(policy.on_not_inspected)) + " " +
         std::string(rules::to_string(policy.on_broken_mime)) + "\n";
  for (const auto& [clause, change] : policy.overrides) {
    all += sha256_hex(clause) + " " + (change.action ? std::string(rules::to_string(*change.action)) : "-") + " " +
           (change.mode ? std::string(rules::to_string(*change.mode)) : "-") + "\n";
  }
  return sha256_hex(all).substr(0, digest_digits);
}

}  // namespace

void note_odd_reviewers(const Settings& settings, const people::Directory& people, Problems& problems) {
  for (const std::string& address : settings.reviewers) {
    const people::Person* person = people.person_at(address);
    const auto odd = [&](std::string what, std::string hint) {
      problems.push_back({Problem::Severity::odd, settings.file, place_of(settings, "council.reviewers." + address), std::move(what), std::move(hint)});
    };
    const std::string shown = "reviewers: \"" + shortened(printable(address), 80) + "\"";
    if (person == nullptr) {
      odd(shown + " is the address of nobody in the roster",
          "a slip of typing? Else put the person into the roster, so that it is known which mail he or she has a part in");
    } else if (person->is_councillor()) {
      odd(shown + " is " + person->name + ", a councillor", "held mail is decided about by officers: clerk, monitoring officer, deputy");
    }
  }
}

std::optional<people::Roster> load_roster(const std::string& file, Problems& problems) {
  const auto text = read_or_note(file, problems);
  if (!text) return std::nullopt;
  return people::parse_roster(*text, file, problems);
}

std::optional<std::shared_ptr<const rules::WordVectors>> load_vectors(const std::string& directory, Problems& problems) {
  const fs::path file = fs::path(directory) / "vectors.tsv";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return nullptr;
  const auto text = read_or_note(file.string(), problems, limits::vectors_file_bytes_max);
  auto vectors = text ? rules::parse_vectors(*text, file.string(), problems) : nullptr;
  return vectors ? std::optional(std::move(vectors)) : std::nullopt;
}

std::optional<rules::RuleSet> load_rules(const std::string& directory, Problems& problems, const std::vector<std::string>& own_packs) {
  std::vector<rules::Pack> packs;
  std::vector<rules::Lexicon> lexicons;
  bool good_packs = read_all(directory, ".toml", &rules::parse_pack, packs, problems);
  for (const std::string& file : own_packs) {
    if (is_read_already(file, packs)) continue;
    good_packs = read_one(file, &rules::parse_pack, packs, problems) && good_packs;
  }
  const bool good_lexicons = read_all(fs::path(directory) / "lexicon", ".toml", &rules::parse_lexicon, lexicons, problems);
  std::vector<rules::Weights> weights;
  const fs::path scales = fs::path(directory) / "weights";
  std::error_code ignored;
  const bool good_weights = !fs::exists(scales, ignored) || read_all(scales, ".tsv", &rules::parse_weights, weights, problems);
  auto vectors = load_vectors(directory, problems);
  if (good_packs && packs.empty()) note(problems, directory, {}, "holds no rule packs", "[rules] directory is the folder of <council>.toml and lexicon/");
  if (!good_packs || !good_lexicons || !good_weights || !vectors || packs.empty()) return std::nullopt;
  return rules::RuleSet::compile(std::move(packs), std::move(lexicons), problems, {std::move(weights), std::move(*vectors)});
}

std::optional<std::vector<rules::Catalogue>> load_catalogues(const std::string& directory, Problems& problems) {
  std::vector<rules::Catalogue> catalogues;
  const fs::path folder = fs::path(directory) / "catalogue";
  std::error_code ignored;
  if (fs::exists(folder, ignored) && !read_all(folder, ".toml", &rules::parse_catalogue, catalogues, problems)) return std::nullopt;
  return catalogues;
}

std::optional<std::vector<rules::Lexicon>> load_lexicons(const std::string& directory, Problems& problems) {
  std::vector<rules::Lexicon> lexicons;
  if (!read_all(fs::path(directory) / "lexicon", ".toml", &rules::parse_lexicon, lexicons, problems)) return std::nullopt;
  return lexicons;
}

std::optional<std::vector<rules::LabelledSentence>> load_sentences(const std::string& path, Problems& problems) {
  std::vector<std::vector<rules::LabelledSentence>> files;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    if (!read_all(path, ".tsv", &rules::parse_labelled, files, problems)) return std::nullopt;
  } else {
    const auto text = read_or_note(path, problems);
    auto rows = text ? rules::parse_labelled(*text, path, problems) : std::nullopt;
    if (!rows) return std::nullopt;
    files.push_back(std::move(*rows));
  }
  std::vector<rules::LabelledSentence> out;
  for (auto& rows : files) std::move(rows.begin(), rows.end(), std::back_inserter(out));
  return out;
}

std::optional<inspect::Policy> load_policy(const Settings& settings, Problems& problems) {
  const auto roster_text = read_or_note(settings.roster, problems);
  auto roster = roster_text ? people::parse_roster(*roster_text, settings.roster, problems) : std::nullopt;
  auto rule_set = load_rules(settings.rules_directory, problems, settings.own_packs);
  if (!roster || !rule_set) return std::nullopt;
  const std::size_t before = problems.size();
  check_names(settings, *rule_set, problems);
  if (problems.size() > before) return std::nullopt;
  auto reminders = reminders_of(settings, *rule_set, problems);
  if (!reminders) return std::nullopt;
  inspect::Policy policy;
  policy.people = std::make_shared<people::Directory>(std::move(*roster));
  policy.rules = std::make_shared<rules::RuleSet>(std::move(*rule_set));
  policy.protocol = settings.protocol;
  policy.mode = settings.mode;
  policy.overrides = settings.overrides;
  policy.on_not_inspected = settings.on_not_inspected;
  policy.on_broken_mime = settings.on_broken_mime;
  policy.reminders = std::move(*reminders);
  policy.digest = digest_of(policy, *roster_text);
  return policy;
}

}  // namespace beadle::config
