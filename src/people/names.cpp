#include "people/names.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace beadle::people {
namespace {

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 12> councillor_titles = {"cllr", "cllrs", "councillor", "councillors", "clr", "cllor", "cyng",
                                                                "cynghorydd", "alderman", "aldermen", "ald", "mayor"};
constexpr std::array<std::string_view, 16> other_titles = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor",
                                                           "sir", "dame", "lord", "lady", "rev", "revd", "reverend", "baroness"};
constexpr std::array<std::string_view, 3> plural_titles = {"cllrs", "councillors", "aldermen"};
constexpr std::array<std::string_view, 14> post_nominals = {"mbe", "obe", "cbe", "jp", "mp", "phd", "dl", "bem",
                                                            "kc", "qc", "cilca", "fslcc", "pslcc", "esq"};

bool is_title(std::string_view word) {
  return contains(councillor_titles, word) || contains(other_titles, word) || contains(plural_titles, word);
}

std::string phrase_of(const std::vector<Word>& words, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) {
    if (i > from) out += ' ';
    out += words[i].text;
  }
  return out;
}

/// Without titles in front and letters behind.
std::string bare_name(const std::vector<Word>& words) {
  std::size_t from = 0, to = words.size();
  while (from < to && is_title(words[from].text)) ++from;
  while (to > from && (contains(post_nominals, words[to - 1].text) || is_title(words[to - 1].text))) --to;
  return phrase_of(words, from, to);
}

/// Text outside brackets: "Jane Holt (Cllr)" → "Jane Holt ".
std::string without_brackets(std::string_view text) {
  std::string out;
  std::size_t depth = 0;
  for (const char c : text) {
    if (c == '(' || c == '[') ++depth;
    if (depth == 0) out += c;
    if ((c == ')' || c == ']') && depth > 0) --depth;
  }
  return out;
}

void add_once(std::vector<std::size_t>& persons, std::size_t person) {
  if (std::find(persons.begin(), persons.end(), person) == persons.end()) persons.push_back(person);
}

std::vector<Word> hyphens_as_blanks(const std::vector<Word>& words) {
  std::vector<Word> out;
  for (const Word& word : words) {
    for (const std::string_view part : split(word.text, '-')) {
      if (!part.empty()) out.push_back({std::string(part), Word::Gap::blank});
    }
  }
  return out;
}

}  // namespace

void NameIndex::add(std::string_view name, bool is_councillor) {
  const std::size_t person = entries_.size();
  auto words = fold_words(name);
  while (words.size() > 1 && is_title(words.front().text)) words.erase(words.begin());
  entries_.push_back({words.empty() ? "" : words.front().text, is_councillor});
  if (words.empty()) return;
  add_phrases(words, person);
  // A hyphen left out: "Holland Brown". Its halves are no surnames, so only the whole is added.
  const auto parts = hyphens_as_blanks(words);
  if (parts.size() == words.size()) return;
  add_once(full_[phrase_of(parts, 0, parts.size())], person);
  first_words_.insert(parts.front().text);
  if (words.size() > 1) {
    const std::size_t given = hyphens_as_blanks({words.front()}).size();
    if (given < parts.size()) {
      add_once(surnames_[phrase_of(parts, given, parts.size())], person);
      first_words_.insert(parts[given].text);
    }
  }
  words_max_ = std::max(words_max_, parts.size());
}

void NameIndex::add_phrases(const std::vector<Word>& words, std::size_t person) {
  add_once(full_[phrase_of(words, 0, words.size())], person);
  first_words_.insert(words.front().text);
  words_max_ = std::max(words_max_, words.size());
  // Of "Maria van der Berg" both "van der Berg" and "Berg" may follow a title; of a single name that name.
  for (std::size_t from = words.size() > 1 ? 1 : 0; from < words.size(); ++from) {
    add_once(surnames_[phrase_of(words, from, words.size())], person);
    first_words_.insert(words[from].text);
  }
}

/// One pass over a text.
class NameIndex::Search {
 public:
  Search(const NameIndex& index, std::vector<Word> words) : index_(index), words_(std::move(words)) {}

  std::vector<std::size_t> run() {
    for (std::size_t at = 0; at < words_.size();) {
      const std::size_t next = is_title(words_[at].text) ? titled(at) : full_name(at);
      at = std::max(next, at + 1);
    }
    return std::move(found_);
  }

