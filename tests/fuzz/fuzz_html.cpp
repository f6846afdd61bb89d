// Properties: text of HTML is UTF-8, no more than a few times as long as its source, and its marks lie sorted within it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "mail/html.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle;
  const std::string html = valid_utf8({reinterpret_cast<const char*>(data), size});
  const mail::HtmlText text = mail::html_to_text(html);
  require(is_valid_utf8(text.utf8) && is_valid_utf8(text.hidden));
  // The shortest element with a text of its own is "<li>x": a line end and "- " for its tag.
  require(text.utf8.size() <= 2 * html.size() && text.hidden.size() <= 2 * html.size() + 1);
  require(text.utf8.find('\0') == std::string::npos && text.utf8.find('\r') == std::string::npos);
  std::size_t begin = 0, source = 0;
  for (const mail::HtmlMark& mark : text.marks) {
    require(mark.range.begin >= begin && mark.range.begin < mark.range.end && mark.range.end <= text.utf8.size());
    require(mark.source >= source && mark.source < html.size());
    begin = mark.range.begin;
    source = mark.source;
  }
  require(mail::html_charset(html).size() <= 1024);
  return 0;
}
