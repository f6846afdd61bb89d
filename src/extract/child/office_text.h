// Text out of WordprocessingML and DrawingML (ECMA-376 parts 1 §17, §21): what is shown, deleted and hidden words too, as lines.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

namespace beadle::extract {

struct OfficeText {
  std::string text;
  std::size_t first_page_bytes = std::string::npos;  // where the first page break stands; npos without one
};

/// Stops at `bytes_max`, which it may pass by one run.
OfficeText office_text(const pugi::xml_node& root, std::size_t bytes_max);

/// `&L&"Arial,Bold"&8Confidential&RPage &P` (ECMA-376 part 1 §18.3.1.46): the words of a sheet's header or footer without the
/// codes.
std::string sheet_header_words(std::string_view coded);

}  // namespace beadle::extract
