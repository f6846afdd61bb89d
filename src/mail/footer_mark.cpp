#include "mail/footer_mark.h"

#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/footer_words.h"

namespace beadle::mail {
namespace {

bool is_own(ZoneKind kind) { return kind == ZoneKind::own || kind == ZoneKind::signature || kind == ZoneKind::footer; }

}  // namespace

std::string footer_mark(const Message& message, std::string_view line, std::string_view key) {
  if (key.empty() || message.message_id.empty()) return "";
  // A line break can stand in neither, so no other pair gives the same bytes.
  return hmac_sha256_hex(key, "footer\n" + message.message_id + "\n" + plain_words(line));
}

bool is_marked(const Message& message, std::string_view words, std::string_view key) {
  if (!message.has_header(footer_field)) return false;
  const std::string mark = footer_mark(message, words, key);
  if (mark.empty()) return false;
  // Whoever forges a field above ours must not hide it.
  std::size_t seen = 0;
  for (const Field& field : message.parts.front().fields) {
    if (!ascii_iequals(trimmed(field.name), footer_field)) continue;
    if (++seen > limits::footer_marks_max) break;
    if (equal_secret(trimmed(slice(message.bytes, field.value)), mark)) return true;
  }
  return false;
}

std::string marked_line(const Message& message, const Text& text, std::string_view key) {
  if (!message.has_header(footer_field)) return "";
  std::size_t tried = 0;  // ours is the last of the own words, so it is looked for from the end
  for (auto zone = text.zones.rbegin(); zone != text.zones.rend(); ++zone) {
    if (!is_own(zone->kind)) continue;
    const auto lines = split(slice(text.utf8, zone->range), '\n');
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
      const std::string_view words = trimmed(*line);
      if (!words.starts_with(footer_opening)) continue;
      if (is_marked(message, words, key)) return std::string(words);
      if (++tried == limits::footer_marks_max) return "";
    }
  }
  return "";
}

}  // namespace beadle::mail
