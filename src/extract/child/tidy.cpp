#include "extract/child/tidy.h"

#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::extract {
namespace {

unsigned char byte_at(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

std::string utf8_from_utf16(std::string_view bytes, std::size_t low) {
  std::string out;
  out.reserve(bytes.size() / 2 + bytes.size() / 8);
  const auto unit = [&](std::size_t at) {
    return static_cast<char32_t>(byte_at(bytes, at + low) | byte_at(bytes, at + 1 - low) << 8);
  };
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    char32_t c = unit(at);
    if (c >= 0xD800 && c < 0xDC00 && at + 3 < bytes.size() && (unit(at + 2) & 0xFC00) == 0xDC00) {
      c = 0x10000 + ((c & 0x3FF) << 10) + (unit(at + 2) & 0x3FF);
      at += 2;
    } else if (c >= 0xD800 && c < 0xE000) {
      c = 0xFFFD;
    }
    append_utf8(out, c);
  }
  return out;
}

std::string converter_name(unsigned code_page) {
  if (code_page == 10000) return "macintosh";
  if (code_page == 28591) return "ISO-8859-1";
  if (code_page < 900 || code_page == 1006) return "ibm-" + std::to_string(code_page);
  return "windows-" + std::to_string(code_page);
}

using Converter = std::unique_ptr<UConverter, void (*)(UConverter*)>;

Converter open_converter(const std::string& name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter converter(ucnv_open(name.c_str(), &status), ucnv_close);
  if (U_FAILURE(status)) converter.reset();
  return converter;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string tidied(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c == '\r') {
      if (at < text.size() && text[at] == '\n') ++at;
      out += '\n';
    } else if (c == '\n' || c == 0x0B || c == 0x0C || c == 0x2028 || c == 0x2029) {
      out += '\n';
    } else if (c == '\t' || (c >= 0x20 && c != 0x7F)) {
      append_utf8(out, c);
    }
  }
  return out;
}

std::string shown_name(std::string_view name) {
  const std::string text = is_valid_utf8(name) ? std::string(name) : utf8_from_code_page(name, 437);
  const std::string shown = shortened(printable(text), limits::document_name_bytes_max);
  return shown.empty() ? "unnamed" : shown;
}

std::size_t lines_end(std::string_view text, std::size_t lines) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < lines && at < text.size(); ++i) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  return at;
}

std::size_t last_whole_character(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text.size();
  std::size_t end = bytes_max;
  while (end > 0 && (byte_at(text, end) & 0xC0) == 0x80) --end;
  return end;
}

std::uint16_t u16_at(std::string_view bytes, std::size_t at) {
  if (at >= bytes.size() || bytes.size() - at < 2) return 0;
  return static_cast<std::uint16_t>(byte_at(bytes, at) | byte_at(bytes, at + 1) << 8);
}

std::uint32_t u32_at(std::string_view bytes, std::size_t at) {
  if (at >= bytes.size() || bytes.size() - at < 4) return 0;
  return static_cast<std::uint32_t>(u16_at(bytes, at)) | static_cast<std::uint32_t>(u16_at(bytes, at + 2)) << 16;
}

std::string utf8_from_utf16le(std::string_view bytes) { return utf8_from_utf16(bytes, 0); }
std::string utf8_from_utf16be(std::string_view bytes) { return utf8_from_utf16(bytes, 1); }

std::string utf8_from_code_page(std::string_view bytes, unsigned code_page) {
  if (is_ascii(bytes)) return std::string(bytes);
  if (code_page == 65001) return valid_utf8(bytes);
  // The last converter is kept: RTF changes between two or three, run by run.
  static Converter kept(nullptr, ucnv_close);
  static unsigned kept_code_page = 0;
  if (!kept || kept_code_page != code_page) {
    kept = open_converter(converter_name(code_page));
    if (!kept) kept = open_converter("windows-1252");
    kept_code_page = code_page;
  }
  if (!kept) return valid_utf8(bytes);
  std::string out;
  std::array<UChar, 1024> piece;
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  ucnv_reset(kept.get());
  for (UErrorCode status = U_BUFFER_OVERFLOW_ERROR; status == U_BUFFER_OVERFLOW_ERROR;) {
    status = U_ZERO_ERROR;
    UChar* to = piece.data();
    ucnv_toUnicode(kept.get(), &to, piece.data() + piece.size(), &from, end, nullptr, true, &status);
    out += utf8_from_utf16le(
        {reinterpret_cast<const char*>(piece.data()), static_cast<std::size_t>(to - piece.data()) * sizeof(UChar)});
  }
  return out;
}

}  // namespace beadle::extract
