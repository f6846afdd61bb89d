// What HTML says about the letters within it, beside its text: places of quotations, header blocks and signatures.
// Leaves what they mean to zones.cpp.
#pragma once

#include <cstddef>

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

}  // namespace beadle::mail
