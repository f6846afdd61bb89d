// Sentences made plain, one a line, with the way back to the original for each byte.
#include <array>
#include <numeric>

#include "base/check.h"
#include "base/text.h"
#include "rules/characters.h"
#include "rules/sentences.h"

namespace beadle::rules {
namespace {

// Visible ASCII that is its own plain form: nearly all of a text, so it is copied in runs.
constexpr std::array<bool, 256> plain_bytes = [] {
  std::array<bool, 256> table{};
  for (std::size_t c = 0x21; c < 0x7F; ++c) table[c] = c != '`';
  return table;
}();

bool is_plain(char c) { return plain_bytes[static_cast<unsigned char>(c)]; }
bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Folder {
 public:
  explicit Folder(std::string_view original) : original_(original) {
    CHECK(original.size() < UINT32_MAX);  // callers keep to limits::text_bytes_max
    out_.text.reserve(original.size() + original.size() / 32 + 16);
    out_.origin.reserve(out_.text.capacity());
  }

  void add(Span sentence) {
    line_ = out_.text.size();
    foreign_ = false;
    for (std::size_t at = sentence.begin; at < sentence.end;) at = add_from(at, sentence.end);
    if (foreign_) make_latin();
    if (ends_blank()) drop_last();
    if (out_.text.size() == line_) return;  // nothing visible
    out_.sentences.push_back(sentence);
    out_.lines.push_back({line_, out_.text.size()});
    put('\n', sentence.end);
  }

  Folded finish() {
    out_.origin.push_back(static_cast<std::uint32_t>(original_.size()));
    return std::move(out_);
  }

 private:
  /// Takes one run or one character at `at`; gives where the next begins.
  std::size_t add_from(std::size_t at, std::size_t end) {
    std::size_t run = at;
    while (run < end &&
           (is_plain(original_[run]) || (original_[run] == ' ' && run > at && run + 1 < end && is_plain(original_[run + 1]))))
      ++run;
    if (run > at) {
      add_run(at, run);
      return run;
    }
    std::size_t next = at;
    const char32_t c = next_code_point(original_, next);
    if (is_blank(c) || is_invisible(c)) {
      const std::size_t after = skip_blanks(original_, at, end);
      if (has_blank(at, after)) add_blank(at);
      return after;
    }
    add_character(c, at);
    return next;
  }

  void add_run(std::size_t at, std::size_t end) {
    out_.text.append(original_, at, end - at);
    const std::size_t before = out_.origin.size();
    out_.origin.resize(before + (end - at));
    std::iota(out_.origin.begin() + static_cast<std::ptrdiff_t>(before), out_.origin.end(), static_cast<std::uint32_t>(at));
  }

  /// Whether some of what was skipped parts words; invisible characters alone do not.
  bool has_blank(std::size_t at, std::size_t end) const {
    while (at < end) {
      if (is_blank(next_code_point(original_, at))) return true;
    }
    return false;
  }

  bool ends_blank() const { return out_.text.size() > line_ && out_.text.back() == ' '; }

  void add_blank(std::size_t at) {
    if (out_.text.size() > line_ && out_.text.back() != ' ') put(' ', at);
  }

  void add_character(char32_t c, std::size_t at) {
    plain_.clear();
    append_plain(plain_, c);
    for (const char byte : plain_) {
      if (is_blank(static_cast<unsigned char>(byte) < 0x80 ? static_cast<char32_t>(byte) : U'x')) {
        add_blank(at);
      } else {
        put(byte, at);
      }
    }
    foreign_ = foreign_ || (c >= 0x370 && c < 0x530) || (c >= 0x1F00 && c < 0x2000);
  }

  void put(char byte, std::size_t at) {
    out_.text += byte;
    out_.origin.push_back(static_cast<std::uint32_t>(at));
  }

  void drop_last() {
    out_.text.pop_back();
    out_.origin.pop_back();
  }

  /// Letters of another alphabet that stand in for Latin ones, in words that are Latin otherwise. A word made up of such letters
  /// alone is meant as Latin where the sentence is Latin.
  void make_latin() {
    const std::string line = out_.text.substr(line_);
    bool latin = false, other = false;
    for (std::size_t at = 0; at < line.size();) {
      if (is_ascii_letter(line[at])) latin = true;
      const char32_t c = next_code_point(line, at);
      other = other || (is_cyrillic_or_greek(c) && latin_look_alike(c) == 0);
    }
    const std::vector<std::uint32_t> origins(out_.origin.begin() + static_cast<std::ptrdiff_t>(line_), out_.origin.end());
    out_.text.resize(line_);
    out_.origin.resize(line_);
    for (std::size_t at = 0; at < line.size();) {
      std::size_t end = at;
      bool latin_word = latin && !other;
      while (end < line.size() && is_word_byte(line[end])) latin_word = is_ascii_letter(line[end++]) || latin_word;
      if (end == at) ++end;
      put_word(line, origins, at, end, latin_word);
      at = end;
    }
  }

  static bool is_word_byte(char c) {
    return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '\'' || static_cast<unsigned char>(c) >= 0x80;
  }

  void put_word(const std::string& line, const std::vector<std::uint32_t>& origins, std::size_t at, std::size_t end,
                bool latin_word) {
    while (at < end) {
      std::size_t next = at;
      const char32_t c = next_code_point(line, next);
      const char latin = latin_word && c >= 0x80 ? latin_look_alike(c) : '\0';
      if (latin != 0) {
        put(latin, origins[at]);
      } else {
        for (std::size_t i = at; i < next; ++i) put(line[i], origins[i]);
      }
      at = next;
    }
  }

  std::string_view original_;
  Folded out_;
  std::string plain_;
  std::size_t line_ = 0;  // where the current line begins in out_.text
  bool foreign_ = false;
};

}  // namespace

Folded fold(std::string_view text) {
  Folder folder(text);
  for (const Span& sentence : split_sentences(text)) folder.add(sentence);
  return folder.finish();
}

}  // namespace beadle::rules
