// Finds again in a decoded text the words that a finding holds as evidence: there they were made printable, trimmed and shortened, so that blanks
// and invisible characters are left aside on both sides. Linear in the text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"

namespace beadle::review {

/// One text, made once and searched often.
class Searchable {
 public:
  /// The text is not kept. Over 4 GB: nothing is found.
  explicit Searchable(std::string_view utf8);

  /// The first place of `words` that begins and ends within `within` (bytes of the text). "" is nowhere.
  std::optional<mail::Range> find(std::string_view words, mail::Range within) const;

 private:
  std::string squashed_;
  std::vector<std::uint32_t> from_;  // of each byte of it: where its character begins in the text
  std::size_t size_ = 0;
  std::vector<std::uint32_t> to_;    // … and ends
};

/// Same bytes, same offsets, but no character that a page would obey: control characters become blanks, those that turn the direction of writing U+FFFD.
std::string harmless(std::string utf8);

}  // namespace beadle::review
