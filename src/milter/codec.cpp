#include "milter/codec.h"

#include <algorithm>

#include "base/limits.h"

namespace beadle::milter {
namespace {

constexpr std::size_t length_bytes = 4;
// RFC 5321 §4.5.3.1.5: a reply line has 512 bytes with its CRLF.
constexpr std::size_t reply_bytes_max = 500;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Length of `4.3.0 ` at the start of `text` (RFC 3463 §2), 0 where there is none.
std::size_t enhanced_code_size(std::string_view text) {
  if (text.size() < 2 || (text[0] != '4' && text[0] != '5') || text[1] != '.') return 0;
  std::size_t at = 2;
  for (const char end : {'.', ' '}) {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at]) && at - start < 3) ++at;
    if (at == start || at == text.size() || text[at] != end) return 0;
    ++at;
  }
  return at;
}

bool has_codes(std::string_view text) {
  return text.size() > 4 && (text[0] == '4' || text[0] == '5') && is_digit(text[1]) && is_digit(text[2]) && text[3] == ' ' &&
         text[4] == text[0] && enhanced_code_size(text.substr(4)) != 0;
}

}  // namespace

std::optional<std::uint32_t> take_uint32(std::string_view& data) {
  if (data.size() < length_bytes) return std::nullopt;
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) number = number << 8 | static_cast<unsigned char>(data[i]);
  data.remove_prefix(length_bytes);
  return number;
}

std::optional<Packet> take_packet(std::string_view& bytes, std::string& problem) {
  std::string_view rest = bytes;
  const auto length = take_uint32(rest);
  if (!length) return std::nullopt;
  if (*length == 0) {
    problem = "a packet without a command";
    return std::nullopt;
  }
  // Looked at before anything is kept of it: the length is the peer's claim.
  if (*length > limits::milter_packet_bytes_max) {
    problem = "a packet of " + std::to_string(*length) + " bytes";
    return std::nullopt;
  }
  if (rest.size() < *length) return std::nullopt;
  const Packet packet{rest[0], rest.substr(1, *length - 1)};
  bytes = rest.substr(*length);
  return packet;
}

std::optional<std::string_view> take_string(std::string_view& data) {
  const std::size_t end = data.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view text = data.substr(0, end);
  data.remove_prefix(end + 1);
  return text;
}

std::optional<std::vector<std::string_view>> take_strings(std::string_view data) {
  std::vector<std::string_view> texts;
  while (!data.empty()) {
    const auto text = take_string(data);
    if (!text) return std::nullopt;
    texts.push_back(*text);
  }
  return texts;
}

void append_uint32(std::string& out, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xFF);
}

void append_packet(std::string& out, char letter, std::initializer_list<std::string_view> parts) {
  std::size_t size = 1;
  for (const std::string_view part : parts) size += part.size();
  append_uint32(out, static_cast<std::uint32_t>(size));
  out += letter;
  for (const std::string_view part : parts) out += part;
}

std::string with_nul(std::string_view text) {
  // A NUL within would end the text early for the mail server.
  std::string out(text.substr(0, text.find('\0')));
  out += '\0';
  return out;
}

void append_reply_code(std::string& out, std::string_view text) {
  std::string words(text.substr(0, reply_bytes_max));
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c < ' ' || c > '~' || c == '%'; }, ' ');
  if (!has_codes(words)) {
    const std::size_t code = enhanced_code_size(words);
    words = (code != 0 && words[0] == '4' ? "451 " : "451 4.3.0 ") + words;
    words.resize(std::min(words.size(), reply_bytes_max));
  }
  append_packet(out, reply::reply_code, {with_nul(words)});
}

}  // namespace beadle::milter
