#include "mail/encoded_word.h"

#include "base/text.h"
#include "mail/codec.h"

namespace beadle::mail {
namespace {

constexpr std::size_t charset_bytes_max = 80;  // longest registered name and a language

// RFC 2047 §4.2: quoted-printable with "_" for the blank.
std::string decode_q(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (text[i] == '=' && low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '_' ? ' ' : text[i];
    }
  }
  return out;
}

// Where the text that begins at `from` is closed by "?="; npos where another word begins before that.
std::size_t closing(std::string_view value, std::size_t from) {
  for (std::size_t mark = value.find('?', from); mark != std::string_view::npos; mark = value.find('?', mark + 1)) {
    if (mark + 1 < value.size() && value[mark + 1] == '=') return mark;
    if (mark > from && value[mark - 1] == '=') return std::string_view::npos;
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<EncodedWord> encoded_word_at(std::string_view value, std::size_t at) {
  if (value.substr(at, 2) != "=?") return std::nullopt;
  const std::size_t begin = at + 2;
  const std::size_t mark = value.substr(begin, charset_bytes_max + 1).find('?');
  if (mark == std::string_view::npos || mark == 0) return std::nullopt;
  std::string_view charset = value.substr(begin, mark);
  if (charset.find_first_of(" \t<>\"@") != std::string_view::npos) return std::nullopt;
  charset = charset.substr(0, charset.find('*'));
  const std::size_t encoding = begin + mark + 1;
  if (encoding + 2 > value.size() || value[encoding + 1] != '?') return std::nullopt;
  const char letter = static_cast<char>(value[encoding] | 0x20);
  if (letter != 'q' && letter != 'b') return std::nullopt;
  const std::size_t text = encoding + 2;
  const std::size_t end = closing(value, text);
  if (end == std::string_view::npos) return std::nullopt;
  return EncodedWord{charset, letter, value.substr(text, end - text), end + 2};
}

std::string bytes_of(const EncodedWord& word) {
  return word.encoding == 'q' ? decode_q(word.text) : decode_base64(word.text).bytes;
}

std::string without_controls(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(utf8, at);
    if (c == '\t' || c == '\r' || c == '\n' || c == 0x2028 || c == 0x2029) {
      out += ' ';
    } else if (c == 0xFFFD) {
      append_utf8(out, c);
    } else if (c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0)) {
      out += utf8.substr(begin, at - begin);
    }
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace beadle::mail
