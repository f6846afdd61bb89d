#include "mail/lines.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::mail {
namespace {

// No-break space, zero-width space, zero-width joiners, byte order mark, in UTF-8.
constexpr std::array<std::string_view, 6> wide_blanks{"\xC2\xA0",     "\xE2\x80\x8B", "\xE2\x80\x8C",
                                                      "\xE2\x80\x8D", "\xE2\x80\xAF", "\xEF\xBB\xBF"};

// Depth of quoting; takes the marks off `text`.
int take_quote_marks(std::string_view& text) {
  int depth = 0;
  std::size_t at = 0;
  while (at < text.size() && depth < 100) {
    std::size_t next = at;
    if (text[next] == ' ' && depth > 0) ++next;
    if (next >= text.size() || text[next] != '>') break;
    at = next + 1;
    ++depth;
  }
  // mbox quoting: ">From " is a line of text (RFC 4155 appendix A).
  if (depth == 1 && text.substr(at).starts_with("From ")) return 0;
  text.remove_prefix(at);
  return depth;
}

bool is_word_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80 ||
         byte == '\'';
}

}  // namespace

std::string_view trimmed_wide(std::string_view text) {
  while (true) {
    const std::size_t before = text.size();
    text = trimmed(text);
    if (text.empty() || (static_cast<unsigned char>(text.front()) < 0x80 && static_cast<unsigned char>(text.back()) < 0x80)) return text;
    for (const std::string_view blank : wide_blanks) {
      if (text.starts_with(blank)) text.remove_prefix(blank.size());
      if (text.ends_with(blank)) text.remove_suffix(blank.size());
    }
    if (text.size() == before) return text;
  }
}

std::vector<Line> lines_of(std::string_view utf8) {
  std::vector<Line> lines;
  std::size_t at = 0;
  while (at < utf8.size()) {
    std::size_t end = utf8.find('\n', at);
    end = end == std::string_view::npos ? utf8.size() : end + 1;
    if (lines.size() + 1 >= limits::zone_lines_max) end = utf8.size();
    Line line{.range = {at, end}, .text = utf8.substr(at, end - at)};
    line.depth = take_quote_marks(line.text);
    line.text = trimmed_wide(line.text);
    lines.push_back(line);
    at = end;
  }
  return lines;
}

std::size_t next_with_text(const std::vector<Line>& lines, std::size_t from) {
  while (from < lines.size() && lines[from].flat()) ++from;
  return std::min(from, lines.size());
}

std::vector<std::string> words_of(std::string_view text, std::size_t words_max) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (at < text.size() && words.size() < words_max) {
    if (!is_word_byte(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && is_word_byte(text[at])) ++at;
    words.push_back(ascii_lower(text.substr(begin, at - begin)));
  }
  return words;
}

bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace beadle::mail
