#include "extract/child/ooxml.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "extract/child/office_text.h"
#include "extract/child/tidy.h"
#include "extract/child/xml.h"

namespace beadle::extract {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_xml(const Part& part) {
  const std::string name = ascii_lower(part.name);
  return name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".vml") || part.bytes.starts_with("<?xml") ||
         part.bytes.starts_with("\xEF\xBB\xBF<?xml");
}

// What programs count and date; nobody wrote it.
bool is_statistics(std::string_view name) {
  return is_one_of(name, {"TotalTime", "Pages",         "Words",        "Characters",        "CharactersWithSpaces",
                          "Lines",     "Paragraphs",    "Application",  "AppVersion",        "DocSecurity",
                          "ScaleCrop", "LinksUpToDate", "SharedDoc",    "HyperlinksChanged", "HeadingPairs",
                          "Slides",    "Notes",         "HiddenSlides", "MMClips",           "PresentationFormat",
                          "revision",  "created",       "modified",     "lastPrinted"});
}

// docProps/app.xml and custom.xml share the root `Properties`; custom ones bear their name as an attribute (MSIP_Label_… are
// sensitivity labels).
void read_properties(Document& document, const pugi::xml_node& root) {
  for (const pugi::xml_node& node : root.children()) {
    const std::string_view given = attribute(node, "name");
    if (given.empty() && is_statistics(local_name(node))) continue;
    document.add_property(given.empty() ? local_name(node) : given, words_of(node));
  }
}

// docMetadata/LabelInfo.xml ([MS-OFFCRYPTO]): labels are attributes only.
void read_labels(Document& document, const pugi::xml_node& root) {
  for (const pugi::xml_node& label : root.children()) {
    for (const pugi::xml_attribute& each : label.attributes())
      document.add_property("label " + std::string(local_name(each)), each.value());
  }
}

void read_main_text(Document& document, const pugi::xml_node& root) {
  const OfficeText read = office_text(root, limits::document_text_bytes_max + 1);
  document.add_pages(read.text, std::min(read.first_page_bytes, lines_end(read.text, limits::document_first_page_lines)));
}

// A master repeats on every slide, so its words stand like a header; "Click to edit the title" in its frames for text does not
// count.
void read_master(Document& document, pugi::xml_node root) {
  std::vector<pugi::xml_node> frames;
  walk(
      root,
      [&](const pugi::xml_node& node) {
        if (local_name(node) == "ph" && !is_one_of(attribute(node, "type"), {"ftr", "hdr"}))
          frames.push_back(node.parent().parent().parent());
        return true;
      },
      [](const pugi::xml_node&) {});
  for (pugi::xml_node frame : frames) frame.parent().remove_child(frame);
  document.add(Place::header_footer, office_text(root, limits::document_text_bytes_max + 1).text);
}

// Hidden copies of the source rows of a pivot table: strings are attributes.
void read_pivot_cache(Document& document, const pugi::xml_node& root) {
  std::string text;
  walk(
      root,
      [&](const pugi::xml_node& node) {
        if (local_name(node) == "s") text.append(attribute(node, "v")).append("\n");
        return true;
      },
      [](const pugi::xml_node&) {});
  document.add(Place::body, text);
}

bool is_formatting(std::string_view root) {
  return is_one_of(root, {"Types",
                          "Relationships",
                          "theme",
                          "themeOverride",
                          "styles",
                          "settings",
                          "fonts",
                          "webSettings",
                          "numbering",
                          "styleSheet",
                          "calcChain",
                          "viewPr",
                          "presentationPr",
                          "presProps",
                          "tblStyleLst",
                          "volTypes",
                          "presentation",
                          "workbook",
                          "colorsDef",
                          "layoutDef",
                          "styleDef",
                          "colorStyle",
                          "chartStyle",
                          "people",
                          "persons",
                          "Signature",
                          "metadata",
                          "datastoreItem",
                          "stylesWithEffects",
                          "themeManager",
                          "connections",
                          "queryTable"});
}

