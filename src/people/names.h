// Finds persons by name: in running text and in display names. Knows persons only by their number and name.
// Where a name fits two persons, a surname names neither; what cannot be told apart is not guessed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "people/fold.h"

namespace beadle::people {

class NameIndex {
 public:
  /// Persons are numbered in the order in which they are added.
  void add(std::string_view name, bool is_councillor);

  /// Persons whose name stands in `text`, in order of appearance, each once: full name of two words or more, or title
  /// (several; initials may follow) and surname: "Cllr Holt", "Councillor J. Holt", "Mrs Venning", "Cllrs Holt, Day and Venning".
  /// Words × words of the longest name.
  std::vector<std::size_t> find_in(std::string_view text) const;
  /// The one person that a display name names: "Cllr Jane Holt", "Holt, Jane", "Jane Holt (Cllr)", "Jane Holt OBE".
  std::optional<std::size_t> find_exact(std::string_view name) const;

 private:
  struct Entry {
    std::string first;  // first word of the name
    bool is_councillor = false;
  };
  using Phrases = std::unordered_map<std::string, std::vector<std::size_t>>;
  class Search;

  void add_phrases(const std::vector<Word>& words, std::size_t person);
  std::optional<std::size_t> only_person(std::string_view phrase) const;

  std::vector<Entry> entries_;
  Phrases full_;                                 // "jane holt"
  Phrases surnames_;                             // what may follow a title: "holt", "van der berg" and "berg"
  std::unordered_set<std::string> first_words_;  // of all phrases: most words of a text begin none
  std::size_t words_max_ = 0;
};

}  // namespace beadle::people
