// The body of a mail's HTML, written anew: elements, attributes and values of short lists only, always closed in order. For mail_html.cpp only.
#pragma once

#include <string>
#include <string_view>

namespace beadle::web {

struct WrittenMail {
  std::string body;
  bool cut = false;        // longer than its bound
  bool flattened = false;  // deeper than its bound
};
WrittenMail write_mail_body(std::string_view html_utf8);

/// Whether the writer ever writes this element, and this class.
bool is_written_element(std::string_view name);
bool is_written_class(std::string_view name);

}  // namespace beadle::web