// Drawings of old writers (VML): settings of the shapes are text too, so only what stands in boxes counts.
void read_old_drawing(Document& document, const pugi::xml_node& root) {
  std::string text = office_text(root, limits::document_text_bytes_max + 1).text;
  walk(
      root,
      [&](const pugi::xml_node& node) {
        if (local_name(node) == "textbox") text.append(words_of(node)).append("\n");
        return local_name(node) != "textbox";
      },
      [](const pugi::xml_node&) {});
  document.add(Place::body, text);
}

void read_parsed(Document& document, const Part& part, const pugi::xml_node& root) {
  const std::string_view name = local_name(root);
  if (name == "document") return read_main_text(document, root);
  if (is_one_of(name, {"hdr", "ftr"}))
    return document.add(Place::header_footer, office_text(root, limits::document_text_bytes_max + 1).text);
  if (is_one_of(name, {"coreProperties", "Properties"})) return read_properties(document, root);
  if (name == "labelList") return read_labels(document, root);
  if (name == "xml") return read_old_drawing(document, root);
  if (is_one_of(name, {"sldMaster", "sldLayout", "notesMaster", "handoutMaster"})) return read_master(document, root);
  if (name == "pivotCacheDefinition" || name == "pivotCacheRecords") return read_pivot_cache(document, root);
  const std::string text = office_text(root, limits::document_text_bytes_max + 1).text;
  if (!trimmed(text).empty()) return document.add(Place::body, text);
  // Forms and data of other programs: whatever words stand in them. Beside the text, so they cannot be mistaken for it.
  document.add(part.name.find("customXml") == std::string::npos ? Place::body : Place::properties, words_of(root));
}

void read_part(Document& document, Part& part) {
  if (!is_xml(part)) return read_other_part(document, part);
  make_utf8(part.bytes);
  if (is_formatting(root_name(part.bytes)) || trimmed(part.bytes).empty()) return;
  pugi::xml_document xml;
  if (parse_xml(document, part.name, part.bytes, xml)) read_parsed(document, part, xml.document_element());
}

std::string_view kind_of_package(const Package& package) {
  for (const Part& part : package.parts) {
    const std::string_view root = is_xml(part) ? root_name(part.bytes) : std::string_view();
    if (root == "document") return "docx";
    if (root == "workbook") return "xlsx";
    if (root == "presentation") return "pptx";
    if (part.name.ends_with("workbook.bin")) return "xlsb";
  }
  return "ooxml";
}

// `../slides/slide1.xml` as seen from `ppt/_rels`, without the dots.
std::string resolved(std::string_view folder, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::vector<std::string> parts;
  const std::string whole = std::string(folder) + "/" + std::string(target);
  for (const std::string_view each : split(whole, '/')) {
    if (each == ".." && !parts.empty()) parts.pop_back();
    if (!each.empty() && each != "." && each != "..") parts.emplace_back(each);
  }
  return joined(parts, "/");
}

}  // namespace

std::map<std::string, std::string> relationships(Document& document, Package& package, std::string_view part) {
  std::map<std::string, std::string> out;
  const std::size_t slash = part.rfind('/');
  const std::string folder(slash == std::string_view::npos ? std::string_view() : part.substr(0, slash));
  const std::string file(slash == std::string_view::npos ? part : part.substr(slash + 1));
  Part* found = package.find((folder.empty() ? "" : folder + "/") + "_rels/" + file + ".rels");
  if (found == nullptr) return out;
  std::string copy = found->bytes;
  pugi::xml_document xml;
  if (!parse_xml(document, found->name, copy, xml)) return out;
  for (const pugi::xml_node& each : xml.document_element().children()) {
    out.emplace(attribute(each, "Id"), resolved(folder, attribute(each, "Target")));
  }
  return out;
}

void read_ooxml(Document& document) {
  Package package = load_package(document);
  const std::string_view kind = kind_of_package(package);
  document.job().report.kind(kind);
  if (kind == "xlsb") document.unread(Outcome::unreadable, "a binary workbook");
  if (kind == "ooxml" && !document.has_unread() && package.find("FixedDocumentSequence.fdseq") != nullptr) {
    document.unread(Outcome::unreadable, "an XPS document");
  }
  read_workbook(document, package);
  read_presentation(document, package);
  for (Part& part : package.parts) {
    if (kind == "xlsb" && part.name.ends_with(".bin")) continue;
    read_part(document, part);
  }
}

}  // namespace beadle::extract
