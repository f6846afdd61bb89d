#include "mail/codec.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace beadle::mail {
namespace {

constexpr std::size_t none = std::string_view::npos;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::size_t find_from(std::string_view text, char c, std::size_t from) { return std::min(text.find(c, from), text.size()); }

constexpr std::array<std::int8_t, 256> hex_values = [] {
  std::array<std::int8_t, 256> out{};
  out.fill(-1);
  for (int i = 0; i < 10; ++i) out[static_cast<std::size_t>('0' + i)] = static_cast<std::int8_t>(i);
  for (int i = 0; i < 6; ++i)
    out[static_cast<std::size_t>('A' + i)] = out[static_cast<std::size_t>('a' + i)] = static_cast<std::int8_t>(10 + i);
  return out;
}();

int hex_value(char c) { return hex_values[static_cast<unsigned char>(c)]; }

// The text of one line of quoted-printable, without its line end and the blanks before that. Says whether it ends in a soft
// break.
bool append_quoted_printable(Decoded& out, std::string_view line) {
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t escape = find_from(line, '=', at);
    out.bytes.append(line, at, escape - at);
    if (escape == line.size()) return false;
    if (escape + 1 == line.size()) return true;
    const int high = hex_value(line[escape + 1]), low = escape + 2 < line.size() ? hex_value(line[escape + 2]) : -1;
    if (high >= 0 && low >= 0) {
      out.bytes += static_cast<char>(high * 16 + low);
      at = escape + 3;
    } else {
      out.bytes += '=';
      out.regular = false;
      at = escape + 1;
    }
  }
  return false;
}

// Value of a base64 digit; above 63 what it is else.
constexpr std::uint8_t padding = 64, white = 65, foreign = 66;
constexpr std::array<std::uint8_t, 256> base64_values = [] {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> out{};
  out.fill(foreign);
  for (std::size_t i = 0; i < alphabet.size(); ++i) out[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  for (const char c : {' ', '\t', '\r', '\n'}) out[static_cast<unsigned char>(c)] = white;
  out['='] = padding;
  return out;
}();

std::uint32_t base64_value(char c) { return base64_values[static_cast<unsigned char>(c)]; }

class Base64Reader {
 public:
  explicit Base64Reader(std::string_view body) : body_(body) { out_.bytes.resize(body.size() / 4 * 3 + 3); }

  Decoded run() {
    for (std::size_t at = 0; at < body_.size();) {
      if (count_ == 0) at = read_quanta(at);
      if (at < body_.size()) read(base64_value(body_[at++]));
    }
    if (count_ > 0 || missing_ > 0) out_.regular = false;  // padding is missing
    flush();
    out_.bytes.resize(size_);
    return std::move(out_);
  }

 private:
  // As long as four digits follow each other, which is nearly always.
  std::size_t read_quanta(std::size_t at) {
    for (; at + 4 <= body_.size(); at += 4) {
      const std::uint32_t a = base64_value(body_[at]), b = base64_value(body_[at + 1]), c = base64_value(body_[at + 2]),
                          d = base64_value(body_[at + 3]);
      if ((a | b | c | d) > 63) break;
      put_quantum(a << 18 | b << 12 | c << 6 | d);
    }
    return at;
  }

  void read(std::uint32_t value) {
    if (value == white) return;
    if (value == foreign) {
      out_.regular = false;
    } else if (value == padding) {
      read_padding();
    } else {
      if (missing_ > 0 || ended_) out_.regular = false;  // data behind padding: some stop there, others go on
      missing_ = 0;
      ended_ = false;
      bits_ = bits_ << 6 | value;
      if (++count_ == 4) {
        put_quantum(bits_);
        bits_ = 0;
        count_ = 0;
      }
    }
  }

  void read_padding() {
    if (missing_ > 0) {
      ended_ = --missing_ == 0;
      return;
    }
    if (count_ < 2) {
      out_.regular = false;
    } else {
      missing_ = 3 - count_;
      ended_ = missing_ == 0;
    }
    flush();
  }

  void put_quantum(std::uint32_t bits) {
    if (missing_ > 0 || ended_) out_.regular = false;
    missing_ = 0;
    ended_ = false;
    char* to = out_.bytes.data() + size_;
    to[0] = static_cast<char>(bits >> 16 & 0xFF);
    to[1] = static_cast<char>(bits >> 8 & 0xFF);
    to[2] = static_cast<char>(bits & 0xFF);
    size_ += 3;
  }

  // Whole bytes of a quantum that is cut short.
  void flush() {
    for (int k = 0; k + 1 < count_; ++k) out_.bytes[size_++] = static_cast<char>(bits_ >> (count_ * 6 - 8 * (k + 1)) & 0xFF);
    bits_ = 0;
    count_ = 0;
  }

  std::string_view body_;
  Decoded out_;
  std::size_t size_ = 0;  // of out_.bytes that is written
  std::uint32_t bits_ = 0;
  int count_ = 0;       // digits in bits_
  int missing_ = 0;     // padding still to come
  bool ended_ = false;  // padding is complete
};

std::string_view without_cr(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// A line of text, without its line end; `next` is where the next one begins.
struct TextLine {
  std::string_view text;
  std::size_t next = 0;
};

TextLine line_at(std::string_view text, std::size_t at) {
  const std::size_t end = find_from(text, '\n', at);
  return {without_cr(text.substr(at, end - at)), std::min(end + 1, text.size())};
}

// "begin 644 name": the name, "" where the line is none.
std::string_view uu_name(std::string_view line) {
  constexpr std::string_view keyword = "begin ";
  if (!line.starts_with(keyword)) return {};
  line.remove_prefix(keyword.size());
  const std::size_t digits = std::min(line.find_first_not_of("01234567"), line.size());
  if (digits < 3 || digits > 5 || digits + 1 >= line.size() || line[digits] != ' ') return {};
  return line.substr(digits + 1);
}

// Decodes one data line; false where it is none. Encoders differ in the character for 0 (blank or "`") and mail servers drop
// blanks at the end; some add a check character. Noughts whose blanks are gone are made up only while `out` has no more than
// `bytes_max`: two bytes would else become 63.
bool append_uu_line(std::string& out, std::string_view line, std::size_t bytes_max) {
  if (line.empty()) return false;
  const auto value = [](char c) { return static_cast<std::uint32_t>(c - 32) & 63u; };
  const auto is_digit = [](char c) { return c >= 32 && c <= 96; };
  const std::size_t size = is_digit(line[0]) ? value(line[0]) : 0, digits = (size + 2) / 3 * 4;
  if (size == 0 || line.size() > digits + 3 || !std::all_of(line.begin(), line.end(), is_digit)) return false;
  const auto digit = [&](std::size_t i) { return i + 1 < line.size() ? value(line[i + 1]) : 0u; };
  const std::size_t written = line.size() * 3 / 4, room = bytes_max - std::min(bytes_max, out.size());
  for (std::size_t i = 0, left = std::min(size, std::max(written, room)); left > 0; i += 4) {
    const std::uint32_t bits = digit(i) << 18 | digit(i + 1) << 12 | digit(i + 2) << 6 | digit(i + 3);
    for (int shift = 16; shift >= 0 && left > 0; shift -= 8, --left) out += static_cast<char>(bits >> shift & 0xFF);
  }
  return true;
}

bool is_uu_zero_line(std::string_view line) {
  return line == "`" || std::all_of(line.begin(), line.end(), [](char c) { return c == ' '; });
}

/// A line of format=flowed, taken apart (RFC 3676 §4).
struct FlowedLine {
  std::size_t depth = 0;
  std::string_view text;
  bool flowed = false;
};

FlowedLine flowed_line(std::string_view line) {
  FlowedLine out;
  out.depth = std::min(line.find_first_not_of('>'), line.size());
  line.remove_prefix(out.depth);
  // A stuffed ">" keeps its blank: without it, it would be a quote mark.
  if (line.starts_with(' ') && !(out.depth == 0 && line.starts_with(" >"))) line.remove_prefix(1);
  out.text = line;
  out.flowed = line.ends_with(' ') && line != "-- ";
  return out;
}

}  // namespace

Decoded decode_quoted_printable(std::string_view body) {
  Decoded out;
  out.bytes.reserve(body.size());
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t line_feed = body.find('\n', at);
    std::size_t line_end = line_feed == none ? body.size() : line_feed;
    if (line_feed != none && line_end > at && body[line_end - 1] == '\r') --line_end;
    std::size_t text_end = line_end;
    while (text_end > at && is_blank(body[text_end - 1])) --text_end;
    const bool soft = append_quoted_printable(out, body.substr(at, text_end - at));
    at = line_feed == none ? body.size() : line_feed + 1;
    if (!soft) out.bytes.append(body, line_end, at - line_end);
  }
  return out;
}

