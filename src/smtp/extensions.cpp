#include "smtp/extensions.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"

namespace beadle::smtp {
namespace {

constexpr std::size_t reply_text_bytes_max = 506;  // RFC 5321 §4.5.3.1.5: 512 with the code, what follows it and the line end

std::string ascii_upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

/// RFC 1870 §4: up to 20 digits. What is no number, or too large for one of ours, is no bound that any message here comes near.
std::uint64_t size_of(std::string_view digits) {
  if (digits.size() > 18) return 0;
  std::uint64_t size = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return 0;
    size = size * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return size;
}

}  // namespace

Extensions parse_extensions(const std::vector<std::string>& lines) {
  Extensions out;
  for (const std::string& line : lines) {
    std::vector<std::string> words;
    for (const std::string_view word : split(trimmed(line), ' ')) {
      if (!word.empty()) words.push_back(ascii_upper(word));
    }
    if (words.empty()) continue;
    const std::string keyword = words.front();
    words.erase(words.begin());
    if (keyword == "PIPELINING") out.pipelining = true;
    if (keyword == "8BITMIME") out.eight_bit_mime = true;
    if (keyword == "SMTPUTF8") out.smtputf8 = true;
    if (keyword == "DSN") out.dsn = true;
    if (keyword == "ENHANCEDSTATUSCODES") out.enhanced_codes = true;
    if (keyword == "STARTTLS") out.starttls = true;
    if (keyword == "XFORWARD") out.xforward = words;
    if (keyword == "AUTH") out.auth = words;
    if (keyword != "SIZE") continue;
    out.size = true;
    out.size_bytes = words.empty() ? 0 : size_of(words.front());
  }
  return out;
}

std::string to_wire(const Reply& reply) {
  std::string out;
  for (std::size_t i = 0; i < reply.lines.size(); ++i) {
    out += std::to_string(reply.code) + (i + 1 < reply.lines.size() ? "-" : " ");
    out += shortened(printable(reply.lines[i]), reply_text_bytes_max) + "\r\n";
  }
  return out;
}

Reply reply(std::string_view words) {
  CHECK(words.size() >= 3 && words.substr(0, 3).find_first_not_of("0123456789") == std::string_view::npos);
  CHECK(words.size() == 3 || words[3] == ' ');
  const int code = (words[0] - '0') * 100 + (words[1] - '0') * 10 + (words[2] - '0');
  return {code, {std::string(words.substr(std::min<std::size_t>(4, words.size())))}};
}

std::string to_words(const Reply& reply) {
  std::string out = std::to_string(reply.code);
  for (std::size_t i = 0; i < reply.lines.size(); ++i) {
    const std::string line = printable(trimmed(reply.lines[i]));
    if (!line.empty()) out += (out.size() > 3 ? "; " : " ") + line;
  }
  return out;
}

}  // namespace beadle::smtp
