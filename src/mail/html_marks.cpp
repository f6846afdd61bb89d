#include "mail/html_marks.h"

#include <string_view>

#include "base/text.h"

namespace beadle::mail {
namespace {

struct KnownName {
  std::string_view name;
  HtmlMarkFound mark;
};

constexpr HtmlMarkFound quote{HtmlMarkKind::quote, false}, block{HtmlMarkKind::block, false},
    signature{HtmlMarkKind::signature, false};

constexpr KnownName classes[] = {
    {"gmail_quote", {HtmlMarkKind::quote, true}},
    {"gmail_attr", block},
    {"gmail_signature", signature},
    {"moz-cite-prefix", block},
    {"moz-email-headers-table", block},
    {"moz-forward-container", quote},
    {"moz-signature", signature},
    {"protonmail_quote", quote},
    {"protonmail_signature_block", signature},
    {"yahoo_quoted", quote},
};

constexpr KnownName ids[] = {
    {"AppleMailSignature", signature},
    {"appendonsend", block},
    {"divRplyFwdMsg", block},
    {"mail-editor-reference-message-container", block},
    {"ms-outlook-mobile-body-separator-line", block},
    {"ms-outlook-mobile-signature", signature},
    {"Signature", signature},
};

// Outlook on the web puts "x_" before the names within a letter that is answered, again each time.
std::string_view without_prefix(std::string_view name) {
  while (ascii_istarts_with(name, "x_")) name.remove_prefix(2);
  return name;
}

template <std::size_t N>
std::optional<HtmlMarkFound> find_name(const KnownName (&names)[N], std::string_view name) {
  name = without_prefix(name);
  for (const KnownName& known : names) {
    if (ascii_iequals(known.name, name)) return known.mark;
  }
  return std::nullopt;
}

bool is_quoting_class(std::string_view name) {
  name = without_prefix(name);
  return ascii_iequals(name, "gmail_quote") || ascii_istarts_with(name, "moz-") || ascii_istarts_with(name, "apple");
}

std::optional<HtmlMarkFound> find_class(std::string_view words, bool blockquote) {
  for (std::size_t at = 0; at < words.size();) {
    std::size_t end = at;
    while (end < words.size() && !is_html_space(words[end])) ++end;
    const std::string_view name = words.substr(at, end - at);
    if (blockquote && is_quoting_class(name)) return quote;
    if (const auto found = find_name(classes, name)) return found;
    at = end + 1;
  }
  return std::nullopt;
}

}  // namespace

std::optional<HtmlMarkFound> find_html_mark(const HtmlToken& tag) {
  const bool blockquote = tag.element->id == HtmlId::blockquote;
  if (blockquote && ascii_iequals(tag[HtmlAttribute::type], "cite")) return quote;
  if (tag.has(HtmlAttribute::class_)) {
    if (const auto found = find_class(tag[HtmlAttribute::class_], blockquote)) return found;
  }
  if (!tag.has(HtmlAttribute::id)) return std::nullopt;
  return find_name(ids, tag[HtmlAttribute::id]);
}

}  // namespace beadle::mail
