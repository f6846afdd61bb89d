#include "rules/sentences.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/text.h"
#include "rules/characters.h"
#include "rules/lines.h"
#include "rules/word_lists.h"

namespace beadle::rules {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_letter(char c) { return is_lower(c) || is_upper(c); }

constexpr std::string_view ellipsis = "…";

// First bytes of the marks that may end a sentence: every byte of a text is looked up.
constexpr std::array<bool, 256> stop_bytes = [] {
  std::array<bool, 256> table{};
  for (const char c : {'.', '!', '?', ellipsis.front()}) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

/// The marks at `at` that may end a sentence, taken together ("?!", "..."); `end` stays at `at` where there are none.
struct Stop {
  std::size_t end = 0;        // after the marks and the quotes and brackets that close behind them
  bool question = false;      // ? or !
  bool trailing_off = false;  // … or more than one dot
  bool closed = false;        // by a quote or bracket
};

Stop read_stop(std::string_view text, std::size_t at, std::size_t end) {
  Stop stop{.end = at};
  int dots = 0;
  while (stop.end < end) {
    const char c = text[stop.end];
    if (c == '.' || c == '!' || c == '?') {
      dots += c == '.' ? 1 : 0;
      stop.question = stop.question || c != '.';
      ++stop.end;
    } else if (text.substr(stop.end).starts_with(ellipsis)) {
      stop.trailing_off = true;
      stop.end += ellipsis.size();
    } else {
      break;
    }
  }
  if (stop.end == at) return stop;
  stop.trailing_off = stop.trailing_off || dots > 1;
  static constexpr std::string_view closers[] = {"\"", "'", ")", "]", "}", "*", "_", "”", "’", "»"};
  for (bool more = true; more && stop.end < end;) {
    more = false;
    for (const std::string_view closer : closers) {
      if (!text.substr(stop.end, end - stop.end).starts_with(closer)) continue;
      stop.end += closer.size();
      stop.closed = more = true;
      break;
    }
  }
  return stop;
}

/// The word that begins at `at`, behind quotes and brackets that open before it.
std::string_view word_at(std::string_view text, std::size_t at, std::size_t end) {
  while (at < end && !is_letter(text[at]) && !is_digit(text[at]) && !is_blank(static_cast<unsigned char>(text[at]))) ++at;
  std::size_t stop = at;
  while (stop < end && stop - at < 24 && (is_letter(text[stop]) || is_digit(text[stop]))) ++stop;
  return text.substr(at, stop - at);
}

/// What stands before the dot at `dot`, back to a blank, bracket or quote; "" where it is longer than any abbreviation.
std::string_view token_before(std::string_view text, std::size_t begin, std::size_t dot) {
  std::size_t start = dot;
  while (start > begin && dot - start < 12 && (is_letter(text[start - 1]) || is_digit(text[start - 1]) || text[start - 1] == '.'))
    --start;
  if (dot - start >= 12) return "";
  // Part of a longer word (hyphen, apostrophe, other letters): no abbreviation.
  if (start > begin && (text[start - 1] == '-' || text[start - 1] == '\'' || static_cast<unsigned char>(text[start - 1]) >= 0x80))
    return "";
  return text.substr(start, dot - start);
}

bool all_digits(std::string_view token) { return std::all_of(token.begin(), token.end(), is_digit); }

/// "U.K", "a.m", "J.R": single letters with dots between.
bool is_dotted_letters(std::string_view token) {
  if (token.size() < 3 || token.size() % 2 == 0) return false;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (i % 2 == 0 ? !is_letter(token[i]) : token[i] != '.') return false;
  }
  return true;
}

/// Whether a single dot behind `token` ends the sentence that began at `begin`, where `next` is the word behind it.
bool dot_ends(std::string_view token, bool token_begins, std::string_view next) {
  if (token.empty()) return true;
  const auto next_begins = [&] { return !next.empty() && is_upper(next.front()) && begins_sentences(next); };
  // A list number, or an initial, at the very beginning.
  if (token_begins && ((token.size() <= 3 && all_digits(token)) || (token.size() == 1 && is_upper(token.front())))) return false;
  if (token.size() == 1 && is_upper(token.front())) return next_begins();
  switch (abbreviation_kind(token)) {
    case Abbreviation::never_last:
      return false;
    case Abbreviation::before_number:
      return next.empty() || !is_digit(next.front());
    case Abbreviation::maybe_last:
      return next_begins();
    case Abbreviation::none:
      break;
  }
  return is_dotted_letters(token) ? next_begins() : true;
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<Span> split() {
    for (const Span& block : find_blocks(text_)) split_block(block);
    return std::move(sentences_);
  }

 private:
  void split_block(Span block) {
    std::size_t start = block.begin;
    for (std::size_t at = next_mark(block.begin, block.end); at < block.end;) {
      const Stop stop = read_stop(text_, at, block.end);
      if (stop.end == at) {  // some other character that begins like the ellipsis
        at = next_mark(at + 1, block.end);
        continue;
      }
      const std::size_t after = skip_blanks(text_, stop.end, block.end);
      if (after > stop.end && after < block.end && ends_sentence(start, at, stop, after, block.end)) {
        add({start, stop.end});
        start = after;
      }
      at = next_mark(std::max(after, stop.end), block.end);
    }
    add({start, block.end});
  }

  std::size_t next_mark(std::size_t at, std::size_t end) const {
    while (at < end && !stop_bytes[static_cast<unsigned char>(text_[at])]) ++at;
    return at;
  }

  bool ends_sentence(std::size_t start, std::size_t at, const Stop& stop, std::size_t after, std::size_t end) const {
    const std::string_view next = word_at(text_, after, end);
    const bool next_lower = !next.empty() && is_lower(next.front());
    if (stop.question) return !(stop.closed && next_lower);  // "Really?" he said
    if (stop.trailing_off) return !next_lower;
    if (stop.closed && next_lower) return false;
    const std::string_view token = token_before(text_, start, at);
    return dot_ends(token, !token.empty() && token.data() == text_.data() + start, next);
  }

  /// Takes a sentence, in pieces if it is over the bound; what has no letter or digit (a ruled line) is none.
  void add(Span sentence) {
    while (sentence.end - sentence.begin > limits::sentence_bytes_max) {
      const std::size_t cut = place_to_cut(sentence);
      add_piece({sentence.begin, cut});
      sentence.begin = skip_blanks(text_, cut, sentence.end);
    }
    add_piece(sentence);
  }

  void add_piece(Span piece) {
    piece.end = trim_end(text_, piece.begin, piece.end);
    const std::string_view words = text_.substr(piece.begin, piece.end - piece.begin);
    const auto says_something = [](char c) { return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80; };
    if (std::any_of(words.begin(), words.end(), says_something)) sentences_.push_back(piece);
  }

  std::size_t place_to_cut(Span sentence) const {
    const std::size_t most = sentence.begin + limits::sentence_bytes_max;
    for (std::size_t at = most; at > most - limits::sentence_bytes_max / 4; --at) {
      if (text_[at] == ' ' || text_[at] == '\n') return at;
    }
    std::size_t at = most;
    while (at > most - 4 && (static_cast<unsigned char>(text_[at]) & 0xC0) == 0x80) --at;
    return at;
  }

  std::string_view text_;
  std::vector<Span> sentences_;
};

}  // namespace

std::vector<Span> split_sentences(std::string_view text) { return Splitter(text).split(); }

}  // namespace beadle::rules
