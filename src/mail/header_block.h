// Cuts a header into its fields (RFC 5322 §2.2, §4.5) by offsets. Leaves what the fields say to header_value.h.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "mail/boundaries.h"
#include "mail/message.h"

namespace beadle::mail {

struct HeaderBlock {
  std::vector<Field> fields;  // within the bounds of base/limits.h
  Range range;                // without the blank line
  std::size_t body = 0;       // where the body begins
  bool blank_line = false;    // false: a delimiter or the end came first
  bool junk = false;          // a line that is neither field nor continuation
  std::string_view limit;     // which bound was met, "" for none
};

/// Reads the header that begins at `begin`. A line that is a delimiter of `boundaries` ends it, too.
HeaderBlock read_header_block(std::string_view bytes, std::size_t begin, const Boundaries& boundaries);

/// A line of `bytes` from `begin` on.
struct RawLine {
  std::size_t begin = 0;
  std::size_t end = 0;   // without its line end
  std::size_t next = 0;  // where the next line begins
};
RawLine raw_line_at(std::string_view bytes, std::size_t begin);

}  // namespace beadle::mail
