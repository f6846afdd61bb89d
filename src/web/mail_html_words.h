// Small readings of what stands in a mail's HTML. For mail_html_writer.cpp only.
#pragma once

#include <string>
#include <string_view>

namespace beadle::web {

/// Text between tags, with its character references replaced.
std::string decoded_text(std::string_view text);
/// Nothing in it can be seen.
bool is_blank(std::string_view text);
/// More than figures and signs, such as remain of Outlook's settings.
bool has_letters(std::string_view text);
/// The number that `text` begins with, else 0.
int number_of(std::string_view text);
/// Where a link leads, in words; "" where it stays in the mail. What is no web or mail address is not repeated.
std::string destination_of(std::string_view href);

}  // namespace beadle::web
