#include "extract/child/odf.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "extract/child/package.h"
#include "extract/child/tidy.h"
#include "extract/child/xml.h"

namespace beadle::extract {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct OdfText {
  std::string text;
  std::size_t first_page_bytes = std::string::npos;
};

class Writer {
 public:
  bool enter(const pugi::xml_node& node) {
    if (out_.text.size() > limits::document_text_bytes_max) return false;
    if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
      if (paragraphs_ > 0) out_.text += node.value();
      return false;
    }
    const std::string_view name = local_name(node);
    if (is_text_holder(name)) ++paragraphs_;
    if (name == "s") out_.text.append(std::clamp<std::size_t>(node.attribute("text:c").as_uint(1), 1, 100), ' ');
    if (name == "tab") out_.text += '\t';
    if (name == "line-break") out_.text += '\n';
    if (name == "soft-page-break") end_page();
    if (name == "table" && is_sheet(node)) out_.text.append(attribute(node, "name")).append("\n");
    return !is_one_of(name, {"binary-data", "scripts", "font-face-decls", "automatic-styles"});
  }

  void leave(const pugi::xml_node& node) {
    const std::string_view name = local_name(node);
    if (is_text_holder(name)) {
      --paragraphs_;
      out_.text += local_name(node.parent()) == "table-cell" ? '\t' : '\n';
    }
    if (name == "table-row") {
      out_.text += '\n';
      if (++rows_ == limits::document_first_rows && is_sheet(node.parent())) end_page();
    }
    if (name == "page") end_page();  // a slide
  }

  OdfText take() { return std::move(out_); }

 private:
  static bool is_text_holder(std::string_view name) { return is_one_of(name, {"p", "h", "desc", "title", "creator"}); }
  static bool is_sheet(const pugi::xml_node& table) { return local_name(table.parent()) == "spreadsheet"; }

  void end_page() {
    if (out_.first_page_bytes == std::string::npos && !trimmed(out_.text).empty()) out_.first_page_bytes = out_.text.size();
  }

  OdfText out_;
  std::size_t paragraphs_ = 0;
  std::size_t rows_ = 0;
};

OdfText odf_text(const pugi::xml_node& root) {
  Writer writer;
  walk(
      root, [&](const pugi::xml_node& node) { return writer.enter(node); },
      [&](const pugi::xml_node& node) { writer.leave(node); });
  return writer.take();
}

void read_meta(Document& document, const pugi::xml_node& root) {
  for (const pugi::xml_node& meta : root.children()) {
    for (const pugi::xml_node& each : meta.children()) {
      const std::string_view given = attribute(each, "name");
      document.add_property(given.empty() ? local_name(each) : given, words_of(each));
    }
  }
}

void read_part(Document& document, Part& part) {
  const std::string root(root_name(part.bytes));  // parsing overwrites the bytes
  if (is_one_of(root, {"", "document-settings", "manifest", "RDF"})) return;
  pugi::xml_document xml;
  if (!parse_xml(document, part.name, part.bytes, xml)) return;
  const pugi::xml_node element = xml.document_element();
  if (local_name(element) == "document-meta") return read_meta(document, element);
  if (!is_one_of(root, {"document-content", "document-styles", "document"}))
    return document.add(Place::properties, words_of(element));
  const OdfText read = odf_text(element);
  if (local_name(element) == "document-styles") return document.add(Place::header_footer, read.text);
  document.add_pages(read.text, std::min(read.first_page_bytes, lines_end(read.text, limits::document_first_page_lines)));
}

bool is_encrypted(Package& package) {
  const Part* manifest = package.find("META-INF/manifest.xml");
  return package.find("encrypted-package") != nullptr ||
         (manifest != nullptr && manifest->bytes.find("encryption-data") != std::string::npos);
}

std::string_view kind_of_package(Package& package) {
  const Part* type = package.find("mimetype");
  if (type == nullptr) return "odf";
  if (type->bytes.find("opendocument.text") != std::string::npos) return "odt";
  if (type->bytes.find("opendocument.spreadsheet") != std::string::npos) return "ods";
  if (type->bytes.find("opendocument.presentation") != std::string::npos) return "odp";
  return "odf";
}

}  // namespace

void read_odf(Document& document) {
  Package package = load_package(document);
  document.job().report.kind(kind_of_package(package));
  if (is_encrypted(package)) return document.unread(Outcome::encrypted, "needs a password");
  for (Part& part : package.parts) {
    make_utf8(part.bytes);
    const bool xml = part.name.ends_with(".xml") || part.name.ends_with(".rdf");
    if (xml) read_part(document, part);
    if (!xml && part.name != "mimetype") read_other_part(document, part);
  }
}

}  // namespace beadle::extract
