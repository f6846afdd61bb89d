// What a release sends, compared with what came: header fields and lines of text, as a reader would see them.
#include <algorithm>
#include <map>

#include "base/limits.h"
#include "base/text.h"
#include "review/place.h"
#include "review/view_parts.h"

namespace beadle::review {
namespace {

using Counts = std::map<std::string, long, std::less<>>;

std::vector<std::string> fields_of(const mail::Message& message) {
  std::vector<std::string> fields;
  for (const mail::Field& field : message.parts.front().fields) fields.emplace_back(trimmed(mail::slice(message.bytes, field.whole)));
  return fields;
}

/// Lines of every text, blanks at their ends aside. An added line that stands in two alternatives is said once.
std::vector<std::string> lines_of(const mail::Message& message) {
  std::vector<std::string> lines;
  for (const mail::Text& text : message.texts) {
    for (const std::string_view line : split(text.utf8, '\n')) {
      if (!trimmed(line).empty()) lines.emplace_back(trimmed(line));
    }
  }
  return lines;
}

/// What `after` has more of than `before`, in its order, each once.
std::vector<std::string> more_of(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  Counts counts;
  for (const std::string& line : before) ++counts[line];
  std::vector<std::string> more;
  for (const std::string& line : after) {
    if (--counts[line] >= 0) continue;
    const std::string shown = shortened(printable(line), limits::evidence_bytes_max);
    if (std::find(more.begin(), more.end(), shown) == more.end() && more.size() < limits::page_rows_max) more.push_back(shown);
  }
  return more;
}

}  // namespace

Leaving leaving_of(const store::Held& held, const mail::Message& message) {
  Leaving leaving;
  if (held.release_bytes.empty()) return leaving;
  const mail::Message released = mail::parse_message(held.release_bytes);
  leaving.fields_added = more_of(fields_of(message), fields_of(released));
  // Most mail leaves as it came, behind some fields of ours.
  if (held.release_bytes.ends_with(held.bytes)) return leaving;
  const auto before = lines_of(message), after = lines_of(released);
  leaving.lines_added = more_of(before, after);
  leaving.lines_removed = more_of(after, before);
  return leaving;
}

}  // namespace beadle::review
