#include "mail/footer_splice.h"

#include <algorithm>

#include "mail/encoders.h"

namespace beadle::mail {
namespace {

constexpr std::size_t base64_columns = 76;

/// `text` (with LF line ends) in the place of `remove` bytes, all decoded.
struct Change {
  std::size_t at = 0;
  std::size_t remove = 0;
  std::string text;
};

bool at_line_start(std::string_view text, std::size_t at) { return at == 0 || text[at - 1] == '\n'; }

// Bytes of the last line before `at`, without its line end.
std::string_view line_before(std::string_view text, std::size_t at) {
  std::string_view before = text.substr(0, at);
  if (before.ends_with('\n')) before.remove_suffix(1);
  if (before.ends_with('\r')) before.remove_suffix(1);
  const std::size_t begin = before.rfind('\n');
  return begin == std::string_view::npos ? before : before.substr(begin + 1);
}

std::string paragraph_in_plain(std::string_view text, std::size_t at, std::string_view line) {
  if (text.empty()) return std::string(line) + "\n";
  std::string out;
  if (!at_line_start(text, at))
    out += "\n\n";
  else if (at > 0 && !line_before(text, at).empty())
    out += "\n";
  out += line;
  if (at < text.size())
    out += "\n\n";
  else if (text.ends_with('\n'))
    out += "\n";
  return out;
}

std::string paragraph_in_html(std::string_view html, std::size_t at, std::string_view line) {
  std::string out = at_line_start(html, at) ? "" : "\n";
  out += line;
  if (at < html.size() || html.ends_with('\n')) out += "\n";
  return out;
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

// RFC 2045 §6.7: a soft break before the line where it would begin in the midst of an encoded line.
Edit splice_quoted_printable(std::string_view source, Range place, const Change& change, std::string_view line_end) {
  std::string text;
  const bool at_end = place.begin == source.size();
  if (at_end && source.ends_with('='))
    text += line_end;
  // At the very end blanks before our line end stay what they were: nothing.
  else if (!at_line_start(source, place.begin) && !(at_end && change.text.starts_with('\n')))
    text += "=" + std::string(line_end);
  text += encode_quoted_printable(change.text, line_end);
  return {place.begin, place.size(), std::move(text)};
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

// Only the quanta at the place are encoded anew; empty lines fill up to whole quanta, so that every later character stays.
Edit splice_base64(std::string_view source, const BodyMap& map, const Change& change, LineEnds line_ends) {
  const std::size_t size = map.decoded.size(), behind = change.at + change.remove;
  const std::size_t first = change.at / 3 * 3, last = behind > first ? std::min(size, (behind + 2) / 3 * 3) : first;
  const std::size_t begin = first < size ? map.source_of(first) : end_of_base64(source);
  const std::size_t end = last > first ? end_of_quantum(source, map.source_of((last - 1) / 3 * 3)) : begin;
  std::string text = map.decoded.substr(first, change.at - first) + with_line_ends(change.text, line_ends.text);
  const std::string after = map.decoded.substr(behind, std::max(last, behind) - behind);
  const bool more = last < size;
  while (more && (text.size() + after.size()) % 3 != 0) text += line_ends.text;
  std::string encoded = base64_lines(text + after, line_ends.source);
  if (!at_line_start(source, begin)) encoded.insert(0, line_ends.source);
  if (more && (end >= source.size() || !is_base64_blank(source[end]))) encoded += line_ends.source;
  return {begin, end - begin, std::move(encoded)};
}

Edit splice(std::string_view source, const BodyMap& map, Encoding encoding, const Change& change, LineEnds line_ends) {
  if (encoding == Encoding::base64) return splice_base64(source, map, change, line_ends);
  const auto source_of = [&](std::size_t at) { return at < map.decoded.size() ? map.source_of(at) : source.size(); };
  const Range place{source_of(change.at), source_of(change.at + change.remove)};
  if (encoding == Encoding::quoted_printable) return splice_quoted_printable(source, place, change, line_ends.source);
  return {place.begin, place.size(), with_line_ends(change.text, line_ends.source)};
}

// A message of a header only ends without the blank line that a body needs (RFC 5322 §2.1).
bool lacks_blank_line(const Message& message, const Part& part) {
  return part.parent < 0 && std::any_of(message.defects.begin(), message.defects.end(),
                                        [](const Defect& defect) { return defect.kind == DefectKind::no_blank_line; });
}

Edit edit_of(const Message& message, const FooterText& text, const Change& change) {
  const Part& part = message.parts[text.part];
  const std::string_view source = slice(message.bytes, part.body);
  const LineEnds line_ends = line_ends_of(message, part, text.map.decoded);
  Edit edit = splice(source, text.map, part.encoding, change, line_ends);
  edit.offset += part.body.begin;
  if (lacks_blank_line(message, part)) edit.insert.insert(0, line_ends.source);
  return edit;
}

}  // namespace

std::string_view first_line_end(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return "";
  return end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

Edit insert_line(const Message& message, const FooterText& text, std::size_t place, std::string_view written) {
  const std::string& decoded = text.map.decoded;
  const bool html = message.parts[text.part].type == "text/html";
  return edit_of(message, text,
                 {place, 0, html ? paragraph_in_html(decoded, place, written) : paragraph_in_plain(decoded, place, written)});
}

Edit replace_line(const Message& message, const FooterText& text, Range line, std::string_view written) {
  return edit_of(message, text, {line.begin, line.size(), std::string(written)});
}

}  // namespace beadle::mail
