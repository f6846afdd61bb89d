// PowerPoint 97 to 2003 ([MS-PPT]): every text of every record, slides before masters; records nest, and are walked without
// recursion.
#include <algorithm>

#include "base/limits.h"
#include "extract/child/ole.h"
#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

constexpr std::size_t record_head_bytes = 8;
constexpr unsigned container_version = 0xF;
constexpr std::uint16_t text_wide_record = 0x0FA0;
constexpr std::uint16_t text_narrow_record = 0x0FA8;
constexpr std::uint16_t string_record = 0x0FBA;
constexpr std::uint16_t slide_place_record = 0x03F3;  // before the texts of each slide in the outline
constexpr std::uint16_t master_record = 0x03F8;
constexpr std::uint32_t encrypted_token = 0xF3D1C4DF;

struct Texts {
  std::string first_slide;
  std::string slides;
  std::string masters;
};

Texts texts_of(std::string_view stream) {
  Texts texts;
  std::size_t slides = 0;
  std::size_t master_end = 0;
  for (std::size_t at = 0; at + record_head_bytes <= stream.size();) {
    const std::uint16_t type = u16_at(stream, at + 2);
    const std::size_t length = u32_at(stream, at + 4);
    const std::size_t body = at + record_head_bytes;
    const bool container = (u16_at(stream, at) & 0xF) == container_version;
    if (type == slide_place_record) ++slides;
    if (type == master_record && container) master_end = body + length;
    const std::string_view bytes = stream.substr(body, length);
    std::string text;
    if (type == text_wide_record || type == string_record) text = utf8_from_utf16le(bytes);
    if (type == text_narrow_record) text = utf8_from_code_page(bytes, 1252);
    std::string& into = at < master_end ? texts.masters : slides == 1 ? texts.first_slide : texts.slides;
    if (!text.empty() && into.size() <= limits::document_text_bytes_max) into.append(text).append("\n");
    at = container ? body : body + std::min(length, stream.size() - body);
  }
  return texts;
}

}  // namespace

void read_ppt(Document& document, const CompoundFile& file, const std::string& prefix) {
  if (u32_at(file.stream(prefix + "Current User"), 12) == encrypted_token)
    return document.unread(Outcome::encrypted, "needs a password");
  if (!prefix.empty()) read_ole_properties(document, file, prefix);
  const Texts texts = texts_of(file.stream(prefix + "PowerPoint Document"));
  document.add(Place::first_page, texts.first_slide);
  document.add(Place::body, texts.slides);
  document.add(Place::header_footer, texts.masters);
}

}  // namespace beadle::extract
