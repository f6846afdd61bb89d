#include "web/mail_html_words.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "base/text.h"
#include "mail/html_tokenizer.h"

namespace beadle::web {
namespace {

// Of a link's destination, what a person can judge.
constexpr std::size_t destination_bytes_max = 400;

// Blanks of all widths, and what takes no room at all: mails are padded with them.
bool is_blank(char32_t c) {
  return c <= ' ' || c == 0xA0 || c == 0xAD || c == 0x34F || (c >= 0x2000 && c <= 0x200F) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 || c == 0xFEFF;
}

}  // namespace

bool is_blank(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!is_blank(next_code_point(text, at))) return false;
  }
  return true;
}

std::string decoded_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t ampersand = std::min(text.find('&', at), text.size());
    out.append(text, at, ampersand - at);
    at = ampersand;
    if (at == text.size()) break;
    const mail::HtmlReference reference = mail::read_html_reference(text.substr(at), false);
    append_utf8(out, reference.length == 0 ? U'&' : reference.first);
    if (reference.second != 0) append_utf8(out, reference.second);
    at += std::max<std::size_t>(reference.length, 1);
  }
  return out;
}

bool has_letters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80 || (c | 32) >= 'a'; });
}

int number_of(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Where a link leads, in words; "" where it stays in the mail.
std::string destination_of(std::string_view href) {
  std::string address;
  for (const char c : href) {
    if (static_cast<unsigned char>(c) > ' ') address += c;  // browsers take line ends and tabs out
  }
  if (address.empty() || address.starts_with('#')) return {};
  for (const std::string_view scheme : {"http:", "https:", "mailto:", "tel:", "ftp:"}) {
    if (ascii_istarts_with(address, scheme)) return shortened(address, destination_bytes_max);
  }
  const std::string_view scheme = std::string_view(address).substr(0, address.find_first_of(":/?#"));
  const bool has_scheme = scheme.size() < address.size() && address[scheme.size()] == ':';
  if (has_scheme) return "not a web address, left out";
  return shortened(address, destination_bytes_max);
}

}  // namespace beadle::web
