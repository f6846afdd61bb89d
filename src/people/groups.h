// Political groups by name in running text: "the Labour group", "Lib Dems", "Cllr Day's Independents". Knows groups only by the roster's names.
// A group whose name is an everyday word (Green, Independent, Residents) counts only where the words around it speak of politics.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace beadle::people {

class GroupIndex {
 public:
  void add(std::string_view group);

  /// Groups that `text` names, in the order in which they were added, each once. Linear in the text.
  std::vector<std::string> find_in(std::string_view text) const;

 private:
  /// A way to name a group: its words, and whether politics must be spoken of right behind them.
  struct Phrase {
    std::size_t group = 0;  // in groups_
    std::vector<std::string> words;
    bool before_politics = false;
  };

  void add_phrase(std::string_view words, bool before_politics);
  bool may_name_some(std::string_view text) const;

  std::vector<std::string> groups_;  // as in the roster
  std::unordered_map<std::string, std::vector<Phrase>> by_first_word_;
};

}  // namespace beadle::people
