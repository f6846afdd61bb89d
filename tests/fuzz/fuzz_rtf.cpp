// Any bytes as RTF: never a crash, and never more text than the input can stand for.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/limits.h"
#include "base/text.h"
#include "extract/child/mapi.h"
#include "extract/child/rtf.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const extract::RtfText text = extract::rtf_text(input);
  // A byte of a code page is at most one character of four bytes, and no control word is shorter than what it stands for by more.
  if (text.body.size() + text.header_footer.size() > 4 * size + 64) std::abort();
  if (!is_valid_utf8(text.body) || !is_valid_utf8(text.header_footer)) std::abort();
  if (text.first_page_bytes != std::string::npos && text.first_page_bytes > text.body.size()) std::abort();
  bool cut = false;
  if (extract::inflate_rtf(input, cut).size() > limits::document_raw_bytes_max + 20) std::abort();
  return 0;
}
