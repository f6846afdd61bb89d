// The proof of an edit (mail/edit.h): the edited message is read again, and everything but the line must be what it was.
#include <algorithm>
#include <optional>

#include "base/text.h"
#include "mail/body_map.h"
#include "mail/edit.h"
#include "mail/footer_gate.h"
#include "mail/footer_splice.h"

namespace beadle::mail {
namespace {

bool same_parameters(const Part& a, const Part& b) {
  return std::equal(a.parameters.begin(), a.parameters.end(), b.parameters.begin(), b.parameters.end(),
                    [](const Parameter& x, const Parameter& y) { return x.name == y.name && x.value == y.value; });
}

bool same_nature(const Part& a, const Part& b) {
  return a.type == b.type && a.encoding == b.encoding && a.charset == b.charset && a.attachment == b.attachment &&
         a.file_name == b.file_name && a.inside_original == b.inside_original && a.fields.size() == b.fields.size() &&
         same_parameters(a, b);
}

// Do both trees have the same shape? `added`: parts of `after` from 1 on stand one further, as the first child of the root is
// new.
bool same_tree(const Message& before, const Message& after, bool added) {
  const std::size_t shift = added ? 1 : 0;
  if (after.parts.size() != before.parts.size() + shift) return false;
  for (std::size_t i = 0; i < before.parts.size(); ++i) {
    const Part& a = before.parts[i];
    const Part& b = after.parts[i == 0 ? 0 : i + shift];
    const int parent = added && a.parent > 0 ? a.parent + 1 : a.parent;
    if (!same_nature(a, b) || b.parent != parent) return false;
    if (!added && a.id != b.id) return false;
    if (b.children.size() != a.children.size() + (i == 0 ? shift : 0)) return false;
  }
  return true;
}

std::string removed_again(const std::string& after, const std::string& before, const std::vector<Edit>& edits) {
  std::vector<Edit> back;
  std::size_t grown = 0;
  for (const Edit& edit : edits) {
    back.push_back({edit.offset + grown, edit.insert.size(), before.substr(edit.offset, edit.remove)});
    grown += edit.insert.size() - edit.remove;
  }
  return apply_edits(after, back);
}

// Is `after` the text `before` with `line`, and nothing but line ends about it, put in at one place?
bool is_insertion(std::string_view before, std::string_view after, std::string_view line) {
  if (after.size() < before.size() + line.size()) return false;
  const std::size_t grown = after.size() - before.size();
  const auto [left, unused] = std::mismatch(before.begin(), before.end(), after.begin());
  const auto prefix = static_cast<std::size_t>(left - before.begin());
  std::size_t suffix = 0;
  while (suffix < before.size() && before[before.size() - 1 - suffix] == after[after.size() - 1 - suffix]) ++suffix;
  if (prefix + suffix < before.size()) return false;
  // Where the neighbours are alike (line ends), more than one place explains the same text: any that gives the line is right.
  const std::size_t first = before.size() - suffix;
  constexpr std::size_t places_most = 2000;
  for (std::size_t at = prefix; at + 1 > first && prefix - at < places_most; --at) {
    const std::string_view inserted = after.substr(at, grown);
    if (trimmed(inserted) == line && inserted.find_first_of(" \t") >= inserted.find(line)) return true;
    if (at == 0) break;
  }
  return false;
}

const Text* text_of(const Message& message, std::size_t part) {
  for (const Text& text : message.texts) {
    if (static_cast<std::size_t>(text.part) == part) return &text;
  }
  return nullptr;
}

bool shows(const Message& message, std::size_t part, std::string_view line, std::string_view written) {
  const Text* text = text_of(message, part);
  if (text == nullptr) return false;
  for (std::string_view shown : split(text->utf8, '\n')) {
    shown = trimmed(shown);
    if (shown == line || shown == written) return true;
  }
  return false;
}

std::string prove_leaf(const Message& before, const Message& after, std::size_t part, std::string_view line) {
  const Part& a = before.parts[part];
  const Part& b = after.parts[part];
  const BodyMap old_text = map_body(slice(before.bytes, a.body), a.encoding),
                new_text = map_body(slice(after.bytes, b.body), b.encoding);
  if (!old_text.refusal.empty() || !new_text.refusal.empty()) return "edited text cannot be decoded";
  const std::string written = line_in_charset(line, a.charset, allows_eight_bit(before, a));
  const std::string expected = a.type == "text/html" ? line_in_html(line) : written;
  if (!is_insertion(old_text.decoded, new_text.decoded, expected)) return "edited text is not the old text and the line";
  if (!shows(after, part, line, written)) return "the line is not shown";
  return "";
}

bool overlaps(const std::vector<Edit>& edits, Range range) {
  return std::any_of(edits.begin(), edits.end(),
                     [&](const Edit& edit) { return edit.offset >= range.begin && edit.offset + edit.remove <= range.end; });
}

// Message fields that come from the header; the header bytes are the same, so these must be.
bool same_header(const Message& a, const Message& b) {
  return slice(a.bytes, a.parts[0].header) == slice(b.bytes, b.parts[0].header) && a.from == b.from && a.to == b.to &&
         a.cc == b.cc && a.subject == b.subject && a.message_id == b.message_id;
}

std::string prove_parts(const Message& before, const Message& after, const FooterPlan& plan,
                        const std::vector<std::size_t>& edited, std::string_view line) {
  const bool added = edited.empty();
  std::size_t found = 0;
  for (std::size_t i = 0; i < before.parts.size(); ++i) {
    const Part& a = before.parts[i];
    const Part& b = after.parts[added && i > 0 ? i + 1 : i];
    if (slice(before.bytes, a.header) != slice(after.bytes, b.header)) return "a header changed";
    const bool is_edited = std::find(edited.begin(), edited.end(), i) != edited.end() && overlaps(plan.edits, a.body);
    if (is_edited) {
      ++found;
      if (std::string doubt = prove_leaf(before, after, i, line); !doubt.empty()) return doubt;
    } else if (a.children.empty() && slice(before.bytes, a.body) != slice(after.bytes, b.body)) {
      return "another part changed";
    }
  }
  if (!added) return found == plan.edits.size() ? "" : "an edit outside the texts";
  if (!shows(after, 1, line, line)) return "the line is not shown";
  return after.parts[1].parent == 0 && after.parts[1].type == "text/plain" ? "" : "the new part is not the first";
}

}  // namespace

std::string prove_footer(const Message& before, const Message& after, const FooterPlan& plan, std::string_view line) {
  if (plan.edits.empty()) return before.bytes == after.bytes ? "" : "changed without a plan";
  if (apply_edits(before.bytes, plan.edits) != after.bytes) return "not what was planned";
  if (removed_again(after.bytes, before.bytes, plan.edits) != before.bytes)
    return "taking the line out does not give the original";
  const FooterLeaves leaves = footer_leaves(before);
  if (!leaves.refusal.empty()) return leaves.refusal;
  if (!same_tree(before, after, leaves.parts.empty())) return "another structure";
  if (!same_header(before, after)) return "another header";
  if (before.defects.size() != after.defects.size()) return "other defects";
  if (before.not_inspected.size() != after.not_inspected.size()) return "another part is unreadable";
  return prove_parts(before, after, plan, leaves.parts, line);
}

}  // namespace beadle::mail
