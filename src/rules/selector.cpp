// Selectors: "councillor blind not-chair".
#include "rules/pack.h"
#include "rules/reading.h"
#include "rules/vocabulary.h"

namespace beadle::rules {
namespace {

std::vector<std::string> known_words() {
  std::vector<std::string> all = as_strings(person_words);
  all.insert(all.end(), std::begin(recipient_words), std::end(recipient_words));
  return all;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::string_view word : split(text, ' ')) {
    word = trimmed(word);
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

}  // namespace

Term term_of(std::string_view word) {
  const bool negated = word.starts_with("not-");
  return {std::string(negated ? word.substr(4) : word), negated};
}

std::optional<Selector> parse_selector(std::string_view text, std::string& message) {
  Selector selector;
  for (const std::string_view word : words_of(text)) {
    Term term = term_of(word);
    if (!contains(person_words, term.word) && !contains(recipient_words, term.word)) {
      message = "unknown word " + shown(term.word) + " (" + known_hint(term.word, known_words()) + ")";
      return std::nullopt;
    }
    for (const Term& other : selector) {
      if (other.word != term.word) continue;
      message = other.negated == term.negated ? shown(term.word) + " stands twice"
                                              : "nobody is both " + term.word + " and not-" + term.word;
      return std::nullopt;
    }
    selector.push_back(std::move(term));
  }
  if (selector.empty()) {
    message = "a selector is empty (\"anyone\" fits everybody)";
    return std::nullopt;
  }
  return selector;
}

}  // namespace beadle::rules
