// Content-Type and its kin (header_value.h): a value, and parameters in the forms of RFC 2045 §5.1 and RFC 2231.
#include <algorithm>
#include <charconv>
#include <iterator>

#include "base/limits.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/encoded_word.h"
#include "mail/encoders.h"
#include "mail/header_value.h"

namespace beadle::mail {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// RFC 2045 §5.1 token, and "/" besides.
bool is_token_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7F && std::string_view("()<>@,;:\\\"[]?=").find(c) == std::string_view::npos;
}

// One written parameter: "name", "name*" or "name*3*".
struct Piece {
  std::string name;
  int section = -1;       // RFC 2231 §3
  bool extended = false;  // RFC 2231 §4
  std::string value;
  std::size_t place = 0;  // among those written
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool regular = true;
  bool limit = false;

  // The token in front, with its blanks and comments taken out: "text / plain (x)" gives "text/plain".
  std::string read_value() {
    std::string out;
    bool blank = false, closed = false;
    while (at_ < text_.size() && text_[at_] != ';') {
      const char c = text_[at_];
      if (is_blank(c)) {
        blank = true;
      } else if (c == '(' && skip_comment()) {
        regular = false;
        blank = true;
        continue;
      } else {
        const bool part = is_token_byte(c) && !(blank && !out.empty() && out.back() != '/' && c != '/');
        if (!part) regular = false;
        if (!part && c != '"') closed = true;
        if (part && !closed) out += c;
        blank = false;
      }
      ++at_;
    }
    return ascii_lower(out);
  }

  std::vector<Piece> read_pieces() {
    std::vector<Piece> pieces;
    while (next_parameter()) {
      if (pieces.size() == limits::header_parameters_max) {
        limit = true;
        break;
      }
      Piece piece = read_name();
      piece.value = read_parameter_value();
      piece.place = pieces.size();
      pieces.push_back(std::move(piece));
    }
    return pieces;
  }

 private:
  // Behind a comment that is closed. One that is not is none: it must not hide what follows, and is not looked for again.
  bool skip_comment() {
    if (no_comments_) return false;
    int depth = 0;
    for (std::size_t i = at_; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '(') {
        ++depth;
      } else if (text_[i] == ')' && --depth == 0) {
        at_ = i + 1;
        return true;
      }
    }
    no_comments_ = true;
    regular = false;
    return false;
  }

  void skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '(' && skip_comment()) {
        regular = false;
      } else if (is_blank(text_[at_])) {
        ++at_;
      } else {
        return;
      }
    }
  }

  // To the first byte of a name that "=" follows.
  bool next_parameter() {
    while (true) {
      skip_blanks();
      if (at_ >= text_.size()) return false;
      if (text_[at_] == ';') {
        ++at_;
        continue;
      }
      const std::size_t end = text_.find_first_of("=;", at_);
      if (end != std::string_view::npos && text_[end] == '=') return true;
      regular = false;
      at_ = std::min(end, text_.size());
    }
  }

  Piece read_name() {
    const std::size_t equals = text_.find('=', at_);
    Piece piece;
    std::string_view name = trimmed(text_.substr(at_, equals - at_));
    at_ = equals + 1;
    if (!std::all_of(name.begin(), name.end(), is_token_byte) || name.empty()) regular = false;
    const std::size_t star = name.find('*');
    if (star != std::string_view::npos) {
      std::string_view tail = name.substr(star + 1);
      name = name.substr(0, star);
      piece.extended = tail.empty() || tail.ends_with('*');
      if (tail.ends_with('*')) tail.remove_suffix(1);
      if (!tail.empty()) {
        const auto [end, mistake] = std::from_chars(tail.data(), tail.data() + tail.size(), piece.section);
        if (mistake != std::errc() || end != tail.data() + tail.size() || piece.section < 0) {
          piece.section = 0;
          regular = false;
        }
      }
    }
    piece.name = without_controls(valid_utf8(ascii_lower(name)));
    return piece;
  }

  std::string read_parameter_value() {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '"') return read_quoted();
    return read_bare();
  }

  std::string read_quoted() {
    std::string out;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        skip_blanks();
        if (at_ < text_.size() && text_[at_] != ';') regular = false;
        return out;
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out += text_[at_];
    }
    regular = false;  // not closed
    return out;
  }

  // Without quotes up to ";", as "boundary=a=b" and "filename=two words.pdf" are meant; a comment at the end is none of it.
  std::string read_bare() {
    const std::size_t end = std::min(text_.find(';', at_), text_.size());
    std::string_view value = trimmed(text_.substr(at_, end - at_));
    at_ = end;
    if (value.ends_with(')')) {
      const std::size_t open = value.find(" (");
      if (open != std::string_view::npos) value = trimmed(value.substr(0, open));
      regular = false;
    }
    if (value.find_first_of(" \t\"()\\") != std::string_view::npos) regular = false;
    return std::string(value);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool no_comments_ = false;
};

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// A boundary is compared with bytes of the body: it stays as it is written. All else is for people.
std::string shown_value(std::string_view name, std::string_view value) {
  if (name == "boundary") return valid_utf8(value);
  if (value.find("=?") != std::string_view::npos) return decode_header(value);
  return without_controls(is_ascii(value) ? std::string(value) : to_utf8(value, "").utf8);
}

