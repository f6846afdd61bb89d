#include "mail/edit.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "mail/encoders.h"
#include "mail/footer_gate.h"
#include "mail/footer_splice.h"

namespace beadle::mail {
namespace {

constexpr std::size_t line_bytes_max = 900;  // RFC 5322 §2.1.1 allows 998; nothing must need folding

FooterPlan refused(std::string reason) { return {{}, std::move(reason), {}}; }

bool is_one_line(std::string_view line) {
  return !line.empty() && line.size() <= line_bytes_max && trimmed(line) == line && is_valid_utf8(line) &&
         std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
}

// The newest own words of `part` end with the line already: whoever wrote it, the reader sees it.
bool says_already(const Message& message, std::size_t part, std::string_view line) {
  const std::string written = line_in_charset(line, message.parts[part].charset, allows_eight_bit(message, message.parts[part]));
  for (const Text& text : message.texts) {
    if (static_cast<std::size_t>(text.part) != part) continue;
    for (const Zone& zone : text.zones) {
      if (zone.kind != ZoneKind::footer) continue;
      const std::string_view shown = trimmed(slice(text.utf8, zone.range));
      if (shown == line || shown == written) return true;
    }
  }
  return false;
}

// Start of the first delimiter line of the root; npos where it is not where it must be.
std::size_t first_delimiter(const Message& message) {
  const Part& root = message.parts[0];
  if (root.children.empty()) return std::string::npos;
  const std::size_t behind = message.parts[static_cast<std::size_t>(root.children[0])].header.begin;
  if (behind < 2 || message.bytes[behind - 1] != '\n') return std::string::npos;
  const std::size_t before = message.bytes.rfind('\n', behind - 2);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  const std::string delimiter = "--" + std::string(root.parameter("boundary"));
  const std::string_view found = std::string_view(message.bytes).substr(begin, behind - begin);
  if (begin < root.body.begin || trimmed(found) != delimiter || !found.starts_with(delimiter)) return std::string::npos;
  return begin;
}

// Nothing is displayed as text (a scan, a document): a new part before all others shows the line.
FooterPlan plan_new_part(const Message& message, std::string_view line) {
  if (message.parts[0].type != "multipart/mixed") return refused("no text body");
  const std::size_t at = first_delimiter(message);
  if (at == std::string::npos) return refused("no text body, and no place for one");
  const std::size_t line_end_at = message.bytes.find('\n', at);
  const std::string line_end = line_end_at > at && message.bytes[line_end_at - 1] == '\r' ? "\r\n" : "\n";
  const std::string delimiter = "--" + std::string(message.parts[0].parameter("boundary"));
  const bool ascii = is_ascii(line);
  std::string text = delimiter + line_end + "Content-Type: text/plain; charset=" + (ascii ? "us-ascii" : "utf-8") + line_end;
  text += std::string("Content-Transfer-Encoding: ") + (ascii ? "7bit" : "quoted-printable") + line_end + line_end;
  text += (ascii ? std::string(line) : encode_quoted_printable(line, line_end)) + line_end;
  return {{{at, 0, std::move(text)}}, "", {"text part added"}};
}

}  // namespace

FooterPlan plan_footer(const Message& message, std::string_view line) {
  if (!is_one_line(line)) return refused("not a line");
  if (std::string reason = footer_refusal(message); !reason.empty()) return refused(std::move(reason));
  const FooterLeaves leaves = footer_leaves(message);
  if (!leaves.refusal.empty()) return refused(leaves.refusal);
  if (leaves.parts.empty()) return plan_new_part(message, line);
  FooterPlan plan;
  for (const std::size_t part : leaves.parts) {
    if (says_already(message, part, line)) continue;
    Splice splice = splice_line(message, part, line);
    if (!splice.refusal.empty()) return refused(std::move(splice.refusal));
    plan.edits.insert(plan.edits.end(), splice.edits.begin(), splice.edits.end());
    plan.remarks.insert(plan.remarks.end(), splice.remarks.begin(), splice.remarks.end());
  }
  std::stable_sort(plan.edits.begin(), plan.edits.end(), [](const Edit& a, const Edit& b) { return a.offset < b.offset; });
  return plan;
}

std::string apply_edits(std::string_view bytes, const std::vector<Edit>& edits) {
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    CHECK(edit.offset >= at && edit.offset <= bytes.size() && edit.remove <= bytes.size() - edit.offset);
    out += bytes.substr(at, edit.offset - at);
    out += edit.insert;
    at = edit.offset + edit.remove;
  }
  out += bytes.substr(at);
  return out;
}

FooterResult add_footer(const Message& message, std::string_view line) {
  FooterPlan plan = plan_footer(message, line);
  if (!plan.refusal.empty()) return {"", std::move(plan.refusal), {}};
  if (plan.edits.empty()) return {message.bytes, "", {"already there"}};
  const Message after = parse_message(apply_edits(message.bytes, plan.edits));
  if (std::string doubt = prove_footer(message, after, plan, line); !doubt.empty()) return {"", "not proved: " + doubt, {}};
  return {after.bytes, "", std::move(plan.remarks)};
}

}  // namespace beadle::mail
