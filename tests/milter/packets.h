// Packets as people write them: a letter and tokens. "text" is a string with its NUL, 'text' bytes without one, u32:6 a number of
// four bytes; \r \n \t \0 \\ \" \' and \xHH within quotes; 'x'*1000 repeats.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace beadle::milter {

inline std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    if (c == 'x') {
      out += static_cast<char>(std::strtoul(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
      i += 2;
    } else {
      out += c == 'r' ? '\r' : c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : c;
    }
  }
  return out;
}

inline std::string big_endian(std::uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}

/// The token at the start of `text`, as bytes; what follows stays in `text`.
inline std::string take_token(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  std::string out;
  if (text.starts_with("u32:")) {
    const std::size_t end = std::min(text.find(' '), text.size());
    out = big_endian(static_cast<std::uint32_t>(std::strtoul(std::string(text.substr(4, end - 4)).c_str(), nullptr, 0)));
    text.remove_prefix(end);
    return out;
  }
  if (!text.starts_with('"') && !text.starts_with('\'')) {
    const std::size_t end = std::min(text.find(' '), text.size());
    out = text.substr(0, end);
    text.remove_prefix(end);
    return out;
  }
  const char quote = text.front();
  std::size_t end = 1;
  while (end < text.size() && text[end] != quote) end += text[end] == '\\' ? 2 : 1;
  out = unescaped(text.substr(1, end - 1));
  if (quote == '"') out += '\0';
  text.remove_prefix(std::min(end + 1, text.size()));
  if (text.starts_with('*')) {
    char* rest = nullptr;
    const std::string digits(text.substr(1));
    const std::string once = out;
    const unsigned long times = std::strtoul(digits.c_str(), &rest, 10);
    for (unsigned long i = 1; i < times; ++i) out += once;
    text.remove_prefix(1 + static_cast<std::size_t>(rest - digits.c_str()));
  }
  return out;
}

/// `L "Subject" " Tree"` as it goes over the wire.
inline std::string packet(std::string_view text) {
  const std::string command = take_token(text);
  std::string data;
  while (!text.empty()) data += take_token(text);
  return big_endian(static_cast<std::uint32_t>(command.size() + data.size())) + command + data;
}

}  // namespace beadle::milter
