#include "web/html.h"

#include <cstdint>

#include "base/check.h"
#include "base/text.h"

namespace beadle::web {
namespace {

constexpr char hex_digits[] = "0123456789ABCDEF";

bool is_unreserved(char c) {  // RFC 3986 §2.3
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

void append_encoded(std::string& out, std::string_view text, bool slashes_stay) {
  for (const char c : text) {
    if (is_unreserved(c) || (c == '/' && slashes_stay)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += hex_digits[byte >> 4];
    out += hex_digits[byte & 15];
  }
}

// Marks, embeddings, overrides and isolates of direction (UAX #9), separators that end lines, tags that spell words unseen (U+E0000 and on).
bool misleads(char32_t c) {
  if (c < 0x20) return c != '\n' && c != '\t';
  return (c >= 0x7F && c < 0xA0) || c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x206F) ||
         (c >= 0xE0000 && c <= 0xE007F);
}

void append_named(std::string& out, char32_t c) {
  out += "[U+";
  for (int shift = c > 0xFFFF ? 16 : 12; shift >= 0; shift -= 4) out += hex_digits[(c >> shift) & 15];
  out += ']';
}

void append_escaped(std::string& out, char32_t c) {
  switch (c) {
    case '&': out += "&amp;"; return;
    case '<': out += "&lt;"; return;
    case '>': out += "&gt;"; return;
    case '"': out += "&quot;"; return;
    case '\'': out += "&#39;"; return;
    default: break;
  }
  if (misleads(c)) append_named(out, c);
  else append_utf8(out, (c & 0xFFFE) == 0xFFFE ? 0xFFFD : c);
}

bool eats_line_end(std::string_view tag) { return tag == "pre" || tag == "textarea"; }  // HTML §13.1.2.6

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size();) {
    char32_t c = next_code_point(text, at);
    if (c == '\r') {
      if (at < text.size() && text[at] == '\n') continue;
      c = '\n';
    }
    append_escaped(out, c);
  }
  return out;
}

Link local_link(std::string_view path, const Pairs& query, std::string_view fragment) {
  // "//host" would leave the site.
  while (path.starts_with('/')) path.remove_prefix(1);
  std::string out = "/";
  append_encoded(out, path, true);
  char separator = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    out += separator;
    append_encoded(out, name, false);
    out += '=';
    append_encoded(out, value, false);
    separator = '&';
  }
  if (!fragment.empty()) {
    out += '#';
    append_encoded(out, fragment, false);
  }
  return Link(std::move(out));
}

Link fragment_link(std::string_view id) {
  std::string out = "#";
  append_encoded(out, id, false);
  return Link(std::move(out));
}

std::optional<std::string> unless_empty(std::string_view words) {
  if (words.empty()) return std::nullopt;
  return std::string(words);
}

Html Html::trusted(Markup literal) {
  Html out;
  out.bytes_ = literal.bytes;
  return out;
}

Html& Html::operator+=(const Html& more) {
  bytes_ += more.bytes_;
  return *this;
}

Html element_of(TagName tag, const Attributes& attributes, const Html& content) {
  CHECK(content.empty() || (!tag.is_void && tag.name != "script"));
  Html out;
  std::string& bytes = out.bytes_;
  bytes.append("<").append(tag.name);
  for (const Attribute& attribute : attributes.list()) {
    if (attribute.shape == Attribute::Shape::absent) continue;
    bytes.append(" ").append(attribute.name);
    if (attribute.shape == Attribute::Shape::valued) bytes.append("=\"").append(attribute.value).append("\"");
  }
  bytes += '>';
  if (tag.is_void) return out;
  if (eats_line_end(tag.name) && content.bytes().starts_with('\n')) bytes += '\n';
  bytes.append(content.bytes()).append("</").append(tag.name).append(">");
  return out;
}

Html parted_by(const Html& between, const std::vector<Html>& parts) {
  Html out;
  for (const Html& part : parts) {
    if (!out.empty()) out += between;
    out += part;
  }
  return out;
}

}  // namespace beadle::web
