#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "extract/child/office_text.h"
#include "extract/child/ooxml.h"
#include "extract/child/tidy.h"
#include "extract/child/xml.h"

namespace beadle::extract {
namespace {

struct Strings {
  std::vector<std::string> texts;
  std::vector<bool> used;
};

struct Sheet {
  std::string name;
  std::string part;
};

Part* part_with_root(Package& package, std::string_view root) {
  for (Part& part : package.parts) {
    if (part.name.ends_with(".rels")) continue;
    make_utf8(part.bytes);
    if (root_name(part.bytes) == root) return &part;
  }
  return nullptr;
}

Strings read_strings(Document& document, Package& package) {
  Strings strings;
  Part* part = part_with_root(package, "sst");
  pugi::xml_document xml;
  if (part == nullptr || !parse_xml(document, part->name, part->bytes, xml)) return strings;
  for (const pugi::xml_node& item : xml.document_element().children()) {
    if (local_name(item) != "si") continue;
    strings.texts.emplace_back(trimmed(office_text(item, limits::document_text_bytes_max).text));
  }
  strings.used.resize(strings.texts.size());
  part->bytes.clear();
  return strings;
}

std::vector<Sheet> read_sheet_list(Document& document, Package& package) {
  std::vector<Sheet> sheets;
  Part* part = part_with_root(package, "workbook");
  pugi::xml_document xml;
  if (part == nullptr) return sheets;
  const auto targets = relationships(document, package, part->name);
  if (!parse_xml(document, part->name, part->bytes, xml)) return sheets;
  walk(
      xml.document_element(),
      [&](const pugi::xml_node& node) {
        if (local_name(node) != "sheet") return true;
        for (const pugi::xml_attribute& each : node.attributes()) {
          const auto target = targets.find(each.value());
          if (local_name(each) == "id" && target != targets.end())
            sheets.push_back({std::string(attribute(node, "name")), target->second});
        }
        return true;
      },
      [](const pugi::xml_node&) {});
  part->bytes.clear();
  return sheets;
}

std::string cell_text(const pugi::xml_node& cell, Strings& strings) {
  const std::string_view type = attribute(cell, "t");
  if (type == "inlineStr") return std::string(trimmed(office_text(cell, limits::document_text_bytes_max).text));
  const pugi::xml_node value = cell.find_child([](const pugi::xml_node& child) { return local_name(child) == "v"; });
  if (type != "s") return text_of(value);
  const std::size_t index = value.text().as_uint(~0u);
  if (index >= strings.texts.size()) return {};
  strings.used[index] = true;
  return strings.texts[index];
}

struct SheetText {
  std::string rows;
  std::size_t first_rows_bytes = std::string::npos;
};

void append_row(std::string& out, const pugi::xml_node& row, Strings& strings) {
  const std::size_t start = out.size();
  for (const pugi::xml_node& cell : row.children()) {
    if (out.size() > limits::document_text_bytes_max) break;  // one shared string may be pointed at a million times
    const std::string text = local_name(cell) == "c" ? cell_text(cell, strings) : std::string();
    if (text.empty()) continue;
    if (out.size() > start) out += '\t';
    out += text;
  }
  if (out.size() > start) out += '\n';
}

SheetText read_rows(const pugi::xml_node& data, std::string_view sheet_name, Strings& strings) {
  SheetText out;
  out.rows = std::string(sheet_name) + "\n";
  std::size_t rows = 0;
  for (const pugi::xml_node& row : data.children()) {
    if (out.rows.size() > limits::document_text_bytes_max) break;
    append_row(out.rows, row, strings);
    if (++rows == limits::document_first_rows) out.first_rows_bytes = out.rows.size();
  }
  return out;
}

void read_sheet(Document& document, Part& part, std::string_view name, bool first, Strings& strings) {
  pugi::xml_document xml;
  if (!parse_xml(document, part.name, part.bytes, xml)) return;
  SheetText text;
  for (const pugi::xml_node& node : xml.document_element().children()) {
    if (local_name(node) == "sheetData") text = read_rows(node, name, strings);
    if (local_name(node) != "headerFooter") continue;
    for (const pugi::xml_node& each : node.children()) document.add(Place::header_footer, sheet_header_words(text_of(each)));
  }
  document.add_pages(text.rows, first ? text.first_rows_bytes : 0);
  part.bytes.clear();
}

}  // namespace

void read_workbook(Document& document, Package& package) {
  const std::vector<Sheet> sheets = read_sheet_list(document, package);
  Strings strings = read_strings(document, package);
  bool first = true;
  for (const Sheet& sheet : sheets) {
    Part* part = package.find(sheet.part);
    if (part == nullptr || part->bytes.empty()) {
      document.add(Place::body, sheet.name);
      continue;
    }
    make_utf8(part->bytes);
    if (root_name(part->bytes) != "worksheet") continue;  // sheets of charts are read with the other parts
    read_sheet(document, *part, sheet.name, first, strings);
    first = false;
  }
  // Sheets that the workbook does not name.
  for (Part& part : package.parts) {
    if (!part.bytes.empty() && part.name.ends_with(".xml") && root_name(part.bytes) == "worksheet")
      read_sheet(document, part, "", first, strings);
  }
  std::string unused;
  for (std::size_t i = 0; i < strings.texts.size(); ++i) {
    if (!strings.used[i]) unused.append(strings.texts[i]).append("\n");
  }
  document.add(Place::body, unused);
}

}  // namespace beadle::extract
