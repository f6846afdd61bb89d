// What the header of a message says before anything else is read: when it was written, whether somebody of the council sent it, and by what it is known
// again when the replay is started anew. Of a journal report it is that of the message within.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "people/directory.h"

namespace beadle::replay {

struct Outline {
  std::optional<Time> at;  // nullopt: it has no date that can be one
  bool whole = false;      // what is to be known stands within the bytes
  bool has_fields = false; // false: this is no message
  bool outgoing = false;
  std::string message_id;
  std::string digest;      // 32 hexadecimal digits, of name and header
};

/// Bytes of a message with which its header is nearly always whole.
inline constexpr std::size_t head_bytes = 16u << 10;

/// `journal`: also what does not say of itself that it is a report may be one.
Outline outline_of(std::string_view head, std::string_view lasting_name, const people::Directory& people, bool journal = false);
/// The digest of a message that is known by its name alone.
std::string digest_of_name(std::string_view lasting_name);

}  // namespace beadle::replay
