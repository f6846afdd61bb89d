// Word 97 to 2003 ([MS-DOC]): the text as the piece table strings it together; Word 6 and 95: one run of bytes.
#include <algorithm>

#include "base/limits.h"
#include "extract/child/ole.h"
#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

// Places in the file information block ([MS-DOC] §2.5).
constexpr std::uint16_t word_mark = 0xA5EC;
constexpr std::uint16_t word95_mark = 0xA5DC;
constexpr std::size_t flags_at = 0x0A;
constexpr std::uint16_t flag_encrypted = 0x0100;
constexpr std::uint16_t flag_table1 = 0x0200;
constexpr std::uint16_t flag_complex = 0x0004;
constexpr std::size_t body_length_at = 0x4C;
constexpr std::size_t footnotes_length_at = 0x50;
constexpr std::size_t headers_length_at = 0x54;
constexpr std::size_t pieces_place_at = 0x1A2;
constexpr std::size_t pieces_bytes_at = 0x1A6;
constexpr std::uint16_t version_97 = 0x00C1;

struct Pieces {
  std::string_view ends;   // n + 1 character positions
  std::string_view table;  // n descriptors
  std::size_t count = 0;
};

// The Clx ([MS-DOC] §2.9.38): formatting runs to pass over, then the piece table.
Pieces find_pieces(std::string_view clx) {
  std::size_t at = 0;
  while (at + 3 <= clx.size() && clx[at] == 1) at += 3 + u16_at(clx, at + 1);
  if (at + 5 > clx.size() || clx[at] != 2) return {};
  const std::string_view table = clx.substr(at + 5, u32_at(clx, at + 1));
  if (table.size() < 16) return {};
  const std::size_t count = (table.size() - 4) / 12;
  return {table.substr(0, 4 * (count + 1)), table.substr(4 * (count + 1)), count};
}

// Text as UTF-16: character positions count its units.
std::u16string piece_text(std::string_view document, std::uint32_t place, std::size_t characters) {
  constexpr std::uint32_t compressed = 0x40000000;
  std::u16string out;
  const std::size_t at = (place & compressed) != 0 ? (place & ~compressed) / 2 : place;
  if (at >= document.size()) return out;
  const std::string_view bytes = document.substr(at);
  if ((place & compressed) == 0) {
    for (std::size_t i = 0; i < characters && 2 * i + 1 < bytes.size(); ++i) out += static_cast<char16_t>(u16_at(bytes, 2 * i));
    return out;
  }
  for (std::size_t i = 0; i < characters && i < bytes.size(); ++i)
    out += static_cast<char16_t>(static_cast<unsigned char>(bytes[i]));
  return out;
}

// Windows-1252 in the range where Latin-1 has controls.
char16_t windows_character(char16_t c) {
  static constexpr char16_t table[] =
      u"\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
      u"\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";
  return c >= 0x80 && c < 0xA0 ? table[c - 0x80] : c;
}

struct Shown {
  std::string text;
  std::size_t first_page_bytes = std::string::npos;
};

// Word's own marks become characters; the codes of fields go, their results stay ([MS-DOC] §2.4.1, §2.8.25).
Shown shown(std::u16string_view from) {
  std::string units;
  Shown out;
  std::size_t codes = 0;
  const auto is_formula = [&](std::size_t at) {
    return from.substr(at, 5).find(u"EQ ") != std::u16string_view::npos;
  };  // has no result: its code is shown
  const auto flush = [&] {
    out.text += utf8_from_utf16le(units);
    units.clear();
  };
  for (std::size_t at = 0; at < from.size(); ++at) {
    char16_t c = from[at];
    if (c == 0x13 && !is_formula(at)) ++codes;
    if (c == 0x14 || c == 0x15) codes -= codes > 0 ? 1 : 0;
    if (codes > 0 || (c >= 0x13 && c <= 0x15)) continue;
    if (c == 0x0D || c == 0x0B || c == 0x0C) c = c == 0x0C ? u'\f' : u'\n';
    if (c == 0x07) c = u'\t';
    if (c == 0x1E) c = u'-';
    if (c < 0x20 && c != u'\t' && c != u'\n' && c != u'\f') continue;
    c = windows_character(c);
    units += static_cast<char>(c & 0xFF);
    units += static_cast<char>(c >> 8);
    if (c != u'\f') continue;
    flush();
    if (out.first_page_bytes == std::string::npos) out.first_page_bytes = out.text.size();
  }
  flush();
  return out;
}

void add_body(Document& document, std::u16string_view text) {
  const Shown body = shown(text);
  document.add_pages(body.text, std::min(body.first_page_bytes, lines_end(body.text, limits::document_first_page_lines)));
}

void read_word95(Document& document, std::string_view main) {
  if ((u16_at(main, flags_at) & flag_complex) != 0)
    return document.unread(Outcome::unreadable, "an old Word file that was saved in pieces");
  const std::size_t from = u32_at(main, 0x18);
  const std::size_t to = u32_at(main, 0x1C);
  if (from >= to || from >= main.size()) return document.unread(Outcome::unreadable, "an old Word file without text");
  add_body(document, piece_text(main, static_cast<std::uint32_t>(from * 2) | 0x40000000, to - from));
}

}  // namespace

void read_doc(Document& document, const CompoundFile& file, const std::string& prefix) {
  const std::string main = file.stream(prefix + "WordDocument");
  const std::uint16_t mark = u16_at(main, 0);
  const std::uint16_t flags = u16_at(main, flags_at);
  if (mark != word_mark && mark != word95_mark) return document.unread(Outcome::unreadable, "not a Word file that is read");
  if ((flags & flag_encrypted) != 0) return document.unread(Outcome::encrypted, "needs a password");
  if (!prefix.empty()) read_ole_properties(document, file, prefix);
  if (u16_at(main, 2) < version_97) return read_word95(document, main);
  const std::string table = file.stream(prefix + ((flags & flag_table1) != 0 ? "1Table" : "0Table"));
  const std::size_t place = u32_at(main, pieces_place_at);
  const Pieces pieces =
      place >= table.size() ? Pieces{} : find_pieces(std::string_view(table).substr(place, u32_at(main, pieces_bytes_at)));
  if (pieces.count == 0) return document.unread(Outcome::unreadable, "its text cannot be found");
  std::u16string text;
  for (std::size_t i = 0; i < pieces.count && text.size() < limits::document_text_bytes_max; ++i) {
    const std::uint32_t from = u32_at(pieces.ends, 4 * i);
    const std::uint32_t to = u32_at(pieces.ends, 4 * i + 4);
    if (to <= from) continue;
    const std::size_t room = limits::document_text_bytes_max - text.size();
    text += piece_text(main, u32_at(pieces.table, 8 * i + 2), std::min<std::size_t>(to - from, room));
  }
  if (text.size() >= limits::document_text_bytes_max) document.unread(Outcome::limit, "more text than is read of one document");
  const std::u16string_view all(text);
  const std::size_t body_end = std::min<std::size_t>(u32_at(main, body_length_at), all.size());
  const std::size_t headers_from = std::min<std::size_t>(body_end + std::size_t{u32_at(main, footnotes_length_at)}, all.size());
  const std::size_t headers_to = std::min<std::size_t>(headers_from + std::size_t{u32_at(main, headers_length_at)}, all.size());
  add_body(document, all.substr(0, body_end));
  document.add(Place::header_footer, shown(all.substr(headers_from, headers_to - headers_from)).text);
  document.add(Place::body, shown(all.substr(body_end, headers_from - body_end)).text + shown(all.substr(headers_to)).text);
}

}  // namespace beadle::extract
