#include "extract/child/office_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "extract/child/xml.h"

namespace beadle::extract {
namespace {

using namespace std::string_view_literals;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// It comes first (ECMA-376 part 3 §10.2.1); looking at all of a million siblings for each of them would take hours.
bool has_choice(const pugi::xml_node& fallback) {
  pugi::xml_node each = fallback.parent().first_child();
  while (each && each.type() != pugi::node_element) each = each.next_sibling();
  return local_name(each) == "Choice";
}

class Writer {
 public:
  explicit Writer(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // False to pass over the children.
  bool enter(const pugi::xml_node& node) {
    if (out_.text.size() >= bytes_max_) return false;
    const std::string_view name = local_name(node);
    if (is_one_of(name, {"t", "delText"})) {
      out_.text += text_of(node);
      return false;
    }
    if (name == "tab") out_.text += '\t';
    if (name == "noBreakHyphen") out_.text += '-';
    if (is_one_of(name, {"br", "cr"})) out_.text += '\n';
    if (name == "lastRenderedPageBreak" || (name == "br" && attribute(node, "type") == "page")) end_page();
    if (name == "pPr" && !node.find_child([](const pugi::xml_node& child) { return local_name(child) == "sectPr"; }).empty())
      section_ends_ = true;
    if (is_one_of(name, {"docPr", "cNvPr"})) add_line(attribute(node, "descr"));  // the words for a picture
    if (name == "textpath") add_line(attribute(node, "string"));                  // a watermark
    // Formatting, field codes, and the copy of a drawing for old readers.
    if (is_one_of(name, {"pPr", "rPr", "tblPr", "tcPr", "trPr", "sectPr", "instrText", "rPh"})) return false;
    return name != "Fallback" || !has_choice(node);
  }

  void leave(const pugi::xml_node& node) {
    if (!is_one_of(local_name(node), {"p", "si", "comment", "cm", "threadedComment", "pt"})) return;
    out_.text += '\n';
    if (section_ends_ && local_name(node) == "p") {
      end_page();
      section_ends_ = false;
    }
  }

  OfficeText take() { return std::move(out_); }

 private:
  void end_page() {
    // A break before any text ends an empty page.
    if (out_.first_page_bytes == std::string::npos && out_.text.find_first_not_of(" \t\n") != std::string::npos)
      out_.first_page_bytes = out_.text.size();
  }

  void add_line(std::string_view words) {
    if (!words.empty()) out_.text.append(words).append("\n");
  }

  OfficeText out_;
  std::size_t bytes_max_;
  bool section_ends_ = false;
};

}  // namespace

OfficeText office_text(const pugi::xml_node& root, std::size_t bytes_max) {
  Writer writer(bytes_max);
  walk(
      root, [&](const pugi::xml_node& node) { return writer.enter(node); },
      [&](const pugi::xml_node& node) { writer.leave(node); });
  return writer.take();
}

std::string sheet_header_words(std::string_view coded) {
  std::string out;
  for (std::size_t at = 0; at < coded.size(); ++at) {
    if (coded[at] != '&' || at + 1 == coded.size()) {
      out += coded[at];
      continue;
    }
    const char code = coded[++at];
    if (code == '&') out += '&';
    if (code == 'L' || code == 'C' || code == 'R') out += '\n';
    if (code == '"') at = std::min(coded.find('"', at + 1), coded.size() - 1);
    if (code == 'K') at = std::min(at + 6, coded.size() - 1);  // a colour
    while (code >= '0' && code <= '9' && at + 1 < coded.size() && coded[at + 1] >= '0' && coded[at + 1] <= '9') ++at;
  }
  return out;
}

}  // namespace beadle::extract
