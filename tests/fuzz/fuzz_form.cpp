// Any bytes as a form. What is taken comes back the same when it is encoded anew, and is clean text.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "web/http.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle;
  using namespace beadle::web;
  const auto pairs = parse_form({reinterpret_cast<const char*>(data), size});
  if (!pairs) return 0;
  require(pairs->size() <= limits::web_form_fields_max);
  std::string again;
  for (const auto& [name, value] : *pairs) {
    require(is_valid_utf8(name) && is_valid_utf8(value) && (name + value).find('\0') == std::string::npos);
    again += url_encoded(name) + "=" + url_encoded(value) + "&";
  }
  require(parse_form(again) == pairs);
  return 0;
}
