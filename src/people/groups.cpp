#include "people/groups.h"

#include <algorithm>

#include "base/text.h"
#include "people/fold.h"

namespace beadle::people {
namespace {

// What follows a group's name where politics is meant.
constexpr std::string_view political[] = {"group",   "groups", "party",   "councillor", "councillors", "cllr",    "cllrs",     "members", "member",
                                          "leader",  "side",   "benches", "caucus",     "colleagues",  "whip",    "people",    "lot",     "opposition",
                                          "alliance", "ranks",  "room",    "pre-meeting", "premeeting", "meeting", "association", "branch", "crowd"};

struct Nicknames {
  std::string_view of;  // first word of the group's name, folded
  std::vector<std::string_view> alone, before;
};

// National parties have other names besides.
const Nicknames nicknames[] = {
    {"conservative", {"conservatives", "tory", "tories"}, {"conservative", "tory"}},
    {"conservatives", {"conservatives", "tory", "tories"}, {"conservative", "tory"}},
    {"labour",
     {"labour are", "labour have", "labour will", "labour want", "labour were", "labour would", "labour plan", "labour think", "labour said", "labour voted",
      "for labour", "vote labour"},
     {"labour"}},
    {"liberal", {"lib dem", "lib dems", "libdem", "libdems", "liberal democrat", "liberal democrats", "liberals"}, {"liberal", "ld"}},
    {"green", {"greens"}, {"green"}},
    {"greens", {"greens"}, {"green"}},
    {"independent", {"independents"}, {"independent"}},
    {"independents", {"independents"}, {"independent"}},
    {"reform", {"reform uk"}, {"reform"}},
};

bool names_it_before(const std::vector<Word>& words, std::size_t after) {
  return after < words.size() && std::find(std::begin(political), std::end(political), words[after].text) != std::end(political);
}

std::size_t word_count(std::string_view phrase) { return static_cast<std::size_t>(std::count(phrase.begin(), phrase.end(), ' ')) + 1; }

bool stands_at(const std::vector<Word>& words, std::size_t at, std::string_view phrase) {
  for (const std::string_view word : split(phrase, ' ')) {
    if (at >= words.size() || words[at].text != word) return false;
    ++at;
  }
  return true;
}

}  // namespace

void GroupIndex::add(std::string_view group) {
  std::string name = fold_phrase(group);
  for (const std::string_view tail : {" group", " party"}) {
    if (name.ends_with(tail)) name.resize(name.size() - tail.size());
  }
  if (name.empty()) return;
  for (const Entry& entry : entries_) {
    if (entry.group == group) return;
  }
  Entry entry{std::string(group), {}, {name}};
  // "Ashdown Residents' Alliance" is no everyday word; "Residents" is.
  if (word_count(name) > 1) entry.alone.push_back(name);
  const std::string first = name.substr(0, name.find(' '));
  for (const Nicknames& known : nicknames) {
    if (known.of != first || (word_count(name) > 1 && first != "liberal" && first != "reform")) continue;
    entry.alone.insert(entry.alone.end(), known.alone.begin(), known.alone.end());
    entry.before.insert(entry.before.end(), known.before.begin(), known.before.end());
  }
  for (const auto* phrases : {&entry.alone, &entry.before}) {
    for (const std::string& phrase : *phrases) {
      std::string word = phrase.substr(0, phrase.find(' '));
      if (std::find(first_words_.begin(), first_words_.end(), word) == first_words_.end()) first_words_.push_back(std::move(word));
    }
  }
  entries_.push_back(std::move(entry));
}

bool GroupIndex::may_name_some(std::string_view text) const {
  // Folding drops accents and apostrophes; where there are any, only the whole search tells.
  const auto plain = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::all_of(text.begin(), text.end(), plain)) return true;
  const std::string lower = ascii_lower(text);
  return std::any_of(first_words_.begin(), first_words_.end(), [&](const std::string& word) { return lower.find(word) != std::string::npos; });
}

std::vector<std::string> GroupIndex::find_in(std::string_view text) const {
  std::vector<std::string> found;
  if (entries_.empty() || !may_name_some(text)) return found;
  const std::vector<Word> words = fold_words(text);
  for (const Entry& entry : entries_) {
    bool named = false;
    for (std::size_t at = 0; at < words.size() && !named; ++at) {
      named = std::any_of(entry.alone.begin(), entry.alone.end(), [&](const std::string& phrase) { return stands_at(words, at, phrase); }) ||
              std::any_of(entry.before.begin(), entry.before.end(),
                          [&](const std::string& phrase) { return stands_at(words, at, phrase) && names_it_before(words, at + word_count(phrase)); });
    }
    if (named) found.push_back(entry.group);
  }
  return found;
}

}  // namespace beadle::people
