#include "extract/child/pdf.h"

#include <poppler-document.h>
#include <poppler-embedded-file.h>
#include <poppler-global.h>
#include <poppler-page.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <vector>

#include "base/limits.h"
#include "extract/child/tidy.h"
#include "extract/child/xml.h"

namespace beadle::extract {
namespace {

std::string utf8(const poppler::ustring& text) {
  if (text.empty()) return {};
  // The strings are UTF-16 in units of their own; converted here, so that no converter of the C library is asked.
  std::string units;
  units.reserve(text.size() * 2);
  for (const auto unit : text) {
    units += static_cast<char>(unit & 0xFF);
    units += static_cast<char>(unit >> 8);
  }
  return utf8_from_utf16le(units);
}

void read_properties(Document& document, const poppler::document& pdf) {
  for (const std::string& key : pdf.info_keys()) {
    if (key != "CreationDate" && key != "ModDate" && key != "Trapped") document.add_property(key, utf8(pdf.info_key(key)));
  }
}

// Values in several languages stand two levels deeper, in `li`.
std::string_view metadata_name(const pugi::xml_node& element) {
  return local_name(element) == "li" ? local_name(element.parent().parent()) : local_name(element);
}

// XMP: each value by the name of its element or attribute (sensitivity labels are either).
void read_metadata(Document& document, const poppler::document& pdf) {
  std::string metadata;
  for (const auto unit : pdf.metadata()) metadata += static_cast<char>(unit);  // bytes, one to a unit
  if (metadata.empty()) return;
  pugi::xml_document xml;
  if (!parse_xml(document, "metadata", metadata, xml)) return;
  walk(
      xml,
      [&](const pugi::xml_node& node) {
        if (node.type() == pugi::node_pcdata) document.add_property(metadata_name(node.parent()), node.value());
        for (const pugi::xml_attribute& each : node.attributes()) {
          const std::string_view name = each.name();
          if (!name.starts_with("xmlns") && name != "rdf:about" && name != "xml:lang" && name != "x:xmptk")
            document.add_property(local_name(each), each.value());
        }
        return !document.full();
      },
      [](const pugi::xml_node&) {});
}

// Reading order, not the order of the file (which may have the footer first) and not the columns of the sheet (which break
// sentences).
std::string page_text(const poppler::page& page) {
  return utf8(page.text(poppler::rectf(), poppler::page::non_raw_non_physical_layout));
}

void read_pages(Document& document, const poppler::document& pdf) {
  const int pages = std::max(pdf.pages(), 0);
  std::size_t blank = 0;
  std::size_t missing = 0;
  for (int i = 0; i < pages && !document.full(); ++i) {
    if (static_cast<std::size_t>(i) == limits::document_pages_max)
      return document.unread(Outcome::limit, "more pages than are read");
    const std::unique_ptr<poppler::page> page(pdf.create_page(i));
    const std::string text = page ? page_text(*page) : std::string();
    if (!page) ++missing;
    if (text.find_first_not_of(" \t\r\n\f") == std::string::npos) ++blank;
    document.add(i == 0 ? Place::first_page : Place::body, text);
  }
  if (missing > 0)
    document.unread(Outcome::truncated, std::to_string(missing) + " of " + std::to_string(pages) + " pages cannot be read");
  // Not the last word on blank pages: an empty back page is one too.
  if (blank > 0 && missing == 0)
    document.unread(Outcome::no_text, std::to_string(blank) + " of " + std::to_string(pages) + " pages without text: scanned?");
}

void read_attachments(Document& document, const poppler::document& pdf) {
  if (!pdf.has_embedded_files()) return;
  // The document owns them.
  for (const poppler::embedded_file* file : pdf.embedded_files()) {
    if (++document.job().entries > limits::document_entries_max)
      return document.unread(Outcome::limit, "more attached files than are read");
    if (!file->is_valid()) {
      document.unread_member(file->name(), Outcome::unreadable, "an attached file that is damaged");
      continue;
    }
    const poppler::byte_array bytes = file->data();
    if (!document.count_inflated(bytes.size()))
      return document.unread_member(file->name(), Outcome::limit, "inflates to more than is read");
    document.read_member(file->name(), {bytes.data(), bytes.size()});
  }
}

// Programs that make PDF end it with this; a file that was cut off does not have it.
bool is_cut_off(std::string_view bytes) { return bytes.rfind("%%EOF") == std::string_view::npos; }

}  // namespace

void warm_up_pdf() {
  poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
  const poppler::ustring text = poppler::ustring::from_utf8("x");
  static_cast<void>(text.to_utf8());
}

void read_pdf(Document& document) {
  document.job().report.kind("pdf");
  const std::string_view bytes = document.bytes();
  if (bytes.size() > INT_MAX) return document.unread(Outcome::limit, "too large");
  const std::unique_ptr<poppler::document> pdf(
      poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
  if (!pdf) return document.unread(is_cut_off(bytes) ? Outcome::truncated : Outcome::unreadable, "not a whole PDF");
  if (pdf->is_locked()) return document.unread(Outcome::encrypted, "needs a password");
  read_properties(document, *pdf);
  read_metadata(document, *pdf);
  read_pages(document, *pdf);
  read_attachments(document, *pdf);
  if (is_cut_off(bytes)) document.unread(Outcome::truncated, "ends before its end mark");
}

}  // namespace beadle::extract
