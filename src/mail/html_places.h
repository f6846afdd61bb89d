// Places in the source of an HTML text where a line can be inserted without changing anything else. Reads tags only; what is
// not closed (a comment, a tag, a script) leaves no certain place.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace beadle::mail {

/// The begin of a block element where nothing but html, body and shown div elements is open: a paragraph can go before it.
struct HtmlPlace {
  std::size_t at = 0;     // offset of its start tag
  std::size_t depth = 0;  // elements that are open
  bool operator==(const HtmlPlace&) const = default;
};

struct HtmlPlaces {
  bool certain = false;           // false: the source could not be read to its end
  std::size_t end = 0;            // before the last </body>, or </html>, or at the end
  std::vector<HtmlPlace> blocks;  // in the order of the source; at most limits::html_places_max
};

HtmlPlaces html_places(std::string_view html);

}  // namespace beadle::mail
