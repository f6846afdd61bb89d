#include "imap/folder_name.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "base/check.h"
#include "base/text.h"

namespace beadle::imap {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

void append_units(std::vector<char16_t>& units, char32_t point) {
  if (point < 0x10000) return units.push_back(static_cast<char16_t>(point));
  const char32_t rest = point - 0x10000;
  units.push_back(static_cast<char16_t>(0xd800 + (rest >> 10)));
  units.push_back(static_cast<char16_t>(0xdc00 + (rest & 0x3ff)));
}

/// "&…-" of UTF-16 in big-endian order; base64 with a comma, without padding.
void append_shifted(std::string& out, std::vector<char16_t>& units) {
  if (units.empty()) return;
  out += '&';
  std::uint32_t bits = 0;
  int count = 0;
  for (const char16_t unit : units) {
    bits = (bits << 16) | unit;
    count += 16;
    for (; count >= 6; count -= 6) out += digits[(bits >> (count - 6)) & 63];
    bits &= (1u << count) - 1;
  }
  if (count > 0) out += digits[(bits << (6 - count)) & 63];
  out += '-';
  units.clear();
}

/// What stands between "&" and "-"; nullopt where it is no UTF-16.
std::optional<std::string> unshifted(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  char32_t high = 0;
  for (const char c : text) {
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 16) continue;
    count -= 16;
    const char32_t unit = (bits >> count) & 0xffff;
    bits &= (1u << count) - 1;
    const bool is_high = unit >= 0xd800 && unit < 0xdc00, is_low = unit >= 0xdc00 && unit < 0xe000;
    if ((high != 0) != is_low) return std::nullopt;
    if (is_high) {
      high = unit;
    } else {
      append_utf8(out, is_low ? 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00) : unit);
      high = 0;
    }
  }
  if (high != 0 || bits != 0 || count >= 6) return std::nullopt;
  return out;
}

}  // namespace

std::string to_wire_name(std::string_view utf8) {
  std::string out;
  std::vector<char16_t> units;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t point = next_code_point(utf8, at);
    if (point < 0x20 || point > 0x7e) {
      append_units(units, point);
      continue;
    }
    append_shifted(out, units);
    out += static_cast<char>(point);
    if (point == U'&') out += '-';
  }
  append_shifted(out, units);
  return out;
}

std::string from_wire_name(std::string_view wire) {
  std::string out;
  for (std::size_t at = 0; at < wire.size(); ++at) {
    if (wire[at] != '&') {
      out += wire[at];
      continue;
    }
    const std::size_t end = wire.find('-', at);
    const auto text = end == std::string_view::npos ? std::nullopt : unshifted(wire.substr(at + 1, end - at - 1));
    if (!text) return valid_utf8(wire);
    out += text->empty() ? "&" : *text;
    at = end;
  }
  return valid_utf8(out);
}

std::string quoted_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    CHECK(c >= 0x20 && c < 0x7f);
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace beadle::imap
