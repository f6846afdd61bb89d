#include "base/limits.h"
#include "extract/child/office_text.h"
#include "extract/child/ooxml.h"
#include "extract/child/xml.h"

namespace beadle::extract {
namespace {

// Parts of the slides, in the order of `sldIdLst`.
std::vector<std::string> slide_parts(Document& document, Package& package) {
  std::vector<std::string> slides;
  for (Part& part : package.parts) {
    if (part.name.ends_with(".rels") || root_name(part.bytes) != "presentation") continue;
    const auto targets = relationships(document, package, part.name);
    pugi::xml_document xml;
    if (!parse_xml(document, part.name, part.bytes, xml)) return slides;
    walk(
        xml.document_element(),
        [&](const pugi::xml_node& node) {
          if (local_name(node) != "sldId") return true;
          for (const pugi::xml_attribute& each : node.attributes()) {
            const auto target = targets.find(each.value());
            if (local_name(each) == "id" && target != targets.end()) slides.push_back(target->second);
          }
          return true;
        },
        [](const pugi::xml_node&) {});
    part.bytes.clear();
    return slides;
  }
  return slides;
}

}  // namespace

void read_presentation(Document& document, Package& package) {
  bool first = true;
  for (const std::string& name : slide_parts(document, package)) {
    Part* part = package.find(name);
    pugi::xml_document xml;
    if (part == nullptr || part->bytes.empty() || !parse_xml(document, part->name, part->bytes, xml)) continue;
    document.add(first ? Place::first_page : Place::body,
                 office_text(xml.document_element(), limits::document_text_bytes_max + 1).text);
    part->bytes.clear();
    first = false;
  }
}

}  // namespace beadle::extract
