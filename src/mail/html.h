// HTML as its reader sees it: a tokenizer of our own (WHATWG HTML §13.2.5), linear on hostile input, that keeps block structure
// as lines and never splits a word at a tag. Beside the text it tells what HTML says about the letters within: places of
// quotations, header blocks and signatures. Leaves what they mean to zones.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"

namespace beadle::mail {

enum class HtmlMarkKind {
  quote,      // holds another's words: blockquote type=cite, gmail_quote, yahoo_quoted
  block,      // holds the header block or attribution above them only: divRplyFwdMsg, moz-cite-prefix, gmail_attr
  signature,  // gmail_signature, moz-signature, Outlook's "Signature"
  small,      // small or pale print
};

struct HtmlMark {
  HtmlMarkKind kind = HtmlMarkKind::quote;
  Range range;             // of Text::utf8
  std::size_t source = 0;  // offset of the element in the HTML
};

struct HtmlText {
  std::string utf8;    // what is shown: LF between blocks, "- " before list items, blanks collapsed as browsers do
  std::string hidden;  // what is not: comments, display:none and the like, alt and title, title of the document; a line each
  std::vector<HtmlMark> marks;  // sorted by the begin of their ranges, outer before inner
  bool regular = true;          // false: deeper than limits::html_depth_max, or an unclosed comment or tag that swallows text
};

/// `html` is UTF-8. What stands in a comment or tag that is never closed is read as text too.
HtmlText html_to_text(std::string_view html);

/// The charset that a document names for itself in its first 1024 bytes (`<meta charset>`, http-equiv), "" where it names none.
std::string html_charset(std::string_view bytes);

}  // namespace beadle::mail
