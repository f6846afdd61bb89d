// Lines of a text put together to blocks: paragraphs whose lines were wrapped, list items, headings, greetings. No sentence
// crosses one.
#pragma once

#include <string_view>
#include <vector>

#include "rules/sentences.h"

namespace beadle::rules {

/// Byte ranges, in order, without the blanks and list marks around them; line ends and quote marks (>) within them are blanks.
std::vector<Span> find_blocks(std::string_view text);

}  // namespace beadle::rules
