// Properties: what a reviewer's browser is sent of a mail has no attribute but style, class and spans, loads nothing, and says its words.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "web/mail_html.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// Text has no "<" of its own, so every "<" is a tag of ours.
void check_tag(std::string_view tag) {
  for (const std::string_view part : beadle::split(tag, '"')) require(part.find("url(") == std::string_view::npos);
  for (std::size_t at = tag.find('='); at != std::string_view::npos; at = tag.find('=', at + 1)) {
    const std::string_view name = tag.substr(0, at);
    require(name.ends_with(" style") || name.ends_with(" class") || name.ends_with(" colspan") || name.ends_with(" rowspan"));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle;
  const std::string document = web::safe_mail_html({reinterpret_cast<const char*>(data), size});
  require(is_valid_utf8(document));
  require(document.find("<p class=\"note\">The message is shown as text") == std::string::npos);  // the writer erred
  const std::size_t body = document.find("<body>");
  require(body != std::string::npos && document.find("<body>", body + 1) == std::string::npos);
  for (std::size_t at = document.find('<', body + 1); at != std::string::npos; at = document.find('<', at + 1)) {
    const std::size_t end = document.find('>', at);
    require(end != std::string::npos);
    check_tag(std::string_view(document).substr(at, end - at));
  }
  return 0;
}
