// The control words of RTF that matter to text ([MS-RTF] 1.9.1): which open a destination, which stand for characters. All others
// are layout.
#pragma once

#include <optional>
#include <string_view>

namespace beadle::extract {

enum class RtfDestination {
  body,
  header_footer,
  property,       // its word is its name
  property_name,  // of a user's property; the value follows
  fonts,
  shape_name,  // {\sn gtextUNICODE}{\sv CONFIDENTIAL}: the words of a watermark
  shape_value,
  object,
  html_tag,
  skip,
};

/// Where the text of a group goes that begins with `word`; nullopt where the word opens no destination.
std::optional<RtfDestination> rtf_destination(std::string_view word);
/// UTF-8 that a word stands for (`emdash`, `par` …); empty for none.
std::string_view rtf_character(std::string_view word);
/// Windows code page of \fcharsetN; 0 for the document's own.
unsigned rtf_code_page(int font_charset);

}  // namespace beadle::extract
