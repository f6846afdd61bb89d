// A set of UIDs as a client writes it (RFC 3501 §9, sequence-set), for the servers that tests play.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"

namespace beadle::imap {

/// set: "3,7:9"; numbers only, as our client writes them.
inline bool is_in_set(std::uint32_t uid, std::string_view set) {
  for (const std::string_view range : split(set, ',')) {
    const std::string text(range);
    const auto first = std::stoul(text), last = text.find(':') == std::string::npos ? first : std::stoul(text.substr(text.find(':') + 1));
    if (uid >= first && uid <= last) return true;
  }
  return false;
}

}  // namespace beadle::imap
