#include "rules/condition.h"

#include "rules/reading.h"
#include "rules/vocabulary.h"

namespace beadle::rules {
namespace {

enum class Of { person, recipient };

Selectors read_selectors(TableReader& reader, std::string_view key, Of whom) {
  Selectors selectors;
  for (const PlacedText& text : placed_texts(reader, key)) {
    std::string message;
    auto selector = parse_selector(text.text, message);
    if (!selector) {
      reader.error(text.at, message);
      continue;
    }
    for (const Term& term : *selector) {
      if (whom == Of::recipient || !contains(recipient_words, term.word)) continue;
      reader.error(text.at, shown(term.word) + " is said of recipients only",
                   "in recipients-any, recipients-all or recipients-none");
    }
    selectors.push_back(std::move(*selector));
  }
  return selectors;
}

template <std::size_t N>
std::vector<std::string> read_choices(TableReader& reader, std::string_view key, const std::string_view (&known)[N]) {
  std::vector<std::string> words;
  for (PlacedText& text : placed_texts(reader, key)) {
    if (!contains(known, text.text)) {
      reader.error(text.at, std::string(key) + ": unknown word " + shown(text.text), known_hint(text.text, as_strings(known)));
    } else if (contains(words, text.text)) {
      reader.error(text.at, std::string(key) + ": " + shown(text.text) + " stands twice");
    } else {
      words.push_back(std::move(text.text));
    }
  }
  return words;
}

std::vector<Term> read_traits(TableReader& reader) {
  std::vector<Term> traits;
  for (const PlacedText& text : placed_texts(reader, "traits")) {
    Term term = term_of(text.text);
    if (!contains(trait_words, term.word)) {
      reader.error(text.at, "traits: unknown word " + shown(term.word), known_hint(term.word, as_strings(trait_words)));
    }
    traits.push_back(std::move(term));
  }
  return traits;
}

std::vector<std::string> read_cue_names(TableReader& reader, std::string_view key, Condition& condition) {
  std::vector<std::string> names;
  for (PlacedText& text : placed_texts(reader, key)) {
    if (!is_name(text.text, "-")) {
      reader.error(text.at, std::string(key) + ": " + shown(text.text) + " is no name of a cue",
                   "small letters, digits and hyphens");
      continue;
    }
    condition.cue_places.try_emplace(text.text, text.at);
    names.push_back(std::move(text.text));
  }
  return names;
}

std::optional<LetterCondition> read_letter(TableReader& outer, Condition& condition, std::string_view file, Problems& problems) {
  const Value* table = outer.table("letter");
  if (table == nullptr) return std::nullopt;
  TableReader reader(*table, file, "letter", problems);
  LetterCondition letter;
  letter.from = read_selectors(reader, "from", Of::person);
  letter.to = read_selectors(reader, "to", Of::person);
  letter.where = read_choices(reader, "where", letter_words);
  letter.marked = reader.boolean("marked");
  letter.individual = reader.boolean("individual");
  letter.cues = read_cue_names(reader, "cues", condition);
  reader.finish();
  if (table->table()->empty()) reader.error(table->at, "letter asks nothing", "it has from, to, where, marked, individual or cues");
  return letter;
}

}  // namespace

Condition read_condition(const Value& table, std::string_view file, std::string_view what, Problems& problems) {
  TableReader reader(table, file, what, problems);
  Condition condition;
  condition.at = table.at;
  condition.sender = read_selectors(reader, "sender", Of::person);
  condition.name = read_selectors(reader, "name", Of::person);
  condition.recipients_any = read_selectors(reader, "recipients-any", Of::recipient);
  condition.recipients_all = read_selectors(reader, "recipients-all", Of::recipient);
  condition.recipients_none = read_selectors(reader, "recipients-none", Of::recipient);
  condition.letter = read_letter(reader, condition, file, problems);
  condition.marking = read_choices(reader, "marking", marking_words);
  condition.cues = read_cue_names(reader, "cues", condition);
  condition.cues_all = read_cue_names(reader, "cues-all", condition);
  condition.cues_none = read_cue_names(reader, "cues-none", condition);
  condition.zones = read_choices(reader, "zones", zone_words);
  condition.traits = read_traits(reader);
  reader.finish();
  if (table.table()->empty()) {
    reader.error(table.at, std::string(what) + " asks nothing: it holds for every message",
                 "it has sender, name, recipients-any, letter, cues …");
  }
  if (reader.has("zones") && !reader.has("cues") && !reader.has("cues-all") && !reader.has("cues-none")) {
    reader.error(reader.place("zones"), "zones without cues: zones say where cues are looked for");
  }
  return condition;
}

}  // namespace beadle::rules
