// Characters of mail: from the charset of a part to UTF-8 and, for names that a charset lacks, to plain Latin letters.
#pragma once

#include <string>
#include <string_view>

namespace beadle::mail {

/// "Siân Ó Briain" becomes "Sian O Briain"; what has no Latin letters becomes "?".
std::string transliterate_ascii(std::string_view utf8);

}  // namespace beadle::mail
