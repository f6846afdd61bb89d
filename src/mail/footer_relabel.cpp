#include "mail/footer_relabel.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "mail/encoders.h"
#include "mail/footer_gate.h"
#include "mail/footer_splice.h"
#include "mail/footer_words.h"

namespace beadle::mail {
namespace {

constexpr std::string_view new_charset = "utf-8";

// Charsets in which a text of ASCII letters is the same bytes as in UTF-8, and that an English mail program chooses by itself.
bool is_replaceable(std::string_view charset) {
  for (const std::string_view name : {"", "us-ascii", "ascii", "utf-8", "utf8"}) {
    if (ascii_iequals(charset, name)) return true;
  }
  return ascii_istarts_with(charset, "iso-8859-") || ascii_istarts_with(charset, "windows-125");
}

const Field* field_of(const Part& part, std::string_view name) {
  const auto found = std::find_if(part.fields.begin(), part.fields.end(),
                                  [&](const Field& field) { return ascii_iequals(trimmed(field.name), name); });
  return found == part.fields.end() ? nullptr : &*found;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::size_t past_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

// The value of the only parameter charset, without its quotation marks.
std::optional<Range> charset_value(std::string_view raw, std::string_view charset) {
  const std::string lower = ascii_lower(raw);
  const std::size_t name = lower.find("charset");
  if (name == std::string::npos || lower.find("charset", name + 1) != std::string::npos) return std::nullopt;
  std::size_t at = past_blanks(raw, name + 7);
  if (at >= raw.size() || raw[at] != '=') return std::nullopt;
  at = past_blanks(raw, at + 1);
  const bool quoted = at < raw.size() && raw[at] == '"';
  if (quoted) ++at;
  const std::size_t end = at + charset.size();
  if (charset.empty() || !ascii_iequals(raw.substr(std::min(at, raw.size()), charset.size()), charset)) return std::nullopt;
  const bool ends = quoted ? end < raw.size() && raw[end] == '"' : end == raw.size() || is_blank(raw[end]) || raw[end] == ';';
  return ends ? std::optional(Range{at, end}) : std::nullopt;
}

class Relabel {
 public:
  explicit Relabel(const Message& message) : message_(message) {}

  bool make_utf8(const Part& part) {
    const Field* field = field_of(part, "Content-Type");
    if (field == nullptr) return add_field(part, "Content-Type: text/plain; charset=" + std::string(new_charset));
    const std::string_view raw = slice(message_.bytes, field->value);
    if (!part.charset.empty()) {
      const auto value = charset_value(raw, part.charset);
      if (!value) return false;
      if (part.charset != new_charset)
        edits_.push_back({field->value.begin + value->begin, value->size(), std::string(new_charset)});
      return true;
    }
    const std::size_t begin = past_blanks(raw, 0), end = begin + part.type.size();
    if (!ascii_istarts_with(raw.substr(begin), part.type) || ascii_lower(raw).find("charset") != std::string::npos) return false;
    if (end < raw.size() && !is_blank(raw[end]) && raw[end] != ';') return false;
    edits_.push_back({field->value.begin + end, 0, "; charset=" + std::string(new_charset)});
    return true;
  }

  bool make_eight_bit(const Part& part) {
    const Field* field = field_of(part, "Content-Transfer-Encoding");
    if (field == nullptr) return add_field(part, "Content-Transfer-Encoding: 8bit");
    const std::string_view raw = slice(message_.bytes, field->value);
    if (ascii_iequals(trimmed(raw), "8bit") || ascii_iequals(trimmed(raw), "binary")) return true;
    if (!ascii_iequals(trimmed(raw), "7bit")) return false;
    edits_.push_back({field->value.begin + past_blanks(raw, 0), 4, "8bit"});
    return true;
  }

  bool name_version() {
    const Part& root = message_.parts.front();
    return field_of(root, "MIME-Version") != nullptr || add_field(root, "MIME-Version: 1.0");
  }

  std::vector<Edit> take() { return std::move(edits_); }

 private:
  bool add_field(const Part& part, std::string field) {
    // Below the other fields, before the blank line.
    if (part.body.begin <= part.header.end) return false;
    std::string_view line_end = first_line_end(std::string_view(message_.bytes).substr(part.header.end));
    if (part.header.end > part.header.begin && message_.bytes[part.header.end - 1] != '\n') return false;
    edits_.push_back({part.header.end, 0, std::move(field) + std::string(line_end)});
    return true;
  }

  const Message& message_;
  std::vector<Edit> edits_;
};

}  // namespace

std::optional<std::vector<Edit>> relabel_edits(const Message& message, std::size_t index, std::string_view decoded, bool eight_bit) {
  const Part& part = message.parts[index];
  if (part.type != "text/plain" || !is_replaceable(part.charset) || !is_ascii(decoded)) return std::nullopt;
  const bool raw = part.encoding == Encoding::none;
  if (raw && !eight_bit && !allows_eight_bit(message, part)) return std::nullopt;
  Relabel relabel(message);
  if (!relabel.name_version() || !relabel.make_utf8(part)) return std::nullopt;
  for (int at = static_cast<int>(index); raw && at >= 0; at = message.parts[static_cast<std::size_t>(at)].parent) {
    if (!relabel.make_eight_bit(message.parts[static_cast<std::size_t>(at)])) return std::nullopt;
  }
  return relabel.take();
}

}  // namespace beadle::mail
