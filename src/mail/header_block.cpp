#include "mail/header_block.h"

#include <algorithm>

#include "base/limits.h"

namespace beadle::mail {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// The name in front of the colon (RFC 5322 §2.2), blanks between them allowed (§4.5); "" where the line is no field.
std::string_view name_in(std::string_view line) {
  std::string_view name = line.substr(0, line.find(':'));
  if (name.size() == line.size()) return "";
  while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
  const bool proper = std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  return proper ? name : "";
}

class Reader {
 public:
  Reader(std::string_view bytes, std::size_t begin, const Boundaries& boundaries)
      : bytes_(bytes), begin_(begin), boundaries_(boundaries) {}

  HeaderBlock run() {
    std::size_t at = begin_;
    while (at < bytes_.size()) {
      const RawLine line = raw_line_at(bytes_, at);
      const std::string_view text = bytes_.substr(line.begin, line.end - line.begin);
      if (text.empty()) return finished(at, line.next, true);
      if (text.starts_with("--") && boundaries_.match(text).delimiter) return finished(at, at, false);
      read(line, text);
      at = line.next;
    }
    return finished(at, at, false);
  }

 private:
  HeaderBlock finished(std::size_t end, std::size_t body, bool blank_line) {
    out_.range = {begin_, end};
    out_.body = body;
    out_.blank_line = blank_line;
    return std::move(out_);
  }

  void read(const RawLine& line, std::string_view text) {
    if (!is_blank(text.front())) {
      open_ = false;
      const std::string_view name = name_in(text);
      if (name.empty()) {
        out_.junk = true;
        skipping_ = false;
        return;
      }
      open_field(line, name, text.find(':'));
    } else if (!open_ && !skipping_) {
      out_.junk = true;  // continues nothing
    }
    if (open_) extend(line);
  }

  void open_field(const RawLine& line, std::string_view name, std::size_t colon) {
    skipping_ = true;
    if (out_.fields.size() == limits::header_fields_max) {
      out_.limit = "header_fields_max";
    } else if (line.begin - begin_ > limits::header_block_bytes_max) {
      out_.limit = "header_block_bytes_max";
    } else {
      const std::size_t value = line.begin + colon + 1;
      out_.fields.push_back({std::string(name.substr(0, limits::header_field_bytes_max)), {line.begin, value}, {value, value}});
      open_ = true;
    }
  }

  // A field over its bound ends there; the rest of it is in no field.
  void extend(const RawLine& line) {
    Field& field = out_.fields.back();
    const std::size_t most = std::max(field.value.begin, field.whole.begin + limits::header_field_bytes_max);
    field.value.end = std::min(line.end, most);
    field.whole.end = std::min(line.next, most);
    if (line.next <= most) return;
    out_.limit = "header_field_bytes_max";
    open_ = false;
  }

  std::string_view bytes_;
  std::size_t begin_;
  const Boundaries& boundaries_;
  HeaderBlock out_;
  bool open_ = false;      // lines continue the last of fields
  bool skipping_ = false;  // lines continue a field, if only one over a bound
};

}  // namespace

RawLine raw_line_at(std::string_view bytes, std::size_t begin) {
  RawLine line{begin, bytes.size(), bytes.size()};
  const std::size_t feed = bytes.find('\n', begin);
  if (feed != std::string_view::npos) {
    line.end = feed;
    line.next = feed + 1;
  }
  if (line.end > begin && bytes[line.end - 1] == '\r') --line.end;
  return line;
}

HeaderBlock read_header_block(std::string_view bytes, std::size_t begin, const Boundaries& boundaries) {
  return Reader(bytes, begin, boundaries).run();
}

}  // namespace beadle::mail
