// Finds the signature at the end of a letter: name, role, telephone, address, "Sent from my iPhone". Conservative: a line with a
// sentence in it and a line that could be a marking never belong to one.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "mail/lines.h"
#include "mail/message.h"

namespace beadle::mail {

/// Lines [first, last) of a signature.
struct Signature {
  std::size_t first = 0;
  std::size_t last = 0;
  bool certain = true;
};

/// The signature that closes lines [first, last); `senders` are who the letter is from, where that is known.
std::optional<Signature> find_signature(const std::vector<Line>& lines, std::size_t first, std::size_t last,
                                        const std::vector<Mailbox>& senders);

/// "Sent from my iPhone", "Get Outlook for Android".
bool is_device_line(std::string_view line);

/// "CC Councillor NAME[, Councillor NAME]": the form of the line that Beadle appends.
bool is_footer_line(std::string_view line);

}  // namespace beadle::mail
