#include "extract/child/xml.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

std::string_view without_prefix(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

// Past the construct that begins at `at` with "<!" or "<?".
std::size_t past_special(std::string_view xml, std::size_t at) {
  std::string_view end = ">";
  if (xml.substr(at).starts_with("<!--")) end = "-->";
  if (xml.substr(at).starts_with("<![CDATA[")) end = "]]>";
  if (xml.substr(at).starts_with("<?")) end = "?>";
  const std::size_t found = xml.find(end, at + 2);
  return found == std::string_view::npos ? xml.size() : found + end.size();
}

// The ">" that ends the tag at `at`; one within quotes does not.
std::size_t tag_end(std::string_view xml, std::size_t at) {
  for (at = xml.find_first_of(">\"'", at); at != std::string_view::npos; at = xml.find_first_of(">\"'", at + 1)) {
    if (xml[at] == '>') return at;
    at = xml.find(xml[at], at + 1);
    if (at == std::string_view::npos) break;
  }
  return std::string_view::npos;
}

}  // namespace

void make_utf8(std::string& xml) {
  if (xml.starts_with("\xFF\xFE") || (xml.starts_with("<") && xml.size() > 1 && xml[1] == '\0')) {
    xml = utf8_from_utf16le(xml);
  } else if (xml.starts_with("\xFE\xFF") || (xml.size() > 1 && xml[0] == '\0' && xml[1] == '<')) {
    xml = utf8_from_utf16be(xml);
  }
}

std::size_t xml_depth(std::string_view xml) {
  std::size_t depth = 0;
  std::size_t most = 0;
  for (std::size_t at = xml.find('<'); at != std::string_view::npos && at + 1 < xml.size(); at = xml.find('<', at)) {
    const char next = xml[at + 1];
    if (next == '!' || next == '?') {
      at = past_special(xml, at);
      continue;
    }
    const std::size_t end = tag_end(xml, at);
    if (next == '/') {
      depth -= depth > 0 ? 1 : 0;
    } else {
      most = std::max(most, ++depth);
      if (end != std::string_view::npos && xml[end - 1] == '/') --depth;
    }
    if (end == std::string_view::npos) break;
    at = end;
  }
  return most;
}

bool parse_xml(Document& document, std::string_view name, std::string& xml, pugi::xml_document& out) {
  make_utf8(xml);
  if (xml_depth(xml) > limits::document_xml_depth_max) {
    document.unread(Outcome::limit, std::string(name) + " is nested deeper than is read");
    return false;
  }
  constexpr unsigned options = pugi::parse_default | pugi::parse_ws_pcdata;
  const pugi::xml_parse_result result = out.load_buffer_inplace(xml.data(), xml.size(), options, pugi::encoding_utf8);
  if (result.status == pugi::status_ok) return true;
  if (result.status == pugi::status_out_of_memory) {
    document.unread(Outcome::limit, std::string(name) + " takes more memory than there is");
    return false;
  }
  const bool usable = static_cast<bool>(out.document_element());
  document.unread(usable ? Outcome::truncated : Outcome::unreadable, std::string(name) + ": " + result.description());
  return usable;
}

std::string_view local_name(const pugi::xml_node& node) { return without_prefix(node.name()); }
std::string_view local_name(const pugi::xml_attribute& attribute) { return without_prefix(attribute.name()); }

std::string_view attribute(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_attribute& each : node.attributes()) {
    if (local_name(each) == name) return each.value();
  }
  return {};
}

std::string_view root_name(std::string_view xml) {
  for (std::size_t at = xml.find('<'); at != std::string_view::npos && at + 1 < xml.size(); at = xml.find('<', at)) {
    if (xml[at + 1] == '!' || xml[at + 1] == '?') {
      at = past_special(xml, at);
      continue;
    }
    const std::size_t end = xml.find_first_of(" \t\r\n/>", at + 1);
    return without_prefix(xml.substr(at + 1, end == std::string_view::npos ? 0 : end - at - 1));
  }
  return {};
}

std::string text_of(const pugi::xml_node& node) {
  std::string out;
  walk(
      node,
      [&](const pugi::xml_node& each) {
        if (each.type() == pugi::node_pcdata || each.type() == pugi::node_cdata) out += each.value();
        return true;
      },
      [](const pugi::xml_node&) {});
  return out;
}

std::string words_of(const pugi::xml_node& node) {
  std::string out;
  walk(
      node,
      [&](const pugi::xml_node& each) {
        const bool text = each.type() == pugi::node_pcdata || each.type() == pugi::node_cdata;
        if (text && !trimmed(each.value()).empty()) out.append(out.empty() ? "" : "; ").append(trimmed(each.value()));
        return true;
      },
      [](const pugi::xml_node&) {});
  return out;
}

}  // namespace beadle::extract