 private:
  struct Match {
    const std::vector<std::size_t>* persons = nullptr;
    std::size_t end = 0;
  };

  /// The longest phrase of `phrases` that begins at `at`.
  Match longest(const Phrases& phrases, std::size_t at) const {
    Match match;
    if (at >= words_.size() || !index_.first_words_.contains(words_[at].text)) return match;
    std::string phrase;
    for (std::size_t end = at; end < words_.size() && end - at < index_.words_max_; ++end) {
      if (end > at) {
        if (words_[end].before != Word::Gap::blank) break;
        phrase += ' ';
      }
      phrase += words_[end].text;
      const auto entry = phrases.find(phrase);
      if (entry != phrases.end()) match = {&entry->second, end + 1};
    }
    return match;
  }

  void note(std::size_t person) {
    if (seen_.insert(person).second) found_.push_back(person);
  }

  /// A full name of two words or more at `at`; the word behind it, or `at`.
  std::size_t full_name(std::size_t at) {
    const Match match = longest(index_.full_, at);
    if (match.persons == nullptr || match.end == at + 1) return at;  // a single word needs its title
    for (const std::size_t person : *match.persons) note(person);
    return match.end;
  }

  /// Titles from `at`, and the name (of several in the plural: the names) behind them.
  std::size_t titled(std::size_t at) {
    bool councillor = false, plural = false;
    for (; at < words_.size() && is_title(words_[at].text); ++at) {
      councillor = councillor || contains(councillor_titles, words_[at].text);
      plural = plural || contains(plural_titles, words_[at].text);
    }
    for (bool first = true; at < words_.size(); first = false) {
      if (!first && words_[at].text == "and") ++at;
      if (at >= words_.size() || !may_follow(words_[at].before, first)) return at;
      const std::size_t next = after_title(at, councillor);
      if (next == at || !plural) return next;
      at = next;
    }
    return at;
  }

  static bool may_follow(Word::Gap gap, bool first) {
    if (gap == Word::Gap::blank) return true;
    return first ? gap == Word::Gap::dot : gap == Word::Gap::comma || gap == Word::Gap::other;  // "Cllr. Holt", "Cllrs Holt & Day"
  }

  std::size_t after_title(std::size_t at, bool councillor) {
    if (const std::size_t next = full_name(at); next != at) return next;
    std::string initial;
    while (at + 1 < words_.size() && words_[at].text.size() == 1 &&
           (words_[at + 1].before == Word::Gap::blank || words_[at + 1].before == Word::Gap::dot)) {
      if (initial.empty()) initial = words_[at].text;
      ++at;
    }
    const Match match = longest(index_.surnames_, at);
    if (match.persons == nullptr) return at;
    std::vector<std::size_t> fitting;
    for (const std::size_t person : *match.persons) {
      const Entry& entry = index_.entries_[person];
      if (councillor && !entry.is_councillor) continue;
      if (initial.empty() || entry.first.starts_with(initial)) fitting.push_back(person);
    }
    if (fitting.size() == 1) note(fitting.front());
    return match.end;
  }

  const NameIndex& index_;
  std::vector<Word> words_;
  std::unordered_set<std::size_t> seen_;
  std::vector<std::size_t> found_;
};

std::vector<std::size_t> NameIndex::find_in(std::string_view text) const { return Search(*this, fold_words(text)).run(); }

std::optional<std::size_t> NameIndex::only_person(std::string_view phrase) const {
  const auto entry = full_.find(std::string(phrase));
  if (entry == full_.end() || entry->second.size() != 1) return std::nullopt;
  return entry->second.front();
}

std::optional<std::size_t> NameIndex::find_exact(std::string_view name) const {
  const std::string outside = without_brackets(name);
  const std::size_t comma = outside.find(',');
  if (comma == std::string::npos) return only_person(bare_name(fold_words(outside)));
  const std::string left = bare_name(fold_words(outside.substr(0, comma)));
  const std::string right = bare_name(fold_words(outside.substr(comma + 1)));
  if (const auto person = only_person(right.empty() ? left : right + " " + left)) return person;  // "Holt, Jane"
  return only_person(left);  // "Jane Holt, Town Clerk"
}

}  // namespace beadle::people
