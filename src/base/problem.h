// What is wrong with a file that a person wrote, and where: shown as `roster.toml:12:9: …`, with a hint how to mend it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beadle {

struct Position {
  int line = 0;    // from 1; 0 where the format does not tell
  int column = 0;  // from 1
  bool operator==(const Position&) const = default;
};

struct Problem {
  enum class Severity { error, odd };  // odd: legal, but a person should look at it
  Severity severity = Severity::error;
  std::string file;
  Position at;
  std::string what;
  std::string hint;  // how to mend it; may be empty
  bool operator==(const Problem&) const = default;
};

using Problems = std::vector<Problem>;

/// `file:line:column: what (hint)`; `odd` ones say so.
std::string to_string(const Problem& problem);
/// One line a problem.
std::string to_string(const Problems& problems);
bool has_errors(const Problems& problems);

}  // namespace beadle
