#include "smtp/extensions.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"

namespace beadle::smtp {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// RFC 1870 §4. What is no number, or none of ours, is no bound that a message here could meet.
std::uint64_t size_of(std::string_view text) {
  if (!is_digits(text)) return 0;
  std::uint64_t size = 0;
  for (const char c : text) {
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (size > (UINT64_MAX - digit) / 10) return 0;
    size = size * 10 + digit;
  }
  return size;
}

/// RFC 4422 §3.1: 1 to 20 letters, digits, "-" and "_".
bool is_mechanism(std::string_view text) {
  return text.size() <= 20 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

void add_once(std::vector<std::string>& list, const std::string& word) {
  if (std::find(list.begin(), list.end(), word) == list.end()) list.push_back(word);
}

/// Text as the line of a reply may have it (RFC 5321 §4.2: ASCII). Others' words may be anything, and a client that did not ask
/// for SMTPUTF8 need not understand more.
std::string reply_text(std::string_view line) {
  constexpr std::size_t most = limits::smtp_said_line_bytes_max - 6;  // the code, what stands behind it, CRLF
  constexpr std::string_view cut = "...";
  const std::string clean = printable(line);
  std::string out;
  for (std::size_t at = 0; at < clean.size();) {
    const char32_t c = next_code_point(clean, at);
    out += c < 0x80 ? static_cast<char>(c) : '?';
  }
  if (out.size() > most) out.replace(most - cut.size(), std::string::npos, cut);
  return out;
}

/// "5.7.1" of "5.7.1 Refused" (RFC 2034 §4), "" where there is none.
std::string_view enhanced_code(std::string_view line) {
  const std::string_view word = line.substr(0, line.find(' '));
  const auto numbers = split(word, '.');
  const bool is_one = numbers.size() == 3 && std::all_of(numbers.begin(), numbers.end(), [](std::string_view number) {
                        return number.size() <= 3 && is_digits(number);
                      });
  return is_one ? word : "";
}

}  // namespace

bool is_xforward_attribute(std::string_view name) {
  return std::find(xforward_attributes.begin(), xforward_attributes.end(), name) != xforward_attributes.end();
}

Extensions parse_extensions(const std::vector<std::string>& lines) {
  Extensions out;
  for (const std::string& line : lines) {
    const std::string upper = ascii_upper(line);
    std::vector<std::string> words;
    for (const std::string_view word : split(trimmed(upper), ' ')) {
      if (!word.empty()) words.emplace_back(word);
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
    if (keyword == "SIZE") {
      out.size = true;
      out.size_bytes = words.empty() ? 0 : size_of(words.front());
    }
    for (const std::string& word : words) {
      // An attribute that we do not know could neither be checked nor offered.
      if (keyword == "XFORWARD" && is_xforward_attribute(word)) add_once(out.xforward, word);
      if (keyword == "AUTH" && is_mechanism(word) && out.auth.size() < limits::smtp_auth_mechanisms_max) add_once(out.auth, word);
    }
  }
  return out;
}

std::string to_wire(const Reply& reply) {
  CHECK(reply.code >= 200 && reply.code <= 599 && !reply.lines.empty());
  const std::string code = std::to_string(reply.code);
  std::string out;
  for (std::size_t i = 0; i < reply.lines.size(); ++i) {
    const bool last = i + 1 == reply.lines.size();
    const std::string text = reply_text(reply.lines[i]);
    out += code;
    if (!last) out += '-';
    if (last && !text.empty()) out += ' ';
    out += text + "\r\n";
  }
  return out;
}

Reply reply(std::string_view words) {
  CHECK(words.size() >= 3 && is_digits(words.substr(0, 3)));
  CHECK(words.size() == 3 || words[3] == ' ');
  const int code = (words[0] - '0') * 100 + (words[1] - '0') * 10 + (words[2] - '0');
  CHECK(code >= 200 && code <= 599);
  return {code, {std::string(words.substr(std::min<std::size_t>(4, words.size())))}};
}

std::string to_words(const Reply& reply) {
  std::string out = std::to_string(reply.code);
  std::string_view repeated;
  bool first = true;
  for (const std::string& line : reply.lines) {
    if (out.size() > limits::smtp_reply_words_bytes_max) break;
    std::string_view text = trimmed(line);
    // Servers that say it in several lines say the code in each (RFC 2034 §4).
    const std::string_view code = enhanced_code(text);
    if (!first && !code.empty() && code == repeated) text = trimmed(text.substr(code.size()));
    if (text.empty()) continue;
    if (first) repeated = code;
    out += first ? " " : "; ";
    out += printable(text);
    first = false;
  }
  return shortened(out, limits::smtp_reply_words_bytes_max);
}

}  // namespace beadle::smtp
