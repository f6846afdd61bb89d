// Standing text that nobody wrote for this letter: legal disclaimers and "external sender" banners. Told by the combination of
// what its sentences say (intended recipient, received in error, viruses, monitoring …), never by one fixed wording. A sentence
// of the sender's own about confidentiality is not standing text; in doubt it is left to be own words.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "mail/lines.h"

namespace beadle::mail {

/// What a paragraph of standing text shows. The score counts distinct features; a core feature is one that people hardly write
/// themselves.
struct StandingText {
  int cores = 0;
  int score = 0;
  bool personal = false;    // speaks in the first person or gives a reason
  bool print_hint = false;  // "please consider the environment before printing"
  std::size_t begin = 0;    // offset in the text of the first sentence that shows features
};

/// Lines [first, last) as one paragraph of `utf8`.
StandingText standing_text(std::string_view utf8, const std::vector<Line>& lines, std::size_t first, std::size_t last);

enum class Standing { no, near, alone, anywhere };
/// near: standing text where it stands beside some; alone: where it closes a letter; anywhere: even in the midst of one.
Standing grade(const StandingText& text);

/// A line that heads or frames standing text: "DISCLAIMER", "Confidentiality notice", a row of stars.
bool is_disclaimer_heading(std::string_view line);

/// "CAUTION: This email originated from outside the organisation" and the like; `lower_text` is lines joined by blanks, in lower case.
bool is_banner(std::string_view lower_text);
/// Every banner has a word that this finds in one of its lines. Few other texts do.
bool hints_at_banner(std::string_view lower_text);

}  // namespace beadle::mail
