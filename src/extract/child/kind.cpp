#include "extract/child/kind.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace beadle::extract {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::size_t at;
  std::string_view bytes;
  Kind kind;
};

constexpr std::array magics = {
    Magic{0, "PK\x03\x04"sv, Kind::zip},
    Magic{0, "PK\x05\x06"sv, Kind::zip},            // without members
    Magic{0, "PK\x07\x08PK\x03\x04"sv, Kind::zip},  // one volume of several
    Magic{0, "PK00PK\x03\x04"sv, Kind::zip},
    Magic{0, "7z\xBC\xAF\x27\x1C"sv, Kind::archive},
    Magic{0, "Rar!\x1A\x07"sv, Kind::archive},
    Magic{0, "MSCF\0\0\0\0"sv, Kind::archive},
    Magic{257, "ustar"sv, Kind::archive},
    Magic{0, "\x1F\x8B"sv, Kind::compressed},
    Magic{0, "BZh"sv, Kind::compressed},
    Magic{0,
          "\xFD"
          "7zXZ\0"sv,
          Kind::compressed},
    Magic{0, "\x28\xB5\x2F\xFD"sv, Kind::compressed},
    Magic{0, "{\\rt"sv, Kind::rtf},
    Magic{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, Kind::ole},
    Magic{0, "\x78\x9F\x3E\x22"sv, Kind::tnef},
    Magic{0, "\x89PNG\r\n\x1A\n"sv, Kind::image},
    Magic{0, "\xFF\xD8\xFF"sv, Kind::image},
    Magic{0, "GIF8"sv, Kind::image},
    Magic{0, "BM"sv, Kind::image},
    Magic{0, "II*\0"sv, Kind::image},
    Magic{0, "MM\0*"sv, Kind::image},
    Magic{8, "WEBP"sv, Kind::image},
    Magic{0, "\xD7\xCD\xC6\x9A"sv, Kind::image},    // WMF
    Magic{0, "\x01\0\x09\0\0\x03"sv, Kind::image},  // WMF without its head
    Magic{40, " EMF"sv, Kind::image},
    Magic{4, "ftypheic"sv, Kind::image},
    Magic{4, "ftyp"sv, Kind::sound},
    Magic{0, "ID3"sv, Kind::sound},
    Magic{0, "\xFF\xFB"sv, Kind::sound},  // MP3
    Magic{0, "\xFF\xF3"sv, Kind::sound},
    Magic{0, "OggS"sv, Kind::sound},
    Magic{8, "WAVE"sv, Kind::sound},
};

constexpr std::size_t looked_at_bytes = 4096;

// Acrobat looks for it in the first 1,024 bytes, so senders' programs put things in front.
bool is_pdf(std::string_view bytes) { return bytes.substr(0, 1024).find("%PDF-") != std::string_view::npos; }

bool is_wide_text(std::string_view bytes) { return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"); }

bool is_text(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, looked_at_bytes);
  const auto odd = std::count_if(head.begin(), head.end(), [](char c) {
    const unsigned char u = static_cast<unsigned char>(c);
    return u < 0x20 && u != '\t' && u != '\n' && u != '\r' && u != '\f' && u != 0x1B;
  });
  // A few stray controls do not hide a text; a file format has them everywhere.
  return static_cast<std::size_t>(odd) * 50 <= head.size();
}

// UTF-16 without mark: every other byte of Latin text is zero.
bool looks_wide(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 512);
  std::size_t zeros[2] = {0, 0};
  for (std::size_t i = 0; i < head.size(); ++i) zeros[i % 2] += head[i] == '\0' ? 1 : 0;
  const std::size_t half = head.size() / 2;
  return half >= 8 && ((zeros[0] * 10 > half * 8 && zeros[1] * 10 < half) || (zeros[1] * 10 > half * 8 && zeros[0] * 10 < half));
}

bool is_html(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = trimmed(text.substr(0, looked_at_bytes));
  for (const char* start :
       {"<!doctype", "<html", "<head", "<body", "<?xml", "<!--", "<table", "<div", "<meta", "<title", "<style", "<p>", "<svg"}) {
    if (ascii_istarts_with(text, start)) return true;
  }
  return false;
}

bool is_field_name(std::string_view name) {
  return !name.empty() && name.size() <= 76 &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > 32 && c < 127 && c != ':'; });
}

// Starts with header fields, of which two are of mail. Notes that begin "From: Jane" and go on as a letter are texts; reading
// them as a message loses nothing.
bool is_message(std::string_view text) {
  std::size_t known = 0;
  text = text.substr(0, looked_at_bytes);
  if (text.starts_with("From ")) text.remove_prefix(std::min(text.size(), text.find('\n')));
  for (std::string_view line : split(trimmed(text), '\n')) {
    if (line.empty() || line == "\r") break;
    if (line.front() == ' ' || line.front() == '\t') continue;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_field_name(line.substr(0, colon))) break;
    for (const char* name : {"from", "to", "cc", "subject", "date", "received", "message-id", "mime-version", "return-path",
                             "content-type", "x-mailer"}) {
      if (ascii_iequals(line.substr(0, colon), name)) ++known;
    }
  }
  return known >= 2;
}

}  // namespace

Kind kind_of(std::string_view bytes) {
  if (bytes.empty()) return Kind::empty;
  for (const Magic& magic : magics) {
    if (bytes.size() >= magic.at && bytes.substr(magic.at).starts_with(magic.bytes) && !(magic.bytes == "BM" && is_text(bytes)))
      return magic.kind;
  }
  if (is_pdf(bytes)) return Kind::pdf;
  if (is_wide_text(bytes) || looks_wide(bytes)) return Kind::text;
  if (!is_text(bytes)) return Kind::unknown;
  const std::string_view start = trimmed(bytes.substr(0, looked_at_bytes));
  if (start.starts_with("{\\rt")) return Kind::rtf;
  if (is_html(bytes)) return Kind::html;
  return is_message(bytes) ? Kind::message : Kind::text;
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::empty:
      return "empty";
    case Kind::zip:
      return "zip";
    case Kind::archive:
      return "archive";
    case Kind::compressed:
      return "compressed";
    case Kind::pdf:
      return "pdf";
    case Kind::rtf:
      return "rtf";
    case Kind::ole:
      return "ole";
    case Kind::tnef:
      return "tnef";
    case Kind::html:
      return "html";
    case Kind::message:
      return "message";
    case Kind::text:
      return "text";
    case Kind::image:
      return "image";
    case Kind::sound:
      return "sound";
    case Kind::unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace beadle::extract
