// Writes the encodings of mail: quoted-printable, base64 (RFC 2045 §6.7, §6.8) and encoded words (RFC 2047).
// Leaves reading them to codec.h and headers.h.
#pragma once

#include <string>
#include <string_view>

namespace beadle::mail {

/// `text` with LF line ends as quoted-printable lines of at most 75 columns that end with `line_end`. A leading "." and "From "
/// are encoded, so that no mail server touches them.
std::string encode_quoted_printable(std::string_view text, std::string_view line_end);

/// Base64 without line ends.
std::string encode_base64(std::string_view bytes);

/// Lines of 76 columns, each ended by `line_end`.
std::string encode_base64_lines(std::string_view bytes, std::string_view line_end);

/// As it is where it is printable ASCII that cannot be taken for an encoded word; else encoded words of at most 75 columns,
/// parted by blanks.
std::string encode_words(std::string_view utf8);

bool is_ascii(std::string_view text);

}  // namespace beadle::mail
