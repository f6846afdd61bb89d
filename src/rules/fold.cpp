// Sentences made plain, one a line.
#include <array>

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
    out_.text.reserve(original.size() + original.size() / 32 + 16);
  }

  void add(Span sentence) {
    line_ = out_.text.size();
    foreign_ = false;
    for (std::size_t at = sentence.begin; at < sentence.end;) at = add_from(at, sentence.end);
    if (foreign_) make_latin();
    if (ends_blank()) out_.text.pop_back();
    if (out_.text.size() == line_) return;  // nothing visible
    out_.sentences.push_back(sentence);
    out_.lines.push_back({line_, out_.text.size()});
    out_.text += '\n';
  }

  Folded finish() { return std::move(out_); }

 private:
  /// Takes one run or one character at `at`; gives where the next begins.
  std::size_t add_from(std::size_t at, std::size_t end) {
    std::size_t run = at;
    while (run < end &&
           (is_plain(original_[run]) || (original_[run] == ' ' && run > at && run + 1 < end && is_plain(original_[run + 1]))))
      ++run;
    if (run > at) {
      out_.text.append(original_, at, run - at);
      return run;
    }
    std::size_t next = at;
    const char32_t c = next_code_point(original_, next);
    if (is_blank(c) || is_invisible(c)) {
      const std::size_t after = skip_blanks(original_, at, end);
      if (has_blank(at, after)) add_blank();
      return after;
    }
    add_character(c);
    return next;
  }

  /// Whether some of what was skipped parts words; invisible characters alone do not.
  bool has_blank(std::size_t at, std::size_t end) const {
    while (at < end) {
      if (is_blank(next_code_point(original_, at))) return true;
    }
    return false;
  }

  bool ends_blank() const { return out_.text.size() > line_ && out_.text.back() == ' '; }

  void add_blank() {
    if (out_.text.size() > line_ && out_.text.back() != ' ') out_.text += ' ';
  }

  void add_character(char32_t c) {
    plain_.clear();
    append_plain(plain_, c);
    for (const char byte : plain_) {
      if (is_blank(static_cast<unsigned char>(byte) < 0x80 ? static_cast<char32_t>(byte) : U'x')) {
        add_blank();
      } else {
        out_.text += byte;
      }
    }
    foreign_ = foreign_ || (c >= 0x370 && c < 0x530) || (c >= 0x1F00 && c < 0x2000);
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
    out_.text.resize(line_);
    for (std::size_t at = 0; at < line.size();) {
      std::size_t end = at;
      bool latin_word = latin && !other;
      while (end < line.size() && is_word_byte(line[end])) latin_word = is_ascii_letter(line[end++]) || latin_word;
      if (end == at) ++end;
      put_word(std::string_view(line).substr(at, end - at), latin_word);
      at = end;
    }
  }

  static bool is_word_byte(char c) {
    return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '\'' || static_cast<unsigned char>(c) >= 0x80;
  }

  void put_word(std::string_view word, bool latin_word) {
    for (std::size_t at = 0; at < word.size();) {
      const std::size_t begin = at;
      const char32_t c = next_code_point(word, at);
      const char latin = latin_word && c >= 0x80 ? latin_look_alike(c) : '\0';
      if (latin != 0) {
        out_.text += latin;
      } else {
        out_.text.append(word, begin, at - begin);
      }
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
