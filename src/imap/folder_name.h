// Names of folders as IMAP writes them: modified UTF-7 (RFC 3501 §5.1.3).
#pragma once

#include <string>
#include <string_view>

namespace beadle::imap {

/// Printable ASCII, whatever the name; so that it can be put in quotes.
std::string to_wire_name(std::string_view utf8);
/// What is no modified UTF-7 is shown as it is, its bytes made UTF-8.
std::string from_wire_name(std::string_view wire);
/// In quotes, with backslashes before quotes and backslashes. CHECKs that it is printable ASCII.
std::string quoted_string(std::string_view text);

}  // namespace beadle::imap
