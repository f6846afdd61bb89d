// Characters of mail: from the charset of a part to UTF-8 and, for names that a charset lacks, to plain Latin letters.
// ICU's converters behind the labels that the web and mail programs use (WHATWG Encoding §4.2).
#pragma once

#include <string>
#include <string_view>

namespace beadle::mail {

struct CharsetText {
  std::string utf8;   // always valid UTF-8, line ends LF only, without NUL and byte order mark
  bool known = true;  // false: nobody knows the label; read as UTF-8 where it is that, else as windows-1252
  bool clean = true;  // false: bytes that the charset does not have became U+FFFD
};

/// `label` in any case, "" for none. None, us-ascii and iso-8859-1 are read as UTF-8 where they are that, else as windows-1252.
/// Linear in the bytes.
CharsetText to_utf8(std::string_view bytes, std::string_view label);

/// A character of WHATWG windows-1252; the five that Windows does not have are control characters.
char32_t windows_1252(unsigned char byte);

/// "Siân Ó Briain" becomes "Sian O Briain"; what has no Latin letters becomes "?".
std::string transliterate_ascii(std::string_view utf8);

}  // namespace beadle::mail
