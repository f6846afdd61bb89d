// A catalogue: each paragraph of one protocol that speaks of correspondence, or of conduct that mail can show, and how much of it is checked.
// Read from rules/catalogue/<protocol>.toml. It is what a council publishes about its filter, so it says also what no machine can check, and why.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"

namespace beadle::rules {

enum class Checked { yes, partly, no };
std::string_view to_string(Checked checked);  // "checked", "partly", "not by machine"

/// One paragraph. All texts are our own words, for readers who know neither the protocol nor the program.
struct Paragraph {
  std::string clause;  // "exmouth/correspondence-1"; a rule of the same clause checks it
  std::string place;   // where it stands in the protocol, as a reader finds it: "Correspondence, paragraph 1"
  std::string asks;
  Checked checked = Checked::no;
  std::string finds;   // what is looked for; "" where checked is no
  std::string limits;  // what is not seen, and why; "" where checked is yes and nothing needs to be said
  std::string caught;  // an example that is found …
  std::string missed;  // … and one that is not, rightly or for want of sight
  std::string family;  // only of what no rule stands for; else the rule's counts
  bool reminder = false;  // looked after by a reminder when time has passed, not by a rule over one message
  Position at;
};

struct Catalogue {
  std::string file;
  std::string protocol;
  std::vector<Paragraph> paragraphs;  // in the order of the protocol
};

/// The paragraph of the clause, or the one whose part it is ("correspondence-3" of "correspondence-3-obligation"); nullptr: none.
const Paragraph* paragraph_of(std::string_view clause, const std::vector<Catalogue>& catalogues);

/// nullopt where something is wrong; every mistake is in `problems` with its place.
std::optional<Catalogue> parse_catalogue(std::string_view text, std::string_view file, Problems& problems);

}  // namespace beadle::rules
