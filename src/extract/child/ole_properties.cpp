// Property sets of compound files ([MS-OLEPS]): title, subject, keywords, comments, and custom ones by their
// names.
#include <map>

#include "extract/child/ole.h"
#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

constexpr std::uint32_t properties_max = 1000;
constexpr std::uint32_t type_text = 0x1E;
constexpr std::uint32_t type_wide_text = 0x1F;
constexpr std::uint32_t code_page_id = 1;
constexpr unsigned wide_code_page = 1200;

const std::map<std::uint32_t, std::string> summary_names = {
    {2, "title"}, {3, "subject"}, {4, "author"}, {5, "keywords"}, {6, "comments"}};
const std::map<std::uint32_t, std::string> document_names = {
    {2, "category"}, {14, "manager"}, {15, "company"}, {26, "contentType"}, {27, "contentStatus"}};

struct Set {
  std::string_view bytes;  // from its start
  unsigned code_page = 1252;
  std::uint32_t count = 0;

  std::uint32_t id(std::uint32_t i) const { return u32_at(bytes, 8 + 8 * std::size_t{i}); }
  std::size_t place(std::uint32_t i) const { return u32_at(bytes, 12 + 8 * std::size_t{i}); }
};

std::string_view at_most(std::string_view bytes, std::size_t at, std::size_t length) {
  return at >= bytes.size() ? std::string_view() : bytes.substr(at, length);
}

std::string text(std::string_view bytes, unsigned code_page) {
  return tidied(code_page == wide_code_page ? utf8_from_utf16le(bytes) : utf8_from_code_page(bytes, code_page));
}

std::string value_at(const Set& set, std::size_t place) {
  const std::uint32_t type = u32_at(set.bytes, place);
  const std::size_t length = u32_at(set.bytes, place + 4);
  if (type == type_text) return text(at_most(set.bytes, place + 8, length), set.code_page);
  if (type == type_wide_text) return text(at_most(set.bytes, place + 8, length * 2), wide_code_page);
  return {};
}

Set open_set(std::string_view bytes) {
  Set set{bytes, 1252, std::min(u32_at(bytes, 4), properties_max)};
  for (std::uint32_t i = 0; i < set.count; ++i) {
    if (set.id(i) == code_page_id) set.code_page = u16_at(bytes, set.place(i) + 4);
  }
  return set;
}

// Property 0 of a set of custom properties gives the names of the others.
std::map<std::uint32_t, std::string> names_in(const Set& set) {
  std::map<std::uint32_t, std::string> names;
  for (std::uint32_t i = 0; i < set.count; ++i) {
    if (set.id(i) != 0) continue;
    std::size_t at = set.place(i) + 4;
    const std::uint32_t count = std::min(u32_at(set.bytes, set.place(i)), properties_max);
    for (std::uint32_t each = 0; each < count && at + 8 <= set.bytes.size(); ++each) {
      const bool wide = set.code_page == wide_code_page;
      const std::size_t length = std::size_t{u32_at(set.bytes, at + 4)} * (wide ? 2 : 1);
      names[u32_at(set.bytes, at)] = text(at_most(set.bytes, at + 8, length), set.code_page);
      at += 8 + (wide ? (length + 3) / 4 * 4 : length);
    }
  }
  return names;
}

void read_sets(Document& document, std::string_view stream, const std::map<std::uint32_t, std::string>& first_names) {
  const std::uint32_t sets = std::min(u32_at(stream, 24), 2u);
  for (std::uint32_t i = 0; i < sets; ++i) {
    const std::size_t place = u32_at(stream, 44 + 20 * std::size_t{i});
    if (place >= stream.size()) continue;
    const Set set = open_set(stream.substr(place));
    const auto names = i == 0 ? first_names : names_in(set);
    for (std::uint32_t each = 0; each < set.count; ++each) {
      const auto name = names.find(set.id(each));
      if (name != names.end()) document.add_property(name->second, value_at(set, set.place(each)));
    }
  }
}

}  // namespace

void read_ole_properties(Document& document, const CompoundFile& file, const std::string& prefix) {
  read_sets(document,
            file.stream(prefix + "\x05"
                                 "SummaryInformation"),
            summary_names);
  read_sets(document,
            file.stream(prefix + "\x05"
                                 "DocumentSummaryInformation"),
            document_names);
}

}  // namespace beadle::extract
