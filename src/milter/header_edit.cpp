#include "milter/header_edit.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "milter/codec.h"

namespace beadle::milter {
namespace {

// RFC 2045 §3, §9.
bool describes_body(std::string_view name) { return ascii_iequals(name, "mime-version") || ascii_istarts_with(name, "content-"); }

/// The fields that describe the body, by their lower-case names: in one pass, as a sender may have written thousands of them.
std::map<std::string, std::vector<HeaderField>> body_fields(const std::vector<HeaderField>& fields) {
  std::map<std::string, std::vector<HeaderField>> found;
  for (const HeaderField& field : fields) {
    if (describes_body(field.name)) found[ascii_lower(field.name)].push_back(field);
  }
  return found;
}

/// Lines of a folded value end in LF on the wire, and the first space is the mail server's to add unless it was asked not to.
std::string on_wire(std::string_view value, LeadingSpace space) {
  if (space == LeadingSpace::left_out && value.starts_with(' ')) value.remove_prefix(1);
  std::string out;
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\r' || i + 1 == value.size() || value[i + 1] != '\n') out += value[i];
  }
  return out;
}

/// milter v6 SMFIR_CHGHEADER: the `index`-th field of the name, from 1; an empty value deletes it.
void append_change(std::string& out, std::size_t index, std::string_view name, std::string_view value) {
  std::string number;
  append_uint32(number, static_cast<std::uint32_t>(index));
  append_packet(out, reply::change_header, {number, with_nul(name), with_nul(value)});
}

/// The fields that an edit of the body may not touch.
std::vector<HeaderField> others(const std::vector<HeaderField>& fields, const std::set<std::string>& removed) {
  std::vector<HeaderField> out;
  for (const HeaderField& field : fields) {
    if (!describes_body(field.name) && !removed.contains(ascii_lower(field.name))) out.push_back(field);
  }
  return out;
}

std::set<std::string> lower(const std::vector<std::string>& names) {
  std::set<std::string> out;
  for (const std::string& name : names) out.insert(ascii_lower(name));
  return out;
}

}  // namespace

std::optional<std::vector<HeaderField>> header_fields(std::string_view block) {
  std::vector<HeaderField> fields;
  while (!block.empty()) {
    std::size_t end = block.find("\r\n");
    while (end != std::string_view::npos && end + 2 < block.size() && (block[end + 2] == ' ' || block[end + 2] == '\t'))
      end = block.find("\r\n", end + 2);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view field = block.substr(0, end);
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    std::string_view name = field.substr(0, colon);
    while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
    fields.push_back({name, field.substr(colon + 1)});
    block.remove_prefix(end + 2);
  }
  return fields;
}

void append_deletions(std::string& out, const std::vector<HeaderField>& came, const std::vector<std::string>& names) {
  // Looked up in one pass: a sender may have written thousands of them.
  std::map<std::string, std::vector<std::string_view>> found;
  for (const std::string& name : names) found.emplace(ascii_lower(name), std::vector<std::string_view>());
  for (const HeaderField& field : came) {
    const auto same = found.find(ascii_lower(field.name));
    if (same != found.end()) same->second.push_back(field.name);
  }
  for (const auto& [lower_name, spellings] : found) {
    for (std::size_t index = spellings.size(); index > 0; --index) append_change(out, index, spellings[index - 1], "");
  }
}

void append_insertion(std::string& out, std::string_view name, std::string_view value, LeadingSpace space) {
  std::string top;
  append_uint32(top, 0);
  const std::string spaced = " " + std::string(value);
  append_packet(out, reply::insert_header, {top, with_nul(name), with_nul(on_wire(spaced, space))});
}

bool append_changes(std::string& out, const std::vector<HeaderField>& came, const std::vector<HeaderField>& edited,
                    const std::vector<std::string>& removed, LeadingSpace space) {
  const std::set<std::string> ignored = lower(removed);
  if (others(came, ignored) != others(edited, ignored)) return false;
  auto all_before = body_fields(came);
  const auto all_after = body_fields(edited);
  for (const auto& [name, after] : all_after) all_before[name];
  for (const auto& [name, before] : all_before) {
    const auto found = all_after.find(name);
    const std::vector<HeaderField> after = found == all_after.end() ? std::vector<HeaderField>() : found->second;
    for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
      if (before[i].value == after[i].value) continue;
      // An empty value would delete the field.
      if (trimmed(after[i].value).empty()) return false;
      append_change(out, i + 1, after[i].name, on_wire(after[i].value, space));
    }
    for (std::size_t i = before.size(); i > after.size(); --i) append_change(out, i, before[i - 1].name, "");
    for (std::size_t i = before.size(); i < after.size(); ++i) {
      append_packet(out, reply::add_header, {with_nul(after[i].name), with_nul(on_wire(after[i].value, space))});
    }
  }
  return true;
}

}  // namespace beadle::milter
