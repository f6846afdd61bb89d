// Properties of transfer encodings and charsets: what we write we read back; the strict map (body_map.h) agrees with the lenient
// reading (codec.h) wherever it holds, and its places rise; any bytes in any charset become tidy UTF-8.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "mail/body_map.h"
#include "mail/charset.h"
#include "mail/codec.h"
#include "mail/encoded_word.h"
#include "mail/encoders.h"
#include "mail/header_value.h"

namespace {

using namespace beadle;
using namespace beadle::mail;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

bool is_tidy(std::string_view text) {
  return is_valid_utf8(text) && text.find_first_of(std::string_view("\0\r", 2)) == std::string::npos;
}

void check_written(std::string_view bytes) {
  const std::string base64 = encode_base64_lines(bytes, "\r\n");
  const Decoded back = decode_base64(base64);
  require(back.regular && back.bytes == bytes);
  require(map_body(base64, Encoding::base64).decoded == bytes);
  for (const std::string_view line_end : {"\n", "\r\n"}) {
    const std::string quoted = encode_quoted_printable(bytes, line_end);
    const Decoded read = decode_quoted_printable(quoted);
    const std::string meant = line_end == "\n" ? std::string(bytes) : with_crlf(bytes);
    require(read.regular && read.bytes == meant && map_body(quoted, Encoding::quoted_printable).decoded == meant);
    for (const std::string_view line : split(quoted, '\n')) require(line.size() <= 77 && is_ascii(line));
  }
}

void check_map(std::string_view body, Encoding encoding) {
  const Decoded read = decode_body(body, encoding);
  require(read.bytes.size() <= body.size());
  const BodyMap map = map_body(body, encoding);
  if (!map.refusal.empty()) return;
  require(read.regular && map.decoded == read.bytes);
  require(map.source.empty() || map.source.size() == map.decoded.size());
  require(std::adjacent_find(map.source.begin(), map.source.end(), std::greater_equal<>()) == map.source.end());
  require(map.source.empty() || map.source.back() < body.size());
  // Read from the place of a byte on, the rest is the rest (of base64 from whole quanta on).
  const std::size_t whole = encoding == Encoding::base64 ? 3 : 1;
  for (const std::size_t part : {0, 1, 2, 3, 4}) {
    const std::size_t at = map.decoded.size() * part / 5 / whole * whole;
    if (at < map.decoded.size()) require(decode_body(body.substr(map.source_of(at)), encoding).bytes == map.decoded.substr(at));
  }
}

void check_words(std::string_view bytes) {
  const std::string text = to_utf8(bytes, "utf-8").utf8, words = encode_words(text);
  // A word is a text of its own, and may begin with a byte order mark once more.
  require(is_ascii(words) && decode_header(words) == trimmed(without_controls(to_utf8(text, "utf-8").utf8)));
  require(is_tidy(decode_header(bytes)));
  for (std::size_t at = words.find("=?"); at != std::string::npos;) {
    const auto word = encoded_word_at(words, at);
    require(word.has_value() && word->end - at <= 75);  // RFC 2047 §2
    at = words.find("=?", word->end);
  }
}

// The label is the first line of the input, and besides one that is known.
void check_charsets(std::string_view bytes) {
  constexpr std::array<std::string_view, 16> labels = {
      "",       "us-ascii", "iso-8859-1", "windows-1250", "koi8-r", "iso-2022-jp", "iso-2022-kr", "shift_jis",
      "euc-jp", "gb2312",   "big5",       "hz-gb-2312",   "utf-7",  "utf-16",      "utf-16le",    "utf-32"};
  const std::string_view first = bytes.substr(0, bytes.find('\n'));
  for (const std::string_view label : {first, labels[first.size() % labels.size()]}) {
    const CharsetText text = to_utf8(bytes, label);
    require(is_tidy(text.utf8));
    require(text.utf8.size() <= 16 * bytes.size() + 16);
  }
  require(is_ascii(transliterate_ascii(valid_utf8(bytes.substr(0, 1000)))));
}

std::string without_layout(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return std::string_view(" >\r\n").find(c) == std::string_view::npos; });
  return out;
}

void check_texts(std::string_view text) {
  std::size_t at = 0;
  for (const UuFile& file : decode_uuencoded(text)) {
    require(file.range.begin >= at && file.range.begin < file.range.end && file.range.end <= text.size());
    require(!file.bytes.empty() && file.bytes.size() <= file.range.size());
    at = file.range.end;
  }
  for (const bool delete_space : {false, true}) require(without_layout(unflowed(text, delete_space)) == without_layout(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_written(bytes);
  for (const Encoding encoding : {Encoding::none, Encoding::quoted_printable, Encoding::base64}) check_map(bytes, encoding);
  check_words(bytes);
  check_charsets(bytes);
  check_texts(bytes);
  return 0;
}
