#include "mail/boundaries.h"

#include <algorithm>

namespace beadle::mail {
namespace {

bool is_all_blank(std::string_view text) { return text.find_first_not_of(" \t") == std::string_view::npos; }

}  // namespace

bool Boundaries::is_distinct(std::string_view boundary) const {
  return std::none_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return !entry.closed && (boundary.starts_with(entry.boundary) || entry.boundary.starts_with(boundary));
  });
}

std::size_t Boundaries::open(std::string boundary) {
  entries_.push_back({std::move(boundary)});
  return entries_.size() - 1;
}

Boundaries::Line Boundaries::match(std::string_view line) const {
  Line out;
  if (!line.starts_with("--")) return out;
  line.remove_prefix(2);
  for (std::size_t level = entries_.size(); level-- > 0;) {
    const Entry& entry = entries_[level];
    if (!line.starts_with(entry.boundary)) continue;
    const std::string_view tail = line.substr(entry.boundary.size());
    const bool closes = tail.starts_with("--") && is_all_blank(tail.substr(2));
    if (!closes && !is_all_blank(tail)) {
      if (!entry.closed) out.look_alike = level;
    } else if (!entry.closed) {
      out.delimiter = Match{level, closes};
      return out;
    } else if (!closes) {
      out.after_end = level;
    }
  }
  return out;
}

}  // namespace beadle::mail
