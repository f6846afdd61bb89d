#include "people/fold.h"

#include <algorithm>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/text.h"

namespace beadle::people {
namespace {

/// Letters that people write without their stroke or ligature, but that Unicode does not decompose.
std::string_view plain_letter(char32_t c) {
  switch (c) {
    case U'ø': case U'Ø': return "o";
    case U'ł': case U'Ł': return "l";
    case U'đ': case U'Đ': case U'ð': case U'Ð': return "d";
    case U'ħ': case U'Ħ': return "h";
    case U'ı': return "i";
    case U'æ': case U'Æ': return "ae";
    case U'œ': case U'Œ': return "oe";
    case U'þ': case U'Þ': return "th";
    case U'ß': case U'ẞ': return "ss";
    default: return "";
  }
}

bool is_mark(char32_t c) {
  const auto type = u_charType(static_cast<UChar32>(c));
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_COMBINING_SPACING_MARK || type == U_FORMAT_CHAR;
}

/// Adds the folded letters of `c`; false where it is no letter or digit. One code point at a time: normalising a whole text
/// sorts runs of marks, which a hostile text can make slow.
bool append_letter(std::string& out, char32_t c) {
  const auto plain = plain_letter(c);
  if (!plain.empty()) {
    out += plain;
    return true;
  }
  if (u_isalnum(static_cast<UChar32>(c)) == 0) return false;
  UErrorCode status = U_ZERO_ERROR;
  static const icu::Normalizer2* const decomposer = icu::Normalizer2::getNFKDInstance(status);
  icu::UnicodeString parts;
  if (decomposer == nullptr || decomposer->getDecomposition(static_cast<UChar32>(c), parts) == 0) parts = static_cast<UChar32>(c);
  for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    const auto part = static_cast<char32_t>(parts.char32At(i));
    if (!is_mark(part)) append_utf8(out, static_cast<char32_t>(u_foldCase(static_cast<UChar32>(part), U_FOLD_CASE_DEFAULT)));
  }
  return true;
}

bool is_apostrophe(char32_t c) { return c == U'\'' || c == U'’' || c == U'‘' || c == U'ʼ' || c == U'`' || c == U'´' || c == U'′'; }
bool is_hyphen(char32_t c) { return c == U'-' || c == U'‐' || c == U'‑'; }

class Folder {
 public:
  void add(char32_t c) {
    if (c < 0x80 ? add_ascii(static_cast<char>(c)) : append_letter(current_, c)) return;
    if (is_apostrophe(c)) {
      if (!current_.empty()) apostrophe_at_ = current_.size();
    } else if (is_hyphen(c) && !current_.empty()) {
      current_ += '-';
    } else if (c < 0x80 || !is_mark(c)) {
      end_word();
      note_gap(c);
    }
  }

  std::vector<Word> finish() {
    end_word();
    return std::move(words_);
  }

 private:
  bool add_ascii(char c) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return false;
    current_ += c;
    return true;
  }

  void end_word() {
    while (current_.ends_with('-')) {
      current_.pop_back();
      dangling_ = true;
    }
    // "Holt's": the s behind the last apostrophe is not hers.
    if (apostrophe_at_ > 0 && apostrophe_at_ + 1 == current_.size() && current_.back() == 's') current_.pop_back();
    if (!current_.empty()) {
      words_.push_back({std::move(current_), gap_});
      gap_ = Word::Gap::blank;
    }
    if (dangling_) gap_ = Word::Gap::other;
    dangling_ = false;
    current_.clear();
    apostrophe_at_ = 0;
  }

  void note_gap(char32_t c) {
    if (c == U' ' || c == U'\n' || u_isUWhiteSpace(static_cast<UChar32>(c)) != 0) return;
    const auto gap = c == U'.' ? Word::Gap::dot : c == U',' ? Word::Gap::comma : Word::Gap::other;
    gap_ = gap_ == Word::Gap::blank ? gap : Word::Gap::other;
  }

  std::vector<Word> words_;
  std::string current_;
  std::size_t apostrophe_at_ = 0;
  bool dangling_ = false;
  Word::Gap gap_ = Word::Gap::blank;
};

}  // namespace

std::vector<Word> fold_words(std::string_view text) {
  Folder folder;
  for (std::size_t at = 0; at < text.size();) folder.add(next_code_point(text, at));
  return folder.finish();
}

std::string fold_phrase(std::string_view text) {
  std::string out;
  for (const Word& word : fold_words(text)) {
    if (!out.empty()) out += ' ';
    out += word.text;
  }
  return out;
}

}  // namespace beadle::people
