#include "review/place.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/text.h"

namespace beadle::review {
namespace {

bool turns_direction(char32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C; }

bool is_left_aside(char32_t c) {
  const bool blank = c <= 0x20 || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F || c == 0x3000;
  return blank || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || turns_direction(c);
}

std::string squashed(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    if (!is_left_aside(next_code_point(text, at))) out.append(text, begin, at - begin);
  }
  return out;
}

}  // namespace

Searchable::Searchable(std::string_view utf8) : size_(utf8.size()) {
  if (utf8.size() > std::numeric_limits<std::uint32_t>::max()) return;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t begin = at;
    if (is_left_aside(next_code_point(utf8, at))) continue;
    for (std::size_t i = begin; i < at; ++i) {
      squashed_ += utf8[i];
      from_.push_back(static_cast<std::uint32_t>(begin));
      to_.push_back(static_cast<std::uint32_t>(at));
    }
  }
}

std::optional<mail::Range> Searchable::find(std::string_view words, mail::Range within) const {
  static constexpr std::string_view cut = "…";  // of shortened()
  if (words.ends_with(cut)) words.remove_suffix(cut.size());
  const std::string wanted = squashed(words);
  const auto begin = static_cast<std::size_t>(std::lower_bound(from_.begin(), from_.end(), within.begin) - from_.begin());
  const auto end = static_cast<std::size_t>(std::upper_bound(to_.begin(), to_.end(), within.end) - to_.begin());
  if (wanted.empty() || end <= begin) return std::nullopt;
  // memmem is linear, std::string::find is not.
  const void* found = ::memmem(squashed_.data() + begin, end - begin, wanted.data(), wanted.size());
  if (found == nullptr) return std::nullopt;
  const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - squashed_.data());
  return mail::Range{from_[at], to_[at + wanted.size() - 1]};
}

std::string harmless(std::string utf8) {
  static constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string_view text = utf8;
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(text, at);
    const std::size_t size = at - begin;
    const bool control = (c < 0x20 && c != '\n' && c != '\t' && c != '\r') || (c >= 0x7F && c < 0xA0);
    if (turns_direction(c) && size == replacement.size()) {
      out += replacement;
    } else if (control || turns_direction(c) || c == 0x2028 || c == 0x2029) {
      out.append(size, ' ');
    } else if (c == 0xFFFD && size == 1) {
      out += '?';  // a byte that is no UTF-8
    } else {
      out.append(text, begin, size);
    }
  }
  return out;
}

}  // namespace beadle::review
