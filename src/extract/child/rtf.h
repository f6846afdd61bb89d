// RTF → text ([MS-RTF] 1.9.1). One pass, no recursion; a group costs a few bytes. Also HTML that was wrapped into RTF
// ([MS-OXRTFEX]).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "extract/child/document.h"

namespace beadle::extract {

struct RtfText {
  enum class End { whole, truncated, too_deep, full };
  std::string body;  // UTF-8; HTML where `is_html`
  bool is_html = false;
  std::size_t first_page_bytes = std::string::npos;  // where the first page break stands in `body`
  std::string header_footer;
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<std::string> objects;  // the bytes of embedded objects
  End end = End::whole;
};

RtfText rtf_text(std::string_view bytes);

/// Reads `document` as RTF.
void read_rtf(Document& document);
/// The same for RTF that stands within another format; without a first page, because it is the text of a message.
void read_rtf_message(Document& document, std::string_view bytes);

}  // namespace beadle::extract
