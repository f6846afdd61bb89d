// From a pattern as people write it in a lexicon to the expression that is matched: {names} replaced, whole words.
// Leaves the reading of expressions to pattern_set.h.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "rules/lexicon.h"

namespace beadle::rules {

/// What is wrong with a pattern before RE2 sees it; "" where nothing is. `hint` says how to mend it.
std::string pattern_mistake(std::string_view pattern, std::string& hint);

/// `\b` at both ends, as rules/README.md says.
std::string whole_words(std::string_view pattern);

/// A {name} in a pattern: where it stands, and the name.
struct NameUse {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view name;
};
/// All of them, in order. Repetitions {2,5}, classes \p{…} and what stands in [ ] are none.
std::vector<NameUse> name_uses(std::string_view pattern);

/// Words of all lexicons: {name} stands for the one of the same file, else for that of any other.
class WordGroups {
 public:
  /// Notes names that two files give different meanings. `lexicons` must outlive it.
  WordGroups(const std::vector<Lexicon>& lexicons, Problems& problems);

  /// `pattern` with every {name} replaced; "" where that cannot be done, with the reason in `problems`.
  std::string expand(const Pattern& pattern, const Lexicon& lexicon, Problems& problems) const;

 private:
  struct Group {
    const Pattern* pattern = nullptr;
    const Lexicon* lexicon = nullptr;
  };
  Group find(std::string_view name, const Lexicon& lexicon) const;
  std::string unknown_hint(std::string_view name, const Lexicon& lexicon) const;
  bool append(std::string& out, const Pattern& pattern, const Lexicon& lexicon, int depth, std::string& mistake,
              std::string& hint) const;

  std::map<std::string, Group, std::less<>> shared_;
};

}  // namespace beadle::rules
