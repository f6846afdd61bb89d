// Reads transfer encodings (RFC 2045 §6) as a lenient mail program does: what can be read is read, and `regular` says whether
// every reader would read the same. body_map.h is the strict reading for edits; encoders.h writes.
#pragma once

#include <string>
#include <string_view>

#include "mail/message.h"

namespace beadle::mail {

struct Decoded {
  std::string bytes;
  bool regular = true;
};

/// RFC 2045 §6.7. Blanks before a line end are dropped; "=" with no hexadecimal digits behind it stays as it stands. Line ends
/// stay.
Decoded decode_quoted_printable(std::string_view body);

/// RFC 2045 §6.8. Foreign characters are skipped; padding ends the data, unless more data follows: then that is read too.
Decoded decode_base64(std::string_view body);

/// By the encoding of the part; `none` and `unknown` give the body as it is.
Decoded decode_body(std::string_view body, Encoding encoding);

/// The files of "begin 644 name" … "end" within a text, decoded (POSIX uuencode); empty where there are none. None has more bytes
/// than its range.
struct UuFile {
  std::string name;
  std::string bytes;
  Range range;  // of `text`
};
std::vector<UuFile> decode_uuencoded(std::string_view text);

/// format=flowed (RFC 3676): soft line breaks undone, quote marks and signature delimiter kept, space-stuffing removed.
std::string unflowed(std::string_view text, bool delete_space);

}  // namespace beadle::mail
