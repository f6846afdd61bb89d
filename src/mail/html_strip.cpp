#include "mail/html_strip.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "mail/html_tokenizer.h"

namespace beadle::mail {

void write_html_text(HtmlLines& lines, std::string_view text, bool preformatted) {
  while (true) {
    const std::size_t ampersand = std::min(text.find('&'), text.size());
    lines.text(text.substr(0, ampersand), preformatted);
    if (ampersand == text.size()) return;
    const HtmlReference reference = read_html_reference(text.substr(ampersand), false);
    std::string character;
    if (reference.length == 0)
      character = '&';
    else
      append_utf8(character, reference.first);
    if (reference.second != 0) append_utf8(character, reference.second);
    lines.text(character, preformatted);
    text.remove_prefix(ampersand + std::max<std::size_t>(reference.length, 1));
  }
}

void write_stripped_html(HtmlLines& lines, std::string_view html) {
  HtmlTokenizer tokens(html);
  lines.block();
  for (const HtmlToken* token = &tokens.next(); token->kind != HtmlToken::Kind::end; token = &tokens.next()) {
    if (token->kind == HtmlToken::Kind::comment) {
      lines.text(html_comment_text(token->text), false);
    } else if (token->kind == HtmlToken::Kind::text) {
      write_html_text(lines, token->text, false);
    } else if (!token->closed) {
      lines.text(token->text, false);
    } else if (token->kind != HtmlToken::Kind::doctype &&
               (token->element->has(html_traits::block) || token->element->id == HtmlId::br)) {
      lines.block();
    } else if (token->kind != HtmlToken::Kind::doctype &&
               (token->element->id == HtmlId::td || token->element->id == HtmlId::th)) {
      lines.text(" ", false);
    }
  }
  lines.block();
}

std::string_view html_comment_text(std::string_view content) {
  const std::string_view text = trimmed(content);
  if (text.starts_with("?xml") || text.starts_with("[endif]") || text.starts_with("<![endif]")) return {};
  if (!text.starts_with("[if")) return content;
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos) return content;
  std::string_view inner = text.substr(end + 1);
  if (inner.starts_with('>')) inner.remove_prefix(1);
  if (inner == "<!") return {};
  return inner.substr(0, std::min(inner.rfind("<![endif]"), inner.size()));
}

}  // namespace beadle::mail
