#include "mail/html_tokenizer.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "mail/charset.h"
#include "mail/html_entities.h"

namespace beadle::mail {
namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::size_t name_bytes_max = 15;  // no name that we know is longer

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  return lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
}

/// A name in lower case, in place.
struct LowerName {
  std::array<char, name_bytes_max> bytes{};
  std::size_t size = 0;
  std::string_view view() const { return {bytes.data(), size}; }
};

// Empty where the name is longer than any that we know.
LowerName lower_name(std::string_view name) {
  LowerName out;
  if (name.size() > name_bytes_max) return out;
  for (const char c : name) out.bytes[out.size++] = lower(c);
  return out;
}

// FNV-1a.
std::uint32_t digest_of(std::string_view name) {
  std::uint32_t digest = 2166136261u;
  for (const char c : name) digest = (digest ^ static_cast<unsigned char>(lower(c))) * 16777619u;
  return digest;
}

HtmlAttribute attribute_of(std::string_view name) {
  using enum HtmlAttribute;
  constexpr std::array<std::pair<std::string_view, HtmlAttribute>, 12> known{{{"alt", alt},
                                                                              {"charset", charset},
                                                                              {"class", class_},
                                                                              {"color", color},
                                                                              {"content", content},
                                                                              {"hidden", hidden},
                                                                              {"id", id},
                                                                              {"size", size},
                                                                              {"style", style},
                                                                              {"title", title},
                                                                              {"type", type},
                                                                              {"value", value}}};
  for (const auto& [other, which] : known) {
    if (other == name) return which;
  }
  return count;
}

// §13.2.5.80: numbers that stand for no character, and windows-1252 taken for Unicode.
char32_t numeric_character(std::uint32_t number) {
  if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number < 0xE000)) return 0xFFFD;
  return number < 0x100 ? windows_1252(static_cast<unsigned char>(number)) : number;
}

HtmlReference read_numeric_reference(std::string_view text) {
  std::size_t at = 2;
  const bool hexadecimal = at < text.size() && lower(text[at]) == 'x';
  if (hexadecimal) ++at;
  const std::size_t digits = at;
  std::uint32_t number = 0;
  for (; at < text.size(); ++at) {
    const int value = hexadecimal ? hex_value(text[at]) : is_digit(text[at]) ? text[at] - '0' : -1;
    if (value < 0) break;
    number = std::min<std::uint32_t>(number * (hexadecimal ? 16u : 10u) + static_cast<std::uint32_t>(value), 0x110000);
  }
  if (at == digits) return {};
  if (at < text.size() && text[at] == ';') ++at;
  return {.first = numeric_character(number), .length = at};
}

HtmlReference read_named_reference(std::string_view text, bool in_attribute) {
  std::size_t end = 1;
  while (end < text.size() && end <= html_entity_name_max && is_alphanumeric(text[end])) ++end;
  const auto found = [&](std::size_t size, bool semicolon) -> HtmlReference {
    const HtmlEntity* entity = find_html_entity(text.substr(1, size));
    if (entity == nullptr || (!semicolon && !entity->bare)) return {};
    return {.first = entity->first, .second = entity->second, .length = 1 + size + (semicolon ? 1u : 0u)};
  };
  if (end < text.size() && text[end] == ';') {
    if (const HtmlReference reference = found(end - 1, true); reference.length > 0) return reference;
  }
  for (std::size_t size = std::min(end - 1, html_bare_entity_name_max); size >= 2; --size) {
    const HtmlReference reference = found(size, false);
    if (reference.length == 0) continue;
    const char behind = reference.length < text.size() ? text[reference.length] : '\0';
    if (in_attribute && (behind == '=' || is_alphanumeric(behind))) return {};  // "?a=1&copy=2"
    return reference;
  }
  return {};
}

}  // namespace

bool is_html_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

HtmlReference read_html_reference(std::string_view text, bool in_attribute) {
  if (text.size() < 3) return {};
  if (text[1] == '#') return read_numeric_reference(text);
  return is_letter(text[1]) ? read_named_reference(text, in_attribute) : HtmlReference{};
}

std::string html_attribute_text(std::string_view value) {
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t ampersand = std::min(value.find('&', at), value.size());
    out.append(value, at, ampersand - at);
    at = ampersand;
    if (at == value.size()) break;
    const HtmlReference reference = read_html_reference(value.substr(at), true);
    if (reference.length == 0)
      out += '&';
    else
      append_utf8(out, reference.first);
    if (reference.second != 0) append_utf8(out, reference.second);
    at += std::max<std::size_t>(reference.length, 1);
  }
  return out;
}

const HtmlToken& HtmlTokenizer::next() {
  if (!content_of_.empty()) {
    read_content();
  } else if (at_end()) {
    begin(HtmlToken::Kind::end);
  } else if (!opens_token(at_)) {
    read_text();
  } else if (html_[at_ + 1] == '!') {
    read_declaration();
  } else if (html_[at_ + 1] == '?' || (html_[at_ + 1] == '/' && !is_letter(html_[at_ + 2]))) {
    begin(HtmlToken::Kind::comment);
    read_until(at_ + (html_[at_ + 1] == '?' ? 1 : 2), ">");
  } else {
    read_tag();
  }
  return token_;
}

void HtmlTokenizer::begin(HtmlToken::Kind kind) {
  token_.kind = kind;
  token_.begin = at_;
  token_.text = {};
  token_.raw = false;
  token_.closed = true;
}

// "<" before anything else is text (§13.2.5.6).
bool HtmlTokenizer::opens_token(std::size_t at) const {
  if (html_[at] != '<' || at + 1 >= html_.size()) return false;
  const char c = html_[at + 1];
  return is_letter(c) || c == '!' || c == '?' || (c == '/' && at + 2 < html_.size());
}

