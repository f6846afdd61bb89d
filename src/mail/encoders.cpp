#include "mail/encoders.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace beadle::mail {
namespace {

constexpr std::string_view digits = "0123456789ABCDEF";
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t quoted_printable_columns = 75;  // RFC 2045 §6.7: 76 with the soft break
constexpr std::size_t base64_columns = 76;
constexpr std::size_t encoded_word_bytes =
    39;  // 52 of base64, and "=?utf-8?B?" and "?=" about them: within 75 columns (RFC 2047 §2)

std::string hex_escape(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return {'=', digits[byte >> 4], digits[byte & 15]};
}

// One line of text: soft breaks where it grows too long.
void encode_line(std::string& out, std::string_view line, std::string_view line_end) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool blank_at_end = (c == ' ' || c == '\t') && i + 1 == line.size();
    const bool at_start = column == 0 && (c == '.' || (c == 'F' && line.substr(i).starts_with("From ")));
    const bool plain = ((c >= '!' && c <= '~' && c != '=') || c == ' ' || c == '\t') && !blank_at_end && !at_start;
    const std::string piece = plain ? std::string(1, c) : hex_escape(c);
    if (column + piece.size() > quoted_printable_columns) {
      out += '=';
      out += line_end;
      column = 0;
    }
    out += piece;
    column += piece.size();
  }
}

}  // namespace

std::string encode_quoted_printable(std::string_view text, std::string_view line_end) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    encode_line(out, text.substr(0, end), line_end);
    if (end == std::string_view::npos) break;
    out += line_end;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string encode_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t value = 0;
    for (std::size_t k = 0; k < 3; ++k) value = (value << 8) | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += k <= count ? alphabet[(value >> (18 - 6 * k)) & 63] : '=';
  }
  return out;
}

std::string encode_base64_lines(std::string_view bytes, std::string_view line_end) {
  const std::string encoded = encode_base64(bytes);
  std::string out;
  for (std::size_t at = 0; at < encoded.size(); at += base64_columns) {
    out += encoded.substr(at, base64_columns);
    out += line_end;
  }
  return out;
}

std::string encode_words(std::string_view utf8) {
  const bool plain = std::all_of(utf8.begin(), utf8.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (plain && utf8.find("=?") == std::string_view::npos) return std::string(utf8);
  std::string out;
  for (std::size_t at = 0; at < utf8.size();) {
    std::size_t end = at;  // whole characters only (RFC 2047 §5)
    while (end < utf8.size()) {
      std::size_t next = end;
      next_code_point(utf8, next);
      if (next - at > encoded_word_bytes) break;
      end = next;
    }
    if (!out.empty()) out += ' ';
    out += "=?utf-8?B?" + encode_base64(utf8.substr(at, end - at)) + "?=";
    at = end;
  }
  return out;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace beadle::mail
