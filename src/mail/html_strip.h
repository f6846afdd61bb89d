// Text out of pieces of HTML, without regard to what their tags mean.
#pragma once

#include <string_view>

#include "mail/html_lines.h"

namespace beadle::mail {

/// Text between tags: character references are replaced.
void write_html_text(HtmlLines& lines, std::string_view text, bool preformatted);

/// The text of HTML that is not shown as a whole: a comment that holds what Outlook alone shows, a frame.
void write_stripped_html(HtmlLines& lines, std::string_view html);

/// What a comment says: without the conditions that Outlook reads in it, and nothing of "<?xml …>".
std::string_view html_comment_text(std::string_view content);

}  // namespace beadle::mail
