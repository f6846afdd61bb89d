// What mail programs write into HTML about quotations, header blocks and signatures: names of classes and ids. Leaves what they
// mean to zones.cpp.
#pragma once

#include <optional>

#include "mail/html.h"
#include "mail/html_tokenizer.h"

namespace beadle::mail {

struct HtmlMarkFound {
  HtmlMarkKind kind = HtmlMarkKind::quote;
  /// Gmail's container of an answer holds the quotation and what is written below it; only of a forwarded letter it is a quote
  /// itself.
  bool unless_it_holds_a_quote = false;
};

std::optional<HtmlMarkFound> find_html_mark(const HtmlToken& tag);

}  // namespace beadle::mail
