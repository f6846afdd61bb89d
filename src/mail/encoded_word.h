// Encoded words (RFC 2047 §2): "=?utf-8?Q?Si=C3=A2n?=". What header values, parameters and address lists share.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace beadle::mail {

struct EncodedWord {
  std::string_view charset;  // without the language of RFC 2231 §5
  char encoding = 'q';       // 'q' or 'b'
  std::string_view text;
  std::size_t end = 0;  // behind the closing "?="
};

/// The encoded word that begins at `at`, blanks within allowed as mail programs do. Never looks past the beginning of the next
/// one, so that asking at each "=?" is linear.
std::optional<EncodedWord> encoded_word_at(std::string_view value, std::size_t at);

/// Its bytes in its charset.
std::string bytes_of(const EncodedWord& word);

/// UTF-8 as it is shown on one line: line ends and tabs become blanks, other control characters go.
std::string without_controls(std::string_view utf8);

/// -1 where it is no hexadecimal digit.
int hex_digit(char c);

}  // namespace beadle::mail
