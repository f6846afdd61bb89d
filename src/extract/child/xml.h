// XML parts: parsed only once it is known how deep they are, and walked without recursion.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "extract/child/document.h"

namespace beadle::extract {

/// How many elements are open at once at most. Looks at no more than tags, so it may count too many, never too few.
std::size_t xml_depth(std::string_view xml);

/// UTF-16, which the standard allows (XML 1.0 §4.3.3), becomes UTF-8.
void make_utf8(std::string& xml);

/// Parses `xml` (overwritten, and must outlive `out`). False, and said in `document`, where nothing can be used; a damaged end
/// leaves what stands before.
bool parse_xml(Document& document, std::string_view name, std::string& xml, pugi::xml_document& out);

/// Name without its namespace prefix: writers choose prefixes freely.
std::string_view local_name(const pugi::xml_node& node);
std::string_view local_name(const pugi::xml_attribute& attribute);
/// The attribute with that local name; empty where there is none.
std::string_view attribute(const pugi::xml_node& node, std::string_view name);
/// Of the document element of `xml`, without parsing all of it; empty where there is none.
std::string_view root_name(std::string_view xml);
/// All character data within, as it stands.
std::string text_of(const pugi::xml_node& node);
/// The same, with "; " between what different elements hold.
std::string words_of(const pugi::xml_node& node);

/// Calls `enter(node)` in document order, and `leave(node)` after its children; `enter` gives false to pass over the children.
template <class Enter, class Leave>
void walk(const pugi::xml_node& root, Enter enter, Leave leave) {
  pugi::xml_node node = root;
  while (node) {
    if (enter(node) && node.first_child()) {
      node = node.first_child();
      continue;
    }
    leave(node);
    while (node != root && !node.next_sibling()) {
      node = node.parent();
      leave(node);
    }
    if (node == root) return;
    node = node.next_sibling();
  }
}

}  // namespace beadle::extract
