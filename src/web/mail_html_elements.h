// What becomes of each element of a mail, and the attributes of a tag that the tokenizer passes over. For mail_html_writer.cpp only.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "mail/html_tokenizer.h"

namespace beadle::web {

/// The element that is written for one of a mail: "p" for "p", "span" for "font", "" where only its content is.
std::string_view written_element(std::string_view name);
/// What stands in for content that is left out: "frame", "drawing"; "" where nothing is.
std::string_view left_out_as(std::string_view name);
/// "table", "tr" and the like, between whose tags no words can stand.
bool is_table_frame(std::string_view written);

enum class TagValue { href, align, bgcolor, border, colspan, rowspan, width, height, count };
/// Values with their character references replaced; "" where absent.
using TagValues = std::array<std::string, static_cast<std::size_t>(TagValue::count)>;
/// `html` from the "<" of a start tag on.
TagValues read_tag_values(std::string_view html, const mail::HtmlToken& tag);

}  // namespace beadle::web
