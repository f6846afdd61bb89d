// Political groups by name in running text: "the Labour group", "Lib Dems", "Cllr Day's Independents". Knows groups only by the roster's names.
// A group whose name is an everyday word (Green, Independent, Residents) counts only where the words around it speak of politics.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beadle::people {

class GroupIndex {
 public:
  void add(std::string_view group);

  /// Groups that `text` names, in the order in which they were added, each once. Linear in the text.
  std::vector<std::string> find_in(std::string_view text) const;

 private:
  bool may_name_some(std::string_view text) const;

  struct Entry {
    std::string group;               // as in the roster
    std::vector<std::string> alone;  // folded phrases that name it by themselves: "lib dems"
    std::vector<std::string> before; // folded phrases that name it before group, party, councillors …
  };
  std::vector<Entry> entries_;
  std::vector<std::string> first_words_;  // of all phrases: a text without any of them names no group
};

}  // namespace beadle::people
