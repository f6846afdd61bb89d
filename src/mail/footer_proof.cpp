// The proof of an edit (mail/edit.h): the edited message is read again, and everything but the line must be what it was.
#include <algorithm>
#include <set>

#include "base/text.h"
#include "mail/body_map.h"
#include "mail/edit.h"
#include "mail/encoders.h"
#include "mail/footer_gate.h"
#include "mail/footer_words.h"

namespace beadle::mail {
namespace {

using Shape = FooterPlan::Shape;

bool describes_body(const Field& field) {
  const std::string_view name = trimmed(field.name);
  return ascii_istarts_with(name, "content-") || ascii_iequals(name, "mime-version");
}

// The bytes of the fields that describe the body, or of all others.
std::string fields_of(const Message& message, const Part& part, bool of_body) {
  std::string out;
  for (const Field& field : part.fields) {
    if (describes_body(field) == of_body) out += slice(message.bytes, field.whole);
  }
  return out;
}

bool same_parameters(const Part& a, const Part& b, bool relabelled) {
  const auto kept = [&](const Part& part) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const Parameter& parameter : part.parameters) {
      if (!relabelled || parameter.name != "charset") out.emplace_back(parameter.name, parameter.value);
    }
    return out;
  };
  return kept(a) == kept(b);
}

bool same_nature(const Part& a, const Part& b, bool relabelled) {
  const bool charset = relabelled ? b.charset == "utf-8" : a.charset == b.charset;
  return a.type == b.type && a.encoding == b.encoding && charset && a.file_name == b.file_name &&
         a.inside_original == b.inside_original && same_parameters(a, b, relabelled);
}

/// What the plan says of parts, and where a part of the message before stands in the one after.
class Expected {
 public:
  Expected(const Message& before, const FooterPlan& plan) : shape_(plan.shape), relabelled_(plan.relabelled.begin(), plan.relabelled.end()) {
    for (const std::size_t part : plan.relabelled) {
      for (int at = static_cast<int>(part); at >= 0; at = before.parts[static_cast<std::size_t>(at)].parent)
        header_edited_.insert(static_cast<std::size_t>(at));
    }
  }
  std::size_t after(std::size_t part) const { return part > 0 && shape_ == Shape::added ? part + 1 : part; }
  bool is_relabelled(std::size_t part) const { return relabelled_.contains(part); }
  bool has_edited_header(std::size_t part) const { return header_edited_.contains(part); }

 private:
  Shape shape_;
  std::set<std::size_t> relabelled_, header_edited_;
};

bool same_tree(const Message& before, const Message& after, const Expected& expected, Shape shape) {
  const std::size_t more = shape == Shape::added ? 1 : 0;
  if (after.parts.size() != before.parts.size() + more) return false;
  for (std::size_t i = 0; i < before.parts.size(); ++i) {
    const Part& a = before.parts[i];
    const Part& b = after.parts[expected.after(i)];
    const int parent = a.parent < 0 ? -1 : static_cast<int>(expected.after(static_cast<std::size_t>(a.parent)));
    if (!same_nature(a, b, expected.is_relabelled(i)) || a.attachment != b.attachment || b.parent != parent) return false;
    if (more == 0 && a.id != b.id) return false;
    if (b.children.size() != a.children.size() + (i == 0 ? more : 0)) return false;
  }
  return true;
}

