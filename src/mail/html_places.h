// Places in the source of an HTML text where a line can be inserted without changing anything else. Reads tags only; what is
// not closed (a comment, a tag, a script) leaves no certain place.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace beadle::mail {

struct HtmlPlaces {
  bool certain = false;              // false: the source could not be read to its end
  std::size_t end = 0;               // before the last </body>, or </html>, or at the end
  std::optional<std::size_t> quote;  // before the first quoted letter, where only div elements are open there
};

HtmlPlaces html_places(std::string_view html);

}  // namespace beadle::mail
