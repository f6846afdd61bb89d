// A mail's HTML made harmless, for a frame that is sandboxed besides: what is written has only elements, attributes and style values of short lists,
// so that nothing runs, loads, links or covers the page. What a reader would not see (display:none, white on white, off the page) is shown and marked,
// because a reviewer has to. Links become words with their destination, pictures what they are called. Tokens come from mail/html_tokenizer.h, as for
// inspection; what was written is read again by libgumbo, and where it is not what it should be (it never was), plain text is shown instead.
#pragma once

#include <string>
#include <string_view>

namespace beadle::web {

/// A whole document. Longer than limits::shown_html_bytes_max is cut, and the document says so; deeper than limits::shown_html_depth_max keeps its text
/// without layout. Linear in its length.
std::string safe_mail_html(std::string_view html_utf8);

}  // namespace beadle::web
