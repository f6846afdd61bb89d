// A body decoded from its transfer encoding, with the place in the source of every decoded byte: what a splice needs.
// Strict, unlike codec.h: whatever two readers could decode differently is no map but a reason.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"

namespace beadle::mail {

struct BodyMap {
  std::string decoded;
  /// Offset into the source where the encoding of each decoded byte begins (base64: of the character that holds its first bits);
  /// empty where source and decoded bytes are the same.
  std::vector<std::uint32_t> source;
  std::string refusal;  // "" where the map holds

  std::size_t source_of(std::size_t decoded_offset) const { return source.empty() ? decoded_offset : source[decoded_offset]; }
};

BodyMap map_body(std::string_view body, Encoding encoding);

}  // namespace beadle::mail