// Pieces of one name, [begin, end), sorted by section: of several forms the one of RFC 2231 counts.
class Joiner {
 public:
  Joiner(std::vector<Piece>::const_iterator begin, std::vector<Piece>::const_iterator end) : begin_(begin), end_(end) {}

  bool regular = true;

  Parameter join() {
    const std::string& name = begin_->name;
    std::vector<const Piece*> plain, whole, sections;
    for (auto piece = begin_; piece != end_; ++piece)
      (piece->section >= 0 ? sections : piece->extended ? whole : plain).push_back(&*piece);
    const int forms = !plain.empty() + !whole.empty() + !sections.empty();
    if (plain.size() > 1 || whole.size() > 1 || (forms > 1 && name == "boundary")) regular = false;
    if (!whole.empty()) return {name, decoded({whole.front()})};
    if (!sections.empty()) return {name, decoded(in_order(sections))};
    return {name, shown_value(name, plain.front()->value)};
  }

 private:
  std::vector<const Piece*> in_order(const std::vector<const Piece*>& sections) {
    std::vector<const Piece*> out;
    for (const Piece* piece : sections) {
      if (!out.empty() && out.back()->section == piece->section) {
        regular = false;  // doubled: the first counts
        continue;
      }
      if (piece->section != static_cast<int>(out.size())) regular = false;
      out.push_back(piece);
    }
    return out;
  }

  // RFC 2231 §4: charset'language'text in the first section.
  std::string decoded(const std::vector<const Piece*>& pieces) {
    std::string bytes, charset;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      std::string_view value = pieces[i]->value;
      if (i == 0 && pieces[i]->extended) {
        const std::size_t first = value.find('\''),
                          second = first == std::string_view::npos ? first : value.find('\'', first + 1);
        if (second == std::string_view::npos) {
          regular = false;
        } else {
          charset = value.substr(0, first);
          value.remove_prefix(second + 1);
        }
      }
      bytes += pieces[i]->extended ? percent_decoded(value) : std::string(value);
    }
    if (begin_->name == "boundary") return valid_utf8(bytes);
    return charset.empty() ? shown_value(begin_->name, bytes) : without_controls(to_utf8(bytes, charset).utf8);
  }

  std::vector<Piece>::const_iterator begin_, end_;
};

struct Placed {
  Parameter parameter;
  std::size_t place;
};

std::vector<Parameter> joined_parameters(std::vector<Piece> pieces, bool& regular) {
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Piece& a, const Piece& b) { return a.name != b.name ? a.name < b.name : a.section < b.section; });
  std::vector<Placed> placed;
  for (auto begin = pieces.cbegin(); begin != pieces.cend();) {
    const auto end = std::find_if(begin, pieces.cend(), [&](const Piece& piece) { return piece.name != begin->name; });
    Joiner joiner(begin, end);
    std::size_t place = begin->place;
    for (auto piece = begin; piece != end; ++piece) place = std::min(place, piece->place);
    placed.push_back({joiner.join(), place});
    if (!joiner.regular) regular = false;
    begin = end;
  }
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.place < b.place; });
  std::vector<Parameter> out;
  for (Placed& one : placed) out.push_back(std::move(one.parameter));
  return out;
}

}  // namespace

ContentField parse_content_field(std::string_view raw) {
  const std::string text = unfolded(raw);
  Reader reader(text);
  ContentField out;
  out.value = reader.read_value();
  std::vector<Piece> pieces = reader.read_pieces();
  out.regular = reader.regular;
  out.limit = reader.limit;
  out.parameters = joined_parameters(std::move(pieces), out.regular);
  return out;
}

ContentField parse_token_field(std::string_view raw) {
  const std::string text = unfolded(raw);
  Reader reader(text);
  ContentField out;
  out.value = reader.read_value();
  out.regular = reader.regular && ascii_iequals(out.value, trimmed(text));
  return out;
}

}  // namespace beadle::mail