std::string undone(const std::string& after, const std::string& before, const std::vector<Edit>& edits) {
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

// Is `after` the text `before` with `line`, and nothing but line ends behind it, in the place of `old`?
bool is_replacement(std::string_view before, std::string_view after, std::string_view old, std::string_view line) {
  if (old.empty() || before.size() < old.size() || after.size() + old.size() < before.size() + line.size()) return false;
  constexpr std::size_t places_most = 100;
  std::size_t tried = 0;
  for (std::size_t at = before.rfind(old); at != std::string_view::npos && ++tried <= places_most; at = before.rfind(old, at - 1)) {
    const std::string_view rest = before.substr(at + old.size());
    if (after.starts_with(before.substr(0, at)) && after.ends_with(rest) && after.size() >= at + rest.size()) {
      const std::string_view put = after.substr(at, after.size() - at - rest.size());
      if (put.starts_with(line) && put.find_first_not_of("\r\n", line.size()) == std::string_view::npos) return true;
    }
    if (at == 0) break;
  }
  return false;
}

// How often a reader of this part sees the line.
std::size_t count_shown(const Message& message, std::size_t part, std::string_view line) {
  std::size_t count = 0;
  for (const Text& text : message.texts) {
    if (static_cast<std::size_t>(text.part) != part) continue;
    for (const std::string_view shown : split(text.utf8, '\n')) {
      if (trimmed(shown) == line) ++count;
    }
  }
  return count;
}

std::string prove_text(const Message& before, const Message& after, std::size_t part, const Expected& expected,
                       const FooterPlan& plan, std::string_view line) {
  const Part& a = before.parts[part];
  const Part& b = after.parts[part];
  const BodyMap old_text = map_body(slice(before.bytes, a.body), a.encoding),
                new_text = map_body(slice(after.bytes, b.body), b.encoding);
  if (!old_text.refusal.empty() || !new_text.refusal.empty()) return "edited text cannot be decoded";
  if (expected.is_relabelled(part) && !is_ascii(old_text.decoded)) return "another charset reads the old text otherwise";
  const std::string written = line_in_part(after, b, line);
  const bool put = is_insertion(old_text.decoded, new_text.decoded, written) ||
                   std::any_of(plan.replaced.begin(), plan.replaced.end(), [&](const std::string& old) {
                     return is_replacement(old_text.decoded, new_text.decoded, old, written);
                   });
  if (!put) return "edited text is not the old text and the line";
  const std::string shown = a.type == "text/html" || !is_ascii(written) ? std::string(line) : written;
  if (count_shown(after, part, shown) != count_shown(before, part, shown) + 1) return "the line is not shown";
  return "";
}

bool lies_in(const Edit& edit, Range range) { return edit.offset >= range.begin && edit.offset + edit.remove <= range.end; }

std::size_t count_edits(const std::vector<Edit>& edits, Range range) {
  return static_cast<std::size_t>(std::count_if(edits.begin(), edits.end(), [&](const Edit& edit) { return lies_in(edit, range); }));
}

bool same_header(const Message& before, std::size_t i, const Message& after, std::size_t j, bool edited) {
  const Part& a = before.parts[i];
  const Part& b = after.parts[j];
  if (edited) return fields_of(before, a, false) == fields_of(after, b, false);
  return slice(before.bytes, a.header) == slice(after.bytes, b.header);
}

// What is read out of the header; its bytes are the same, so these must be.
bool same_addresses(const Message& a, const Message& b) {
  return a.from == b.from && a.sender == b.sender && a.to == b.to && a.cc == b.cc && a.bcc == b.bcc && a.subject == b.subject &&
         a.message_id == b.message_id;
}

// A message of a header only gets the blank line that it lacks; nothing else that is odd may come or go.
bool same_defects(const Message& before, const Message& after) {
  const auto kinds = [](const Message& message, bool blank_line) {
    std::vector<std::pair<DefectKind, std::string>> out;
    for (const Defect& defect : message.defects) {
      if (blank_line || defect.kind != DefectKind::no_blank_line) out.emplace_back(defect.kind, defect.detail);
    }
    return out;
  };
  return kinds(before, false) == kinds(after, true);
}

bool same_not_inspected(const Message& before, const Message& after) {
  return std::equal(before.not_inspected.begin(), before.not_inspected.end(), after.not_inspected.begin(),
                    after.not_inspected.end(), [](const NotInspected& a, const NotInspected& b) {
                      return a.reason == b.reason && a.file_name == b.file_name;
                    });
}

std::string prove_new_part(const Message& after, std::string_view line) {
  const Part& part = after.parts[1];
  if (part.parent != 0 || part.type != "text/plain" || after.parts[0].children.front() != 1) return "the new part is not the first";
  return count_shown(after, 1, line) == 1 ? "" : "the line is not shown";
}

// The whole body has become the second part of two.
std::string prove_wrapping(const Message& before, const Message& after, std::string_view line) {
  if (before.parts.size() != 1 || after.parts.size() != 3 || after.parts[0].type != "multipart/mixed" ||
      after.parts[0].children.size() != 2)
    return "another structure";
  const Part& a = before.parts[0];
  const Part& b = after.parts[2];
  std::string fields;
  for (const Field& field : a.fields) {
    if (ascii_istarts_with(trimmed(field.name), "content-")) fields += slice(before.bytes, field.whole);
  }
  if (!same_nature(a, b, false) || slice(after.bytes, b.header) != fields) return "the old body is described otherwise";
  if (slice(before.bytes, a.body) != slice(after.bytes, b.body)) return "the old body changed";
  if (!same_header(before, 0, after, 0, true)) return "a header changed";
  return prove_new_part(after, line);
}

std::string prove_parts(const Message& before, const Message& after, const FooterPlan& plan, const Expected& expected,
                        const std::vector<std::size_t>& texts, std::string_view line) {
  std::size_t explained = 0;
  for (std::size_t i = 0; i < before.parts.size(); ++i) {
    const Part& a = before.parts[i];
    const Part& b = after.parts[expected.after(i)];
    const bool header = expected.has_edited_header(i);
    if (!same_header(before, i, after, expected.after(i), header)) return "a header changed";
    if (header) explained += count_edits(plan.edits, a.header);
    const bool text = std::find(texts.begin(), texts.end(), i) != texts.end();
    if (text && count_edits(plan.edits, a.body) == 1) {
      ++explained;
      if (std::string doubt = prove_text(before, after, i, expected, plan, line); !doubt.empty()) return doubt;
    } else if (a.children.empty() && slice(before.bytes, a.body) != slice(after.bytes, b.body)) {
      return "another part changed";
    }
  }
  if (plan.shape == Shape::added) return prove_new_part(after, line);
  return explained == plan.edits.size() ? "" : "an edit outside the texts";
}

}  // namespace

std::string prove_footer(const Message& before, const Message& after, const FooterPlan& plan, std::string_view line) {
  if (plan.edits.empty()) return before.bytes == after.bytes ? "" : "changed without a plan";
  if (apply_edits(before.bytes, plan.edits) != after.bytes) return "not what was planned";
  if (undone(after.bytes, before.bytes, plan.edits) != before.bytes) return "taking the line out does not give the original";
  if (!same_addresses(before, after)) return "another header";
  if (!same_defects(before, after)) return "other defects";
  if (!same_not_inspected(before, after)) return "another part is unreadable";
  const FooterLeaves leaves = footer_leaves(before);
  if (!leaves.refusal.empty()) return leaves.refusal;
  if (leaves.parts.empty() != (plan.shape != Shape::same)) return "another plan";
  if (plan.shape == Shape::wrapped) return prove_wrapping(before, after, line);
  const Expected expected(before, plan);
  if (!same_tree(before, after, expected, plan.shape)) return "another structure";
  return prove_parts(before, after, plan, expected, leaves.parts, line);
}

}  // namespace beadle::mail
