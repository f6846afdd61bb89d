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

bool speaks_of_politics(const std::vector<Word>& words, std::size_t at) {
  return at < words.size() && std::find(std::begin(political), std::end(political), words[at].text) != std::end(political);
}

bool stand_at(const std::vector<Word>& words, std::size_t at, const std::vector<std::string>& phrase) {
  if (at + phrase.size() > words.size()) return false;
  return std::equal(phrase.begin(), phrase.end(), words.begin() + static_cast<std::ptrdiff_t>(at),
                    [](const std::string& expected, const Word& word) { return expected == word.text; });
}

}  // namespace

void GroupIndex::add_phrase(std::string_view words, bool before_politics) {
  Phrase phrase{groups_.size() - 1, {}, before_politics};
  for (const std::string_view word : split(words, ' ')) phrase.words.emplace_back(word);
  by_first_word_[phrase.words.front()].push_back(std::move(phrase));
}

void GroupIndex::add(std::string_view group) {
  std::string name = fold_phrase(group);
  for (const std::string_view tail : {" group", " party"}) {
    if (name.ends_with(tail)) name.resize(name.size() - tail.size());
  }
  if (name.empty() || std::find(groups_.begin(), groups_.end(), group) != groups_.end()) return;
  groups_.emplace_back(group);
  const bool of_words = name.find(' ') != std::string::npos;
  add_phrase(name, true);
  // "Ashdown Residents' Alliance" is no everyday word; "Residents" is.
  if (of_words) add_phrase(name, false);
  const std::string first = name.substr(0, name.find(' '));
  for (const Nicknames& known : nicknames) {
    if (known.of != first || (of_words && first != "liberal" && first != "reform")) continue;
    for (const std::string_view words : known.alone) add_phrase(words, false);
    for (const std::string_view words : known.before) add_phrase(words, true);
  }
}

bool GroupIndex::may_name_some(std::string_view text) const {
  // Folding drops accents and apostrophes; where there are any, only the whole search tells.
  const auto plain = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::all_of(text.begin(), text.end(), plain)) return true;
  const std::string lower = ascii_lower(text);
  return std::any_of(by_first_word_.begin(), by_first_word_.end(), [&](const auto& entry) { return lower.find(entry.first) != std::string::npos; });
}

std::vector<std::string> GroupIndex::find_in(std::string_view text) const {
  std::vector<std::string> found;
  if (groups_.empty() || !may_name_some(text)) return found;
  const std::vector<Word> words = fold_words(text);
  std::vector<bool> named(groups_.size());
  for (std::size_t at = 0; at < words.size(); ++at) {
    const auto phrases = by_first_word_.find(words[at].text);
    if (phrases == by_first_word_.end()) continue;
    for (const Phrase& phrase : phrases->second) {
      const bool stands = stand_at(words, at, phrase.words) && (!phrase.before_politics || speaks_of_politics(words, at + phrase.words.size()));
      if (stands) named[phrase.group] = true;
    }
  }
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (named[i]) found.push_back(groups_[i]);
  }
  return found;
}

}  // namespace beadle::people