Decoded decode_base64(std::string_view body) { return Base64Reader(body).run(); }

Decoded decode_body(std::string_view body, Encoding encoding) {
  switch (encoding) {
    case Encoding::quoted_printable:
      return decode_quoted_printable(body);
    case Encoding::base64:
      return decode_base64(body);
    case Encoding::none:
    case Encoding::unknown:
      break;
  }
  return {.bytes = std::string(body)};
}

std::vector<UuFile> decode_uuencoded(std::string_view text) {
  std::vector<UuFile> files;
  bool open = false;
  const auto close = [&] {  // what is called a file but has no data is a line of text
    if (open && files.back().bytes.empty()) files.pop_back();
    open = false;
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto [line, next] = line_at(text, at);
    if (open && append_uu_line(files.back().bytes, line, next - files.back().range.begin)) {
      files.back().range.end = next;
    } else if (open && line == "end") {
      files.back().range.end = next;
      close();
    } else if (!open || !is_uu_zero_line(line)) {
      close();
      if (const std::string_view name = uu_name(line); !name.empty()) {
        files.push_back({.name = std::string(name), .bytes = {}, .range = {at, next}});
        open = true;
      }
    }
    at = next;
  }
  close();
  return files;
}

std::string unflowed(std::string_view text, bool delete_space) {
  std::string out;
  out.reserve(text.size());
  bool open = false;  // the line above goes on here, if it is of the same depth
  std::size_t depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto [raw, next] = line_at(text, at);
    const bool ended = text[next - 1] == '\n';
    const FlowedLine line = flowed_line(raw);
    // An empty line parts paragraphs, also below a line that says it goes on: many programs write it so.
    const bool joins = open && line.depth == depth && !line.text.empty() && line.text != "-- ";
    if (open && !joins) out += '\n';
    if (open && joins && delete_space) out.pop_back();
    if (!joins && line.depth > 0) out.append(line.depth, '>').append(line.text.empty() ? "" : " ");
    out += line.text;
    open = line.flowed && ended;
    depth = line.depth;
    if (!open && ended) out += '\n';
    at = next;
  }
  if (open) out += '\n';
  return out;
}

}  // namespace beadle::mail
