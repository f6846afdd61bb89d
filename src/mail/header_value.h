// Reads the values of header fields: folding, encoded words (RFC 2047), parameters (RFC 2045 §5.1, RFC 2231), addresses
// (RFC 5322 §3.4 with its obsolete forms, RFC 6532) and message ids. Every reader gives what it could read and says whether that
// was all. Linear in the value.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"

namespace beadle::mail {

/// Without line ends: folding becomes the blanks that it was (RFC 5322 §2.2.3). NUL is dropped.
std::string unfolded(std::string_view raw);

/// The value as a person reads it: unfolded, encoded words decoded (also adjacent ones split within a character, and those that
/// stand within quotes or beside other characters, as mail programs show them), 8-bit bytes taken as UTF-8 or else windows-1252.
/// UTF-8, without control characters; trimmed.
std::string decode_header(std::string_view raw);

/// Content-Type, Content-Disposition and the like.
struct ContentField {
  std::string value;  // lower case, without comments and blanks: "text/plain", "attachment"
  /// RFC 2231 continuations joined and decoded, encoded words decoded (a boundary is not); the first of a name counts.
  std::vector<Parameter> parameters;
  bool regular = true;  // false: comments, doubled parameters, junk … that readers take for different things
  bool limit = false;   // parameters beyond limits::header_parameters_max
};
ContentField parse_content_field(std::string_view raw);

/// The first word of a Content-Transfer-Encoding as readers take it, without comments: "base64". `regular` as above.
ContentField parse_token_field(std::string_view raw);

struct AddressList {
  std::vector<Mailbox> mailboxes;  // at most `mailboxes_max`
  bool complete = true;            // false: something in the value could not be read
  bool limit = false;              // there were more than mailboxes_max
};
/// To, Cc, From …: groups (also unclosed ones and empty ones), comments, quoted local parts, routes, `;` between addresses as
/// Outlook writes, encoded words in display names, names alone, missing commas. Each address is in the list once. A name or
/// comment that looks like an address is none; but in a value that is not complete all that looks like one is in the list, as
/// doubtful, so that none hides.
AddressList parse_addresses(std::string_view raw, std::size_t mailboxes_max);

/// Message-ID, In-Reply-To, References: ids without angle brackets (RFC 5322 §3.6.4), also bare ones; at most `ids_max`, the last
/// ones where there are more.
std::vector<std::string> parse_message_ids(std::string_view raw, std::size_t ids_max);

}  // namespace beadle::mail
