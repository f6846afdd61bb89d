#include "rules/lines.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/text.h"
#include "rules/characters.h"
#include "rules/word_lists.h"

namespace beadle::rules {
namespace {

// Mail programs wrap at 66 to 78 columns, people at 56 at least. A longer line was not wrapped; what it lacks to the width says
// nothing.
constexpr std::size_t wrap_columns_least = 56;
constexpr std::size_t wrap_columns_most = 100;
// A line of so few words on its own is a greeting, a heading or a name, even before a line in small letters.
constexpr std::size_t brief_words = 3;
constexpr std::size_t brief_words_with_comma = 4;

struct Line {
  std::size_t begin = 0, end = 0;  // without blanks and quote marks around
  std::size_t columns = 0;
  std::size_t item = 0;  // bytes of a list mark with the blanks behind it
  int quote_depth = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

/// Code points: all bytes but those that continue one (RFC 3629 §3). Eight at a time, since every byte of a text passes here.
std::size_t columns_of(std::string_view text) {
  static constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::size_t continuing = 0, at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + at, 8);
    // One bit a byte; the product adds them up in its highest byte.
    continuing += static_cast<std::size_t>((((eight & ~(eight << 1) & high_bits) >> 7) * 0x0101010101010101) >> 56);
  }
  for (; at < text.size(); ++at) continuing += (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80 ? 1 : 0;
  return text.size() - continuing;
}

/// Bytes of the mark itself: "-", "•", "12.", "(a)", "iv)"; 0 where the line begins otherwise.
std::size_t list_mark(std::string_view line) {
  // Nearly all lines begin with a word.
  if (line.size() > 1 && is_letter(line[0]) && line.substr(0, 6).find(')') == std::string_view::npos) return 0;
  static constexpr std::string_view bullets[] = {"-", "*", "+", "•", "–", "—", "·", "‣", "◦",
                                                 "▪", "■", "●", "○", "➢", "→", "✓", "□", "§"};
  for (const std::string_view bullet : bullets) {
    if (line.starts_with(bullet)) return bullet.size();
  }
  const bool bracket = line.starts_with('(');
  std::size_t at = bracket ? 1 : 0;
  const std::size_t from = at;
  while (at < line.size() && is_digit(line[at])) ++at;
  const bool number = at > from && at - from <= 3;
  if (at == from) {
    while (at < line.size() && at - from < 5 && std::strchr("ivxIVX", line[at]) != nullptr && line[at] != 0) ++at;
    if (at == from && at < line.size() && is_letter(line[at])) ++at;
  } else if (!number) {
    return 0;
  }
  if (at == from || at >= line.size()) return 0;
  if (line[at] == ')') return at + 1;
  return number && !bracket && line[at] == '.' ? at + 1 : 0;
}

std::size_t item_of(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t mark = list_mark(text.substr(begin, end - begin));
  if (mark == 0) return 0;
  const std::size_t after = skip_blanks(text, begin + mark, end);
  return after > begin + mark && after < end ? after - begin : 0;
}

Line read_line(std::string_view text, std::size_t begin, std::size_t end) {
  Line line;
  line.begin = skip_quote_marks(text, begin, end, line.quote_depth);
  line.end = trim_end(text, line.begin, end);
  line.columns = columns_of(text.substr(line.begin, line.end - line.begin));
  line.item = item_of(text, line.begin, line.end);
  return line;
}

/// A line with neither letter nor digit parts what is above from what is below.
bool is_ruled(std::string_view line) {
  return std::none_of(line.begin(), line.end(),
                      [](char c) { return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80; });
}

class Blocks {
 public:
  explicit Blocks(std::string_view text) : text_(text) {}

  std::vector<Span> find() {
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      take(read_line(text_, at, end));
      at = end + 1;
    }
    end_paragraph();
    return std::move(blocks_);
  }

 private:
  void take(const Line& line) {
    const std::string_view words = words_of(line);
    if (words.empty() || is_ruled(words)) return end_paragraph();
    if (!paragraph_.empty() && paragraph_.back().quote_depth != line.quote_depth) end_paragraph();
    paragraph_.push_back(line);
  }

  std::string_view words_of(const Line& line) const { return text_.substr(line.begin, line.end - line.begin); }

  void end_paragraph() {
    if (paragraph_.empty()) return;
    std::size_t width = 0;
    for (const Line& line : paragraph_) width = std::max(width, line.columns);
    width = std::clamp(width, wrap_columns_least, wrap_columns_most);
    std::size_t begin = paragraph_.front().begin + paragraph_.front().item;
    for (std::size_t i = 1; i < paragraph_.size(); ++i) {
      if (!part_at(paragraph_[i - 1], paragraph_[i], width)) continue;
      blocks_.push_back({begin, paragraph_[i - 1].end});
      begin = paragraph_[i].begin + paragraph_[i].item;
    }
    blocks_.push_back({begin, paragraph_.back().end});
    paragraph_.clear();
  }

  /// Whether the line end between two lines was meant, and not made by wrapping at `width`.
  bool part_at(const Line& line, const Line& next, std::size_t width) const {
    const std::string_view words = words_of(line), next_words = words_of(next);
    const std::string_view first_word = next_words.substr(0, next_words.find(' '));
    // Had the next word still fitted, a program would not have wrapped before it.
    const bool full = line.columns + 1 + columns_of(first_word) > width;
    if (is_field(next_words)) return true;
    if (next.item > 0) return !full || !may_be_text(words, next_words);
    if (full) return false;
    if (cannot_end_line(last_word(words))) return false;
    return !is_lower(next_words.front()) || is_brief(words) || (is_brief(next_words) && closes_letters(first_word));
  }

  /// "Sent: …", "Venue: …": a field of a header block or a form.
  static bool is_field(std::string_view words) {
    const std::size_t colon = words.find(':');
    if (colon == std::string_view::npos || colon < 2 || colon > 16 || colon + 1 >= words.size() || words[colon + 1] != ' ')
      return false;
    return words.front() >= 'A' && words.front() <= 'Z' &&
           std::all_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(colon), is_letter);
  }

  /// A list mark at the head of a full line may be a dash or a number of the sentence that was wrapped there.
  static bool may_be_text(std::string_view words, std::string_view next_words) {
    const char last = words.back();
    if (last == '.' || last == ':' || last == ';' || last == '!' || last == '?' || last == ',') return false;
    if (is_digit(next_words.front())) return true;
    const std::size_t blank = next_words.find(' ');
    const bool dash = next_words.starts_with("-") || next_words.starts_with("–") || next_words.starts_with("—");
    return dash && blank + 1 < next_words.size() && is_lower(next_words[blank + 1]);
  }

  static std::string_view last_word(std::string_view words) {
    const std::size_t blank = words.rfind(' ');
    return blank == std::string_view::npos ? words : words.substr(blank + 1);
  }

  static bool is_brief(std::string_view words) {
    const auto count = static_cast<std::size_t>(std::count(words.begin(), words.end(), ' ')) + 1;
    return count <= (words.back() == ',' ? brief_words_with_comma : brief_words);
  }

  std::string_view text_;
  std::vector<Line> paragraph_;
  std::vector<Span> blocks_;
};

}  // namespace

std::vector<Span> find_blocks(std::string_view text) { return Blocks(text).find(); }

}  // namespace beadle::rules
