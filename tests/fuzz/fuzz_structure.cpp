// Properties of the scanner alone: parts lie within their parents and in order, what a reader could see is in a field, a body or
// `uncovered`, bounds are kept, and the same bytes give the same parts.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/limits.h"
#include "mail/structure.h"

namespace {

using namespace beadle;
using namespace beadle::mail;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_within(const Range& inner, const Range& outer) {
  return outer.begin <= inner.begin && inner.begin <= inner.end && inner.end <= outer.end;
}

const Part& part_at(const Message& message, int index) { return message.parts[static_cast<std::size_t>(index)]; }

void check_fields(const Part& part) {
  require(part.fields.size() <= limits::header_fields_max);
  std::size_t at = part.header.begin;
  for (const Field& field : part.fields) {
    require(is_within(field.whole, part.header) && is_within(field.value, field.whole));
    require(field.whole.begin >= at && field.whole.size() <= limits::header_field_bytes_max + field.name.size() + 1);
    require(!field.name.empty());
    at = field.whole.end;
  }
}

void check_children(const Message& message, int index) {
  const Part& part = part_at(message, index);
  require(part.children.empty() || part.is_multipart() || part.is_message());
  std::size_t at = part.body.begin;
  int before = index;
  for (const int child : part.children) {
    require(child > before && child < static_cast<int>(message.parts.size()));
    const Part& below = part_at(message, child);
    require(below.parent == index && below.header.begin >= at && below.body.end <= part.body.end);
    at = below.body.end;
    before = child;
  }
}

// RFC 2046 §5.1.1: the body of a leaf ends before the line end that belongs to the delimiter, or with the message.
void check_end(const Message& message, const Part& part) {
  const std::string_view rest = std::string_view(message.bytes).substr(part.body.end);
  require(!part.children.empty() || part.body.size() == 0 || rest.empty() || rest.starts_with("\n--") ||
          rest.starts_with("\r\n--"));
}

std::size_t depth_of(const Message& message, int index) {
  std::size_t depth = 0;
  for (int at = index; at >= 0; at = part_at(message, at).parent) ++depth;
  return depth;
}

// Every line that is neither blank nor a delimiter stands in a field, in the body of a leaf, or in `uncovered`.
void check_nothing_hides(const Message& message) {
  std::vector<bool> seen(message.bytes.size());
  const auto mark = [&](const Range& range) {
    for (std::size_t i = range.begin; i < range.end; ++i) seen[i] = true;
  };
  for (const Part& part : message.parts) {
    for (const Field& field : part.fields) mark(field.whole);
    if (part.children.empty()) mark(part.body);
  }
  std::size_t at = 0;
  for (const Range& range : uncovered(message)) {
    require(range.begin >= at && range.begin < range.end && range.end <= message.bytes.size());
    at = range.begin;
    mark(range);
  }
  for (std::size_t begin = 0; begin < message.bytes.size();) {
    const std::size_t feed = message.bytes.find('\n', begin);
    const std::size_t end = feed == std::string::npos ? message.bytes.size() : feed + 1;
    const bool delimiter = message.bytes.compare(begin, 2, "--") == 0;
    for (std::size_t i = begin; i < end && !delimiter; ++i)
      require(seen[i] || std::string_view(" \t\r\n").find(message.bytes[i]) != std::string_view::npos);
    begin = end;
  }
}

void check_same(const Message& a, const Message& b) {
  require(a.parts.size() == b.parts.size() && a.defects == b.defects);
  for (std::size_t i = 0; i < a.parts.size(); ++i)
    require(a.parts[i].type == b.parts[i].type && a.parts[i].id == b.parts[i].id && a.parts[i].body == b.parts[i].body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Message message;
  message.bytes.assign(reinterpret_cast<const char*>(data), size);
  scan_structure(message);
  require(!message.parts.empty() && message.parts.size() <= limits::mime_parts_max + 1 && message.bytes.size() == size);
  const Range all{0, size};
  for (std::size_t i = 0; i < message.parts.size(); ++i) {
    const Part& part = message.parts[i];
    require(is_within(part.header, all) && is_within(part.body, all) && part.header.end <= part.body.begin);
    require((i == 0) == (part.parent < 0) && part.parent < static_cast<int>(i));
    check_fields(part);
    check_children(message, static_cast<int>(i));
    check_end(message, part);
    require(depth_of(message, static_cast<int>(i)) <= limits::mime_depth_max + 2);
  }
  check_nothing_hides(message);
  Message again;
  again.bytes = message.bytes;
  scan_structure(again);
  check_same(message, again);
  return 0;
}
