// What a style attribute says about whether and how text is shown. Leaves style sheets alone: what they hide is read as shown.
#pragma once

#include <string_view>

namespace beadle::mail {

/// Where nothing is said, an element does as the one around it.
enum class HtmlSays { nothing, yes, no };

struct HtmlStyle {
  bool gone = false;                       // display:none and the like: neither it nor anything within is shown
  HtmlSays invisible = HtmlSays::nothing;  // visibility; elements within may be visible again
  HtmlSays no_size = HtmlSays::nothing;    // font-size:0; as above
  HtmlSays preformatted = HtmlSays::nothing;
  HtmlSays block = HtmlSays::nothing;
  bool small = false;  // small or pale print
};

HtmlStyle read_html_style(std::string_view declarations);

/// Grey, or lighter.
bool is_pale_html_color(std::string_view color);

}  // namespace beadle::mail
