#include <algorithm>

#include "base/text.h"
#include "mail/html.h"
#include "mail/html_tokenizer.h"

namespace beadle::mail {
namespace {

constexpr std::size_t prescan_bytes = 1024;  // WHATWG HTML §13.2.3.2

// "text/html; charset=x" (§2.4.3 of WHATWG MIME Sniffing is stricter; mail programs are not).
std::string_view charset_in(std::string_view content) {
  constexpr std::string_view key = "charset";
  for (std::size_t at = 0; at + key.size() < content.size(); ++at) {
    if (!ascii_istarts_with(content.substr(at), key)) continue;
    std::string_view value = trimmed(content.substr(at + key.size()));
    if (!value.starts_with('=')) continue;
    value = trimmed(value.substr(1));
    const bool quoted = value.starts_with('"') || value.starts_with('\'');
    const std::size_t from = quoted ? 1 : 0;
    return value.substr(from, std::min(value.find_first_of(quoted ? value.substr(0, 1) : "; \t\r\n", from), value.size()) - from);
  }
  return {};
}

}  // namespace

std::string html_charset(std::string_view bytes) {
  HtmlTokenizer tokens(bytes.substr(0, prescan_bytes));
  for (const HtmlToken* token = &tokens.next(); token->kind != HtmlToken::Kind::end; token = &tokens.next()) {
    if (token->kind != HtmlToken::Kind::open || !token->closed || token->element->id != HtmlId::meta) continue;
    std::string_view charset = trimmed((*token)[HtmlAttribute::charset]);
    if (charset.empty()) charset = charset_in((*token)[HtmlAttribute::content]);
    if (charset.empty()) continue;
    // Read as ASCII so far, it cannot be UTF-16 (§13.2.3.3).
    return ascii_istarts_with(charset, "utf-16") ? "utf-8" : std::string(charset);
  }
  return {};
}

}  // namespace beadle::mail