void HtmlTokenizer::read_text() {
  begin(HtmlToken::Kind::text);
  const std::size_t from = at_;
  do at_ = std::min(html_.find('<', at_ + 1), html_.size());
  while (!at_end() && !opens_token(at_));
  token_.text = html_.substr(from, at_ - from);
}

void HtmlTokenizer::read_content() {
  begin(HtmlToken::Kind::text);
  token_.raw = !content_references_;
  const std::size_t from = at_;
  const auto closes = [&](std::size_t at) {
    const std::size_t behind = at + 2 + content_of_.size();
    return behind < html_.size() && html_[at + 1] == '/' &&
           ascii_iequals(html_.substr(at + 2, content_of_.size()), content_of_) &&
           (is_html_space(html_[behind]) || html_[behind] == '/' || html_[behind] == '>');
  };
  std::size_t end = html_.find('<', from);
  while (end != none && (content_of_ == "plaintext" || !closes(end))) end = html_.find('<', end + 1);
  token_.closed = end != none;
  at_ = std::min(end, html_.size());
  token_.text = html_.substr(from, at_ - from);
  content_of_.clear();
}

void HtmlTokenizer::read_tag() {
  const bool closing = html_[at_ + 1] == '/';
  begin(closing ? HtmlToken::Kind::close : HtmlToken::Kind::open);
  at_ += closing ? 2 : 1;
  const std::size_t name = at_;
  while (!at_end() && !is_html_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>') ++at_;
  token_.name = html_.substr(name, at_ - name);
  token_.element = &html_element(lower_name(token_.name).view());
  token_.name_digest = token_.element->id == HtmlId::unknown ? digest_of(token_.name) : 0;
  token_.self_closing = false;
  token_.attributes.fill({});
  read_attributes();
  if (at_end()) {
    token_.closed = false;
    token_.text = html_.substr(token_.begin);
    return;
  }
  ++at_;
  using namespace html_traits;
  if (closing || !token_.element->has(raw | character_data)) return;
  content_of_ = token_.element->name;
  content_references_ = token_.element->has(character_data);
}

// Up to the ">" of the tag, or the end of the source.
void HtmlTokenizer::read_attributes() {
  while (!at_end() && html_[at_] != '>') {
    if (is_html_space(html_[at_])) {
      ++at_;
    } else if (html_[at_] == '/') {
      ++at_;
      token_.self_closing = !at_end() && html_[at_] == '>';
    } else {
      read_attribute();
    }
  }
}

void HtmlTokenizer::read_attribute() {
  const std::size_t name = at_++;  // "=" in front is part of the name (§13.2.5.32)
  while (!at_end() && !is_html_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>' && html_[at_] != '=') ++at_;
  const HtmlAttribute which = attribute_of(lower_name(html_.substr(name, at_ - name)).view());
  std::size_t behind = at_;
  while (behind < html_.size() && is_html_space(html_[behind])) ++behind;
  std::string_view value = html_.substr(at_, 0);
  if (behind < html_.size() && html_[behind] == '=') {
    at_ = behind + 1;
    value = read_value();
  }
  if (which != HtmlAttribute::count && !token_.has(which)) token_.attributes[static_cast<std::size_t>(which)] = value;
}

std::string_view HtmlTokenizer::read_value() {
  while (!at_end() && is_html_space(html_[at_])) ++at_;
  if (at_end()) return {};
  const char quote = html_[at_];
  const std::size_t from = quote == '"' || quote == '\'' ? at_ + 1 : at_;
  if (from > at_) {
    const std::size_t end = std::min(html_.find(quote, from), html_.size());
    at_ = std::min(end + 1, html_.size());
    return html_.substr(from, end - from);
  }
  while (!at_end() && !is_html_space(html_[at_]) && html_[at_] != '>') ++at_;
  return html_.substr(from, at_ - from);
}

void HtmlTokenizer::read_declaration() {
  const std::string_view rest = html_.substr(at_);
  constexpr std::string_view cdata = "<![CDATA[";
  if (rest.starts_with("<!--")) return read_comment();
  if (cdata_ && rest.starts_with(cdata)) {
    begin(HtmlToken::Kind::text);
    token_.raw = true;
    return read_until(at_ + cdata.size(), "]]>");
  }
  begin(ascii_istarts_with(rest, "<!doctype") ? HtmlToken::Kind::doctype : HtmlToken::Kind::comment);
  read_until(at_ + 2, ">");
}

// §13.2.5.43: ends with "-->" or "--!>"; "<!-->" and "<!--->" are whole comments.
void HtmlTokenizer::read_comment() {
  begin(HtmlToken::Kind::comment);
  const std::size_t content = at_ + 4;
  for (const std::string_view whole : {">", "->"}) {
    if (!html_.substr(content).starts_with(whole)) continue;
    at_ = content + whole.size();
    return;
  }
  for (std::size_t dashes = html_.find("--", content); dashes != none; dashes = html_.find("--", dashes + 1)) {
    const std::string_view behind = html_.substr(dashes + 2);
    if (!behind.starts_with('>') && !behind.starts_with("!>")) continue;
    token_.text = html_.substr(content, dashes - content);
    at_ = dashes + (behind[0] == '>' ? 3 : 4);
    return;
  }
  token_.text = html_.substr(content);
  token_.closed = false;
  at_ = html_.size();
}

void HtmlTokenizer::read_until(std::size_t content, std::string_view closer) {
  const std::size_t end = html_.find(closer, content);
  token_.closed = end != none;
  token_.text = html_.substr(std::min(content, html_.size()), end == none ? none : end - content);
  at_ = end == none ? html_.size() : end + closer.size();
}

}  // namespace beadle::mail
