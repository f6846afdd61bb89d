#include "mail/footer_words.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "mail/charset.h"
#include "mail/encoders.h"
#include "mail/footer_gate.h"

namespace beadle::mail {
namespace {

bool is_utf8_label(std::string_view charset) { return ascii_iequals(charset, "utf-8") || ascii_iequals(charset, "utf8"); }

bool is_single_byte(std::string_view charset) {
  for (const std::string_view prefix : {"iso-8859-", "iso8859-", "iso_8859-", "windows-125", "cp125", "koi8-"}) {
    if (ascii_istarts_with(charset, prefix)) return true;
  }
  return ascii_iequals(charset, "latin1");
}

// The byte that a charset of one byte a character has for `character`; 0 where it has none. Asked of the reader itself, so that
// what is written is what will be read.
char byte_of(std::string_view character, std::string_view charset) {
  for (int byte = 0xA0; byte <= 0xFF; ++byte) {
    const char c = static_cast<char>(byte);
    if (to_utf8({&c, 1}, charset).utf8 == character) return c;
  }
  return 0;
}

// Empty where the charset lacks a character, or where nobody can tell because readers differ (0x80 to 0x9F).
std::string in_single_bytes(std::string_view utf8, std::string_view charset) {
  std::string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(utf8, at);
    const char byte = c < 0x80 ? static_cast<char>(c) : byte_of(utf8.substr(begin, at - begin), charset);
    if (byte == 0) return "";
    out += byte;
  }
  return out;
}

}  // namespace

bool extends_ascii(std::string_view charset) {
  if (charset.empty() || is_single_byte(charset)) return true;
  for (const std::string_view name :
       {"us-ascii", "ascii", "ansi_x3.4-1968", "utf-8", "utf8", "gb2312", "gbk", "gb18030", "big5", "euc-kr", "euc-jp",
        "shift_jis", "ks_c_5601-1987", "macintosh", "windows-874", "tis-620"}) {
    if (ascii_iequals(charset, name)) return true;
  }
  return false;
}

bool allows_eight_bit(const Message& message, const Part& part) {
  if (part.encoding != Encoding::none) return true;
  const std::string encoding = ascii_lower(raw_field(message, part, "Content-Transfer-Encoding"));
  if (encoding == "8bit" || encoding == "binary") return true;
  return encoding.empty() && !is_ascii(slice(message.bytes, part.body));
}

std::string line_in_html(std::string_view line) {
  std::string out = "<p>";
  for (std::size_t at = 0; at < line.size();) {
    const char32_t c = next_code_point(line, at);
    if (c == U'&')
      out += "&amp;";
    else if (c == U'<')
      out += "&lt;";
    else if (c == U'>')
      out += "&gt;";
    else if (c < 0x80)
      out += static_cast<char>(c);
    else
      out += "&#" + std::to_string(static_cast<std::uint32_t>(c)) + ";";
  }
  return out + "</p>";
}

std::string line_in_charset(std::string_view line, std::string_view charset, bool eight_bit) {
  if (is_ascii(line)) return std::string(line);
  if (eight_bit && is_utf8_label(charset)) return std::string(line);
  if (eight_bit && is_single_byte(charset)) {
    if (std::string bytes = in_single_bytes(line, charset); !bytes.empty()) return bytes;
  }
  const std::string ascii = plain_words(line);
  const bool holds = is_ascii(ascii) && ascii.find('?') == std::string::npos &&
                     std::all_of(ascii.begin(), ascii.end(), [](char c) { return c >= ' ' && c != 0x7F; });
  return holds ? ascii : "";
}

std::string line_in_part(const Message& message, const Part& part, std::string_view line) {
  return part.type == "text/html" ? line_in_html(line) : line_in_charset(line, part.charset, allows_eight_bit(message, part));
}

std::string plain_words(std::string_view line) { return is_ascii(line) ? std::string(line) : transliterate_ascii(line); }

}  // namespace beadle::mail
