// Decides whether a message may be edited at all, and which of its parts show the text that a reader sees. Everything that an
// edit could break, or that two readers could take differently, is a refusal.
#pragma once

#include <string>
#include <vector>

#include "mail/message.h"

namespace beadle::mail {

/// Why `message` must not be edited, "" where it may.
std::string footer_refusal(const Message& message);

/// The displayed text parts: one, or one for each alternative.
struct FooterLeaves {
  std::vector<std::size_t> parts;  // empty: no text is displayed
  std::string refusal;
};
FooterLeaves footer_leaves(const Message& message);

/// Value of a part's field, unfolded, without comments; "" where it is absent.
std::string raw_field(const Message& message, const Part& part, std::string_view name);

}  // namespace beadle::mail
