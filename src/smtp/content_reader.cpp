#include "smtp/content_reader.h"

#include <algorithm>

namespace beadle::smtp {
namespace {

/// How much of `text` can be kept as it is, whole lines and the start of one: up to a CR or LF that stands alone or whose other
/// half has not come, and to a line that begins with a dot. `text` has no NUL.
std::size_t plain_size(std::string_view text) {
  std::size_t line = 0;
  while (line < text.size()) {
    const std::size_t end = std::min(text.find('\n', line), text.size());
    const std::size_t cr = std::min(text.substr(0, end).find('\r', line), end);
    if (cr + 1 != end || end == text.size()) return cr;
    line = end + 1;
    if (line < text.size() && text[line] == '.') break;
  }
  return line;
}

}  // namespace

// Most bytes are found to be harmless by memchr, many lines at a time; take() looks at those that are left.
std::size_t ContentReader::read(std::string_view input, std::string& content) {
  const std::size_t nul = std::min(input.find('\0'), input.size());
  std::size_t at = 0;
  while (at < input.size() && !ended_) {
    const bool in_line = place_ == Place::text || (place_ == Place::line_start && input[at] != '.');
    if (in_line && is_spoiled()) {
      // Only a CR can begin the end.
      const std::size_t cr = std::min(input.find('\r', at), input.size());
      if (cr > at) place_ = Place::text;
      at = cr;
    } else if (in_line) {
      const std::string_view plain = input.substr(at, nul - at);
      const std::size_t size = plain_size(plain);
      keep(plain.substr(0, size), content);
      if (size > 0) place_ = plain[size - 1] == '\n' ? Place::line_start : Place::text;
      at += size;
    }
    if (at < input.size()) take(input[at++], content);
  }
  return at;
}

void ContentReader::take(char c, std::string& content) {
  const Place place = place_;
  place_ = Place::text;
  if (place == Place::line_start && c == '.') {
    place_ = Place::dot;  // not kept: it is the end, or was stuffed
    return;
  }
  if (place == Place::dot && c == '\r') {
    place_ = Place::dot_cr;
    return;
  }
  if (place == Place::dot_cr && c == '\n') {
    ended_ = true;
    return;
  }
  if (place == Place::cr && c == '\n') {
    keep("\r\n", content);
    place_ = Place::line_start;
    return;
  }
  if (place == Place::cr || place == Place::dot_cr) spoil(Fault::bare_cr);
  if (c == '\r') {
    place_ = Place::cr;
  } else if (c == '\n') {
    spoil(Fault::bare_lf);
  } else if (c == '\0') {
    spoil(Fault::nul);
  } else {
    keep({&c, 1}, content);
  }
}

void ContentReader::keep(std::string_view bytes, std::string& content) {
  if (fault_ != Fault::none) return;
  if (bytes.size() > bytes_max_ - bytes_) {
    fault_ = Fault::too_large;
    return;
  }
  bytes_ += bytes.size();
  content.append(bytes);
}

void ContentReader::spoil(Fault fault) {
  if (!is_spoiled()) fault_ = fault;
}

}  // namespace beadle::smtp
