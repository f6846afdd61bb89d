#include "mail/footer_splice.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "mail/body_map.h"
#include "mail/charset.h"
#include "mail/encoders.h"
#include "mail/footer_gate.h"
#include "mail/html.h"
#include "mail/html_places.h"
#include "mail/zones.h"

namespace beadle::mail {
namespace {

constexpr std::size_t base64_columns = 76;

/// Where and what, in decoded bytes; `text` has LF line ends.
struct Insertion {
  std::size_t at = 0;
  std::string text;
  std::string refusal;
};

Insertion refused(std::string reason) { return {0, "", std::move(reason)}; }

bool is_own(ZoneKind kind) { return kind == ZoneKind::own || kind == ZoneKind::signature || kind == ZoneKind::footer; }
bool is_letter(ZoneKind kind) { return kind == ZoneKind::quoted || kind == ZoneKind::forwarded; }

// The last zone of the sender's own words that says something; zones.size() where there is none.
std::size_t last_own(std::string_view text, const std::vector<Zone>& zones) {
  std::size_t found = zones.size();
  for (std::size_t i = 0; i < zones.size(); ++i) {
    if (is_own(zones[i].kind) && !trimmed(slice(text, zones[i].range)).empty()) found = i;
  }
  return found;
}

// May own words end before this zone? Only where it begins a letter, or standing text, for certain.
bool is_certain_end(const Zone& zone, const std::vector<Original>& originals) {
  if (!zone.certain) return false;
  if (zone.kind == ZoneKind::disclaimer) return zone.original < 0;
  if (!is_letter(zone.kind) || zone.original < 0) return false;
  return originals[static_cast<std::size_t>(zone.original)].range.begin == zone.range.begin;
}

bool at_line_start(std::string_view text, std::size_t at) { return at == 0 || text[at - 1] == '\n'; }

// Below the newest own words where it is certain that they end there; else at the end of the body.
std::size_t place_in_plain(std::string_view text, const ZoneContext& context) {
  const ZonedText zoned = find_zones(text, {}, context);
  const std::size_t own = last_own(text, zoned.zones);
  const std::size_t next = own == zoned.zones.size() ? 0 : own + 1;
  // Words in nobody's name before the first letter (a banner) are not ours to part.
  if (next >= zoned.zones.size() || !is_certain_end(zoned.zones[next], zoned.originals)) return text.size();
  const std::size_t at = zoned.zones[next].range.begin;
  return at_line_start(text, at) ? at : text.size();
}

// Bytes of the last line before `at`, without its line end.
std::string_view line_before(std::string_view text, std::size_t at) {
  std::string_view before = text.substr(0, at);
  if (before.ends_with('\n')) before.remove_suffix(1);
  if (before.ends_with('\r')) before.remove_suffix(1);
  const std::size_t begin = before.rfind('\n');
  return begin == std::string_view::npos ? before : before.substr(begin + 1);
}

Insertion insert_in_plain(std::string_view text, std::string_view line, const ZoneContext& context) {
  Insertion out{.at = place_in_plain(text, context), .text = "", .refusal = ""};
  const bool at_end = out.at == text.size();
  if (text.empty()) {
    out.text = std::string(line) + "\n";
    return out;
  }
  // An empty line above; it also ends a paragraph of format=flowed (RFC 3676 §4.2).
  if (!at_line_start(text, out.at))
    out.text += "\n\n";
  else if (out.at > 0 && !line_before(text, out.at).empty())
    out.text += "\n";
  out.text += line;
  if (!at_end)
    out.text += "\n\n";
  else if (text.ends_with('\n'))
    out.text += "\n";
  return out;
}

// The HTML text has zones already: a letter that ends it, and no own words below.
bool answers_above(const Message& message, std::size_t part) {
  for (const Text& text : message.texts) {
    if (static_cast<std::size_t>(text.part) != part) continue;
    const std::size_t own = last_own(text.utf8, text.zones);
    const std::size_t next = own == text.zones.size() ? 0 : own + 1;
    if (next >= text.zones.size() || !text.zones[next].certain) return false;
    const auto first_letter =
        std::find_if(text.zones.begin(), text.zones.end(), [](const Zone& zone) { return is_letter(zone.kind); });
    return first_letter == text.zones.begin() + static_cast<std::ptrdiff_t>(next);
  }
  return false;
}

Insertion insert_in_html(const Message& message, std::size_t part, std::string_view html, std::string_view line) {
  const HtmlPlaces places = html_places(html);
  if (!places.certain) return refused("HTML that is not closed");
  const std::size_t at = places.quote && *places.quote <= places.end && answers_above(message, part) ? *places.quote : places.end;
  std::string text = at_line_start(html, at) ? "" : "\n";
  text += line_in_html(line);
  if (at < html.size() || html.ends_with('\n')) text += "\n";
  return {.at = at, .text = std::move(text), .refusal = ""};
}

std::string with_line_ends(std::string_view text, std::string_view line_end) {
  std::string out;
  for (const char c : text) {
    if (c == '\n')
      out += line_end;
    else
      out += c;
  }
  return out;
}

std::string_view first_line_end(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return "";
  return end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

/// Line ends of a body as it is sent, and of the text that it encodes: a base64 body in CRLF lines may hold a text in LF lines.
struct LineEnds {
  std::string_view source;
  std::string_view text;
};

LineEnds line_ends_of(const Message& message, const Part& part, std::string_view decoded) {
  std::string_view source = first_line_end(slice(message.bytes, part.body));
  if (source.empty()) source = first_line_end(slice(message.bytes, part.header));
  if (source.empty()) source = "\r\n";
  const std::string_view text = first_line_end(decoded);
  return {source, text.empty() ? source : text};
}

bool starts_source_line(std::string_view source, std::size_t at) { return at == 0 || source[at - 1] == '\n'; }

// RFC 2045 §6.7: a soft break before the line where it would begin in the midst of an encoded line.
Edit splice_quoted_printable(std::string_view source, std::size_t at, const Insertion& insertion, std::string_view line_end) {
  std::string text;
  const bool at_end = at == source.size();
  if (at_end && source.ends_with('=')) text += line_end;
  // At the very end blanks before our line end stay what they were: nothing.
  else if (!starts_source_line(source, at) && !(at_end && insertion.text.starts_with('\n')))
    text += "=" + std::string(line_end);
  text += encode_quoted_printable(insertion.text, line_end);
  return {at, 0, std::move(text)};
}

bool is_base64_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Behind the four characters of the quantum that begins at `at`.
std::size_t end_of_quantum(std::string_view source, std::size_t at) {
  for (int count = 0; at < source.size(); ++at) {
    if (!is_base64_blank(source[at]) && ++count == 4) return at + 1;
  }
  return at;
}

std::string base64_lines(std::string_view bytes, std::string_view line_end) {
  std::string out;
  const std::string encoded = encode_base64(bytes);
  for (std::size_t at = 0; at < encoded.size(); at += base64_columns) {
    if (at > 0) out += line_end;
    out += encoded.substr(at, base64_columns);
  }
  return out;
}

// Behind the last character that encodes something.
std::size_t end_of_base64(std::string_view source) {
  while (!source.empty() && is_base64_blank(source.back())) source.remove_suffix(1);
  return source.size();
}

/// Only the quantum at the place is encoded anew; empty lines fill up to whole quanta, so that every later character stays.
Edit splice_base64(std::string_view source, const BodyMap& map, const Insertion& insertion, LineEnds line_ends) {
  const std::size_t quantum = insertion.at / 3 * 3, size = map.decoded.size();
  const bool within = quantum < size;
  const std::size_t begin = within ? map.source_of(quantum) : end_of_base64(source);
  const std::size_t end = insertion.at > quantum ? end_of_quantum(source, begin) : begin;
  const std::string before = map.decoded.substr(quantum, insertion.at - quantum);
  const std::string after =
      insertion.at > quantum ? map.decoded.substr(insertion.at, std::min<std::size_t>(quantum + 3, size) - insertion.at) : "";
  std::string text = with_line_ends(insertion.text, line_ends.text);
  const bool more = insertion.at > quantum ? quantum + 3 < size : within;
  while (more && (before.size() + text.size() + after.size()) % 3 != 0) text += line_ends.text;
  std::string encoded = base64_lines(before + text + after, line_ends.source);
  if (!starts_source_line(source, begin)) encoded.insert(0, line_ends.source);
  if (more && (end >= source.size() || !is_base64_blank(source[end]))) encoded += line_ends.source;
  return {begin, end - begin, std::move(encoded)};
}

Edit splice(std::string_view source, const BodyMap& map, Encoding encoding, const Insertion& insertion, LineEnds line_ends) {
  if (encoding == Encoding::base64) return splice_base64(source, map, insertion, line_ends);
  const std::size_t at = insertion.at < map.decoded.size() ? map.source_of(insertion.at) : source.size();
  if (encoding == Encoding::quoted_printable) return splice_quoted_printable(source, at, insertion, line_ends.source);
  return {at, 0, with_line_ends(insertion.text, line_ends.source)};
}

std::string latin1(std::string_view utf8) {
  std::string out;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = next_code_point(utf8, at);
    if (c > 0xFF || (c >= 0x80 && c < 0xA0)) return "";
    out += static_cast<char>(c);
  }
  return out;
}

std::string html_charset_refusal(std::string_view charset) {
  return extends_ascii(charset) ? "" : "charset " + std::string(charset);
}

}  // namespace

bool extends_ascii(std::string_view charset) {
  if (charset.empty()) return true;
  for (const std::string_view prefix : {"iso-8859-", "iso8859-", "windows-125", "cp125", "koi8-", "iso_8859-"}) {
    if (ascii_istarts_with(charset, prefix)) return true;
  }
  for (const std::string_view name :
       {"us-ascii", "ascii", "ansi_x3.4-1968", "utf-8", "utf8", "latin1", "gb2312", "gbk", "gb18030", "big5", "euc-kr", "euc-jp",
        "shift_jis", "ks_c_5601-1987", "macintosh", "windows-874", "tis-620"}) {
    if (ascii_iequals(charset, name)) return true;
  }
  return false;
}

bool allows_eight_bit(const Message& message, const Part& part) {
  if (part.encoding != Encoding::none) return true;
  const std::string encoding = ascii_lower(raw_field(message, part, "Content-Transfer-Encoding"));
  if (encoding == "8bit" || encoding == "binary") return true;
  return encoding.empty() && !is_ascii(slice(message.bytes, part.body));
}

std::string line_in_html(std::string_view line) {
  std::string out = "<p>";
  for (std::size_t at = 0; at < line.size();) {
    const char32_t c = next_code_point(line, at);
    if (c == U'&')
      out += "&amp;";
    else if (c == U'<')
      out += "&lt;";
    else if (c == U'>')
      out += "&gt;";
    else if (c < 0x80)
      out += static_cast<char>(c);
    else
      out += "&#" + std::to_string(static_cast<std::uint32_t>(c)) + ";";
  }
  return out + "</p>";
}

std::string line_in_charset(std::string_view line, std::string_view charset, bool eight_bit) {
  if (is_ascii(line)) return std::string(line);
  if (eight_bit && (ascii_iequals(charset, "utf-8") || ascii_iequals(charset, "utf8"))) return std::string(line);
  if (eight_bit && (ascii_iequals(charset, "iso-8859-1") || ascii_iequals(charset, "windows-1252") ||
                    ascii_iequals(charset, "latin1") || ascii_iequals(charset, "cp1252"))) {
    if (std::string bytes = latin1(line); !bytes.empty()) return bytes;
  }
  const std::string ascii = transliterate_ascii(line);
  const bool holds = is_ascii(ascii) && ascii.find('?') == std::string::npos &&
                     std::all_of(ascii.begin(), ascii.end(), [](char c) { return c >= ' ' && c != 0x7F; });
  return holds ? ascii : "";
}

Splice splice_line(const Message& message, std::size_t index, std::string_view line) {
  Splice out;
  const Part& part = message.parts[index];
  const std::string_view source = slice(message.bytes, part.body);
  if (std::string reason = html_charset_refusal(part.charset); !reason.empty()) return {{}, reason, {}};
  const BodyMap map = map_body(source, part.encoding);
  if (!map.refusal.empty()) return {{}, map.refusal, {}};
  if (map.decoded.find('\0') != std::string::npos) return {{}, "NUL in the text", {}};
  Insertion insertion;
  if (part.type == "text/html") {
    insertion = insert_in_html(message, index, map.decoded, line);
  } else {
    const std::string written = line_in_charset(line, part.charset, allows_eight_bit(message, part));
    if (written.empty()) return {{}, "a name that the text cannot hold", {}};
    if (written != line && is_ascii(written)) out.remarks.push_back("transliterated");
    insertion = insert_in_plain(map.decoded, written, zone_context(message));
  }
  if (!insertion.refusal.empty()) return {{}, insertion.refusal, {}};
  Edit edit = splice(source, map, part.encoding, insertion, line_ends_of(message, part, map.decoded));
  edit.offset += part.body.begin;
  out.edits.push_back(std::move(edit));
  return out;
}

}  // namespace beadle::mail
