#include "mail/body_map.h"

#include "base/limits.h"

namespace beadle::mail {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

class Map {
 public:
  explicit Map(std::size_t reserve) {
    map_.decoded.reserve(reserve);
    map_.source.reserve(reserve);
  }
  void add(char c, std::size_t source) {
    map_.decoded += c;
    map_.source.push_back(static_cast<std::uint32_t>(source));
  }
  BodyMap take() { return std::move(map_); }

 private:
  BodyMap map_;
};

BodyMap refused(std::string reason) {
  BodyMap map;
  map.refusal = std::move(reason);
  return map;
}

// RFC 2045 §6.7. Blanks before a line end are not part of the text (rule 3); "=" before a line end is a soft break (rule 5).
BodyMap map_quoted_printable(std::string_view body) {
  Map map(body.size());
  std::size_t at = 0;
  while (at < body.size()) {
    std::size_t end = body.find('\n', at);
    const bool ended = end != std::string_view::npos;
    if (!ended) end = body.size();
    std::size_t text_end = end;
    if (ended && text_end > at && body[text_end - 1] == '\r') --text_end;
    const std::size_t line_end_begin = text_end;
    while (text_end > at && (body[text_end - 1] == ' ' || body[text_end - 1] == '\t')) --text_end;
    bool soft = false;
    for (std::size_t i = at; i < text_end; ++i) {
      if (body[i] != '=') {
        map.add(body[i], i);
        continue;
      }
      if (i + 1 == text_end) {
        soft = true;
        break;
      }
      const int high = i + 2 < text_end ? hex_value(body[i + 1]) : -1, low = i + 2 < text_end ? hex_value(body[i + 2]) : -1;
      if (high < 0 || low < 0) return refused("irregular quoted-printable");
      map.add(static_cast<char>(high * 16 + low), i);
      i += 2;
    }
    if (ended && !soft) {
      for (std::size_t i = line_end_begin; i <= end; ++i) map.add(body[i], i);
    }
    at = ended ? end + 1 : body.size();
  }
  return map.take();
}

// RFC 2045 §6.8. Anything but the alphabet, line ends, and padding at the very end is read in several ways.
BodyMap map_base64(std::string_view body) {
  Map map(body.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  std::size_t places[4] = {};
  int count = 0, padding = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    const char c = body[i];
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
    if (c == '=') {
      if (count < 2 || ++padding + count > 4) return refused("irregular base64");
      continue;
    }
    const int value = base64_value(c);
    if (value < 0 || padding > 0) return refused("irregular base64");
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    places[count++] = i;
    if (count < 4) continue;
    for (int k = 0; k < 3; ++k) map.add(static_cast<char>((bits >> (16 - 8 * k)) & 0xFF), places[k]);
    bits = 0;
    count = 0;
  }
  if (count == 0 && padding == 0) return map.take();
  if (count + padding != 4) return refused("irregular base64");
  for (int k = 0; k < count - 1; ++k) map.add(static_cast<char>((bits >> (count * 6 - 8 * (k + 1))) & 0xFF), places[k]);
  return map.take();
}

}  // namespace

BodyMap map_body(std::string_view body, Encoding encoding) {
  if (body.size() > limits::footer_body_bytes_max) return refused("body over the limit for edits");
  switch (encoding) {
    case Encoding::none:
      return {.decoded = std::string(body), .source = {}, .refusal = ""};
    case Encoding::quoted_printable:
      return map_quoted_printable(body);
    case Encoding::base64:
      return map_base64(body);
    case Encoding::unknown:
      break;
  }
  return refused("unknown transfer encoding");
}

}  // namespace beadle::mail
