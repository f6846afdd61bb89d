#include "extract/wire.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::extract::wire {
namespace {

constexpr std::string_view magic = "beadle-extract 2\n";
constexpr std::size_t frame_head_bytes = 5;
constexpr std::size_t frame_bytes_max = limits::document_raw_bytes_max + limits::document_path_bytes_max + 8;

void append_number(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

// Takes a number from the front; nullopt where too few bytes are left.
std::optional<std::uint64_t> take_number(std::string_view& from, std::size_t bytes) {
  if (from.size() < bytes) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
  from.remove_prefix(bytes);
  return value;
}

std::optional<std::string_view> take_text(std::string_view& from, std::size_t length_bytes) {
  const auto length = take_number(from, length_bytes);
  if (!length || *length > from.size()) return std::nullopt;
  const std::string_view text = from.substr(0, *length);
  from.remove_prefix(*length);
  return text;
}

void append_frame(std::string& out, char type, std::string_view payload) {
  out += type;
  append_number(out, payload.size(), 4);
  out += payload;
}

void append_placed(std::string& out, char type, unsigned code, std::string_view path, std::string_view text) {
  path = path.substr(0, limits::document_path_bytes_max);
  out += type;
  append_number(out, 3 + path.size() + text.size(), 4);
  append_number(out, code, 1);
  append_number(out, path.size(), 2);
  out += path;
  out += text;
}

struct Placed {
  std::uint64_t code = 0;
  std::string_view path;
  std::string_view text;
};

std::optional<Placed> take_placed(std::string_view payload) {
  const auto code = take_number(payload, 1);
  if (!code) return std::nullopt;
  const auto path = take_text(payload, 2);
  if (!path || path->size() > limits::document_path_bytes_max || !is_valid_utf8(*path)) return std::nullopt;
  return Placed{*code, *path, payload};
}

// Kinds go into logs and reports: short words only.
bool is_kind(std::string_view text) {
  return !text.empty() && text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

std::string request_head(const Bounds& bounds, std::string_view name, std::uint64_t document_bytes) {
  std::string out(magic);
  append_number(out, bounds.memory_bytes, 8);
  append_number(out, bounds.text_bytes, 8);
  append_number(out, name.size(), 4);
  out += name;
  append_number(out, document_bytes, 8);
  return out;
}

std::optional<Request> parse_request(std::string_view input) {
  if (!input.starts_with(magic)) return std::nullopt;
  input.remove_prefix(magic.size());
  const auto memory = take_number(input, 8), text = take_number(input, 8);
  if (!memory || !text) return std::nullopt;
  const Bounds bounds{.memory_bytes = std::min<std::uint64_t>(*memory, limits::document_memory_bytes_max),
                      .text_bytes = std::min<std::uint64_t>(*text, limits::document_text_bytes_max)};
  const auto name = take_text(input, 4);
  if (!name) return std::nullopt;
  const auto length = take_number(input, 8);
  if (!length || *length != input.size()) return std::nullopt;
  return Request{bounds, *name, input};
}

void append_kind(std::string& out, std::string_view kind) { append_frame(out, 'K', kind); }
void append_reading(std::string& out, std::string_view path) {
  append_frame(out, 'R', path.substr(0, limits::document_path_bytes_max));
}
void append_failed(std::string& out, std::string_view why) {
  append_frame(out, 'F', why.substr(0, limits::document_detail_bytes_max));
}
void append_end(std::string& out) { append_frame(out, 'E', {}); }

void append_passage(std::string& out, Place place, std::string_view path, std::string_view text) {
  append_placed(out, 'P', static_cast<unsigned>(place), path, text);
}

void append_unread(std::string& out, Outcome outcome, std::string_view path, std::string_view detail) {
  append_placed(out, 'U', static_cast<unsigned>(outcome), path, detail.substr(0, limits::document_detail_bytes_max));
}

bool Reader::broken(std::string_view why) {
  problem_ = why;
  buffer_.clear();
  return false;
}

bool Reader::feed(std::string_view bytes) {
  if (!problem_.empty()) return false;
  seen_bytes_ += bytes.size();
  // Heads and paths come on top of what they carry; one more half is ample for them.
  if (seen_bytes_ > limits::document_output_bytes_max * 3 / 2) return broken("says too much");
  buffer_ += bytes;
  std::size_t at = 0;
  while (buffer_.size() - at >= frame_head_bytes) {
    if (ended_) return broken("goes on after its end");
    std::string_view rest = std::string_view(buffer_).substr(at + 1);
    const std::uint64_t length = *take_number(rest, 4);
    if (length > frame_bytes_max) return broken("has a frame that is too long");
    if (rest.size() < length) break;
    if (++frames_ > limits::document_frames_max) return broken("has too many frames");
    if (!take_frame(buffer_[at], rest.substr(0, length))) return broken("has a frame that breaks the rules");
    at += frame_head_bytes + length;
  }
  if (ended_ && at < buffer_.size()) return broken("goes on after its end");
  buffer_.erase(0, at);
  return true;
}

bool Reader::take_frame(char type, std::string_view payload) {
  if (type == 'F') {
    ended_ = true;
    failed_ = payload.empty() ? std::string("no reason given")
                              : printable(shortened(valid_utf8(payload), limits::document_detail_bytes_max));
    return true;
  }
  switch (type) {
    case 'K':
      if (!extraction_.kind.empty() || !is_kind(payload)) return false;
      extraction_.kind = payload;
      return true;
    case 'R':
      reading_ = payload;
      return payload.size() <= limits::document_path_bytes_max && is_valid_utf8(payload);
    case 'P':
      return take_passage(payload);
    case 'U':
      return take_unread(payload);
    case 'E':
      ended_ = true;
      return payload.empty() && !extraction_.kind.empty();
    default:
      return false;
  }
}

bool Reader::take_passage(std::string_view payload) {
  const auto placed = take_placed(payload);
  if (!placed || placed->code > static_cast<unsigned>(Place::raw_message)) return false;
  const Place place = static_cast<Place>(placed->code);
  if (!is_raw(place) && !is_valid_utf8(placed->text)) return false;
  extraction_.passages.push_back({place, std::string(placed->path), std::string(placed->text)});
  return true;
}

bool Reader::take_unread(std::string_view payload) {
  const auto placed = take_placed(payload);
  if (!placed || placed->code == 0 || placed->code > static_cast<unsigned>(Outcome::crashed)) return false;
  const Outcome outcome = static_cast<Outcome>(placed->code);
  if (placed->text.size() > limits::document_detail_bytes_max || !is_valid_utf8(placed->text)) return false;
  extraction_.unread.push_back({std::string(placed->path), outcome, std::string(placed->text)});
  extraction_.outcome = std::max(extraction_.outcome, outcome);
  return true;
}

}  // namespace beadle::extract::wire
