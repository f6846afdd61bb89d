// Fingerprints of what a message says, by which a passage of marked mail is known again when its marking is gone.
// Runs of five words, keyed by HMAC-SHA-256 so that nobody reads them without the installation's key, thinned out by winnowing (Schleimer, Wilkerson
// and Aiken, SIGMOD 2003): of every five neighbouring runs the least is kept, so that nine words in common always meet. Keeps no text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "mail/message.h"

namespace beadle::inspect {

struct Fingerprint {
  std::uint64_t hash = 0;
  int text = -1;      // index into Message::texts, or -1
  int document = -1;  // index into Message::documents, and the text of it
  int document_text = -1;
  mail::Range range;  // of the words within that text
  bool operator==(const Fingerprint&) const = default;
};

/// Fingerprints of everything that a reader sees besides signatures, disclaimers and banners, attached letters and documents included.
/// At most limits::fingerprints_max. Linear in the text.
std::vector<Fingerprint> fingerprints(const mail::Message& message, std::string_view key);

/// The line that a fingerprint's words stand in, for a person to read.
std::string words_of(const mail::Message& message, const Fingerprint& fingerprint);

}  // namespace beadle::inspect
