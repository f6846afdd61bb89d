#include "mail/address_tokens.h"

#include "mail/encoded_word.h"

namespace beadle::mail {
namespace {

using Kind = AddressTokenKind;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  AddressTokens run() {
    while (at_ < text_.size()) {
      if (is_blank(text_[at_])) {
        blank_ = true;
        ++at_;
      } else if (!read_closed()) {
        read_open();
      }
    }
    return std::move(out_);
  }

 private:
  void add(Kind kind, std::size_t begin, std::size_t end, std::size_t next) {
    out_.tokens.push_back({kind, text_.substr(begin, end - begin), blank_});
    blank_ = false;
    at_ = next;
  }

  // Quoted strings, comments, domain literals and encoded words, where they are closed. What is not closed is no such thing, and
  // is not looked for again: it would hide all that follows, and take time each time.
  bool read_closed() {
    const char c = text_[at_];
    if (c == '"') return read_quoted();
    if (c == '(') return read_comment();
    if (c == '[') return read_literal();
    if (c != '=') return false;
    const auto word = encoded_word_at(text_, at_);
    if (!word) return false;
    if (word->text.find_first_of("@<>") != std::string_view::npos) out_.regular = false;
    add(Kind::encoded, at_, word->end, word->end);
    return true;
  }

  bool read_quoted() {
    for (std::size_t i = at_ + 1; quotes_ && i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '"') {
        add(Kind::quoted, at_ + 1, i, i + 1);
        return true;
      }
    }
    return quotes_ = false;
  }

  bool read_comment() {
    int depth = 0;
    for (std::size_t i = at_; comments_ && i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '(') {
        ++depth;
      } else if (text_[i] == ')' && --depth == 0) {
        add(Kind::comment, at_ + 1, i, i + 1);
        return true;
      }
    }
    return comments_ = false;
  }

  bool read_literal() {
    const std::size_t end = text_.find_first_of("[]@<>,; \t\"", at_ + 1);
    if (end == std::string_view::npos || text_[end] != ']') return false;
    add(Kind::literal, at_, end + 1, end + 1);
    return true;
  }

  void read_open() {
    if (address_specials.find(text_[at_]) == std::string_view::npos) {
      std::size_t end = at_ + 1;
      while (end < text_.size() && !is_blank(text_[end]) && address_specials.find(text_[end]) == std::string_view::npos) ++end;
      add(Kind::atom, at_, end, end);
      return;
    }
    if (std::string_view("()[]\"\\").find(text_[at_]) != std::string_view::npos) out_.regular = false;
    add(Kind::special, at_, at_ + 1, at_ + 1);
  }

  std::string_view text_;
  AddressTokens out_;
  std::size_t at_ = 0;
  bool blank_ = false, quotes_ = true, comments_ = true;
};

}  // namespace

AddressTokens cut_addresses(std::string_view text) { return Tokenizer(text).run(); }

}  // namespace beadle::mail
