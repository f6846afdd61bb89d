#include "mail/edit.h"

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "mail/encoders.h"
#include "mail/footer_gate.h"
#include "mail/footer_mark.h"
#include "mail/footer_part.h"
#include "mail/footer_place.h"
#include "mail/footer_relabel.h"
#include "mail/footer_splice.h"
#include "mail/footer_words.h"

namespace beadle::mail {
namespace {

constexpr std::size_t line_bytes_max = 900;  // RFC 5322 §2.1.1 allows 998; nothing must need folding

FooterPlan refused(std::string reason) {
  FooterPlan plan;
  plan.refusal = std::move(reason);
  return plan;
}

bool is_one_line(std::string_view line) {
  return !line.empty() && line.size() <= line_bytes_max && trimmed(line) == line && is_valid_utf8(line) &&
         std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
}

// The line that an earlier pass put into this text, at either of the places where it would put one.
std::optional<StandingLine> earlier_line(const Message& message, const FooterText& text, std::string_view key) {
  if (key.empty()) return std::nullopt;
  for (const std::size_t place : {text.above.value_or(text.end), text.end}) {
    auto line = line_above(message, text, place);
    if (line && is_marked(message, line->words, key)) return line;
  }
  return std::nullopt;
}

class Planner {
 public:
  Planner(const Message& message, const Disclosure& disclosure) : message_(message), disclosure_(disclosure) {}

  FooterPlan plan(const std::vector<std::size_t>& parts) {
    std::vector<FooterText> texts;
    for (const std::size_t part : parts) {
      texts.push_back(read_footer_text(message_, part));
      if (!texts.back().refusal.empty()) return refused(texts.back().refusal);
    }
    // All alternatives show the line at the same place.
    const bool above = std::all_of(texts.begin(), texts.end(), [](const FooterText& text) { return text.above.has_value(); });
    for (const FooterText& text : texts) {
      std::string refusal = put_into(text, above ? *text.above : text.end);
      if (!refusal.empty()) return refused(std::move(refusal));
    }
    std::stable_sort(plan_.edits.begin(), plan_.edits.end(), [](const Edit& a, const Edit& b) { return a.offset < b.offset; });
    return std::move(plan_);
  }

 private:
  std::string put_into(const FooterText& text, std::size_t place) {
    const auto earlier = earlier_line(message_, text, disclosure_.key);
    if (earlier && plain_words(earlier->words) == plain_words(disclosure_.line)) return "";
    const std::string written = written_in(text);
    if (written.empty()) return "a name that the text cannot hold";
    if (earlier) {
      plan_.replaced.push_back(text.map.decoded.substr(earlier->range.begin, earlier->range.size()));
      plan_.edits.push_back(replace_line(message_, text, earlier->range, written));
      plan_.remarks.push_back("earlier line replaced");
    } else {
      plan_.edits.push_back(insert_line(message_, text, place, written));
    }
    return "";
  }

  // As its charset has it; else as UTF-8, where the label may change; else in Latin letters without marks.
  std::string written_in(const FooterText& text) {
    const std::string_view line = disclosure_.line;
    std::string written = line_in_part(message_, message_.parts[text.part], line);
    const bool as_it_is = message_.parts[text.part].type == "text/html" || is_ascii(line) || (!written.empty() && !is_ascii(written));
    if (as_it_is) return written;
    if (const auto edits = relabel_edits(message_, text.part, text.map.decoded, disclosure_.eight_bit)) {
      for (const Edit& edit : *edits) {  // what is around two alternatives is edited once
        if (std::find(plan_.edits.begin(), plan_.edits.end(), edit) == plan_.edits.end()) plan_.edits.push_back(edit);
      }
      plan_.relabelled.push_back(text.part);
      const bool same_charset = message_.parts[text.part].charset == "utf-8";
      plan_.remarks.push_back(same_charset ? "transfer encoding changed to 8bit" : "charset changed to utf-8");
      return std::string(line);
    }
    if (!written.empty()) plan_.remarks.push_back("transliterated");
    return written;
  }

  const Message& message_;
  const Disclosure& disclosure_;
  FooterPlan plan_;
};

}  // namespace

FooterPlan plan_footer(const Message& message, const Disclosure& disclosure) {
  if (!is_one_line(disclosure.line)) return refused("not a line");
  if (std::string reason = footer_refusal(message); !reason.empty()) return refused(std::move(reason));
  const FooterLeaves leaves = footer_leaves(message);
  if (!leaves.refusal.empty()) return refused(leaves.refusal);
  if (leaves.parts.empty()) return plan_part(message, disclosure.line);
  return Planner(message, disclosure).plan(leaves.parts);
}

std::string earlier_footer(const Message& message, std::string_view key) {
  if (key.empty() || message.parts.empty() || !message.has_header(footer_field)) return "";
  std::string found;
  for (const std::size_t part : footer_leaves(message).parts) {
    const FooterText body = read_footer_text(message, part);
    const auto line = body.refusal.empty() ? earlier_line(message, body, key) : std::nullopt;
    std::string words = line ? line->words : "";
    for (const Text& text : message.texts) {  // where the bytes were written anew on the way
      if (words.empty() && static_cast<std::size_t>(text.part) == part) words = marked_line(message, text, key);
    }
    // Another alternative may have had to do without the marks of letters.
    if (found.empty() || !is_ascii(words)) found = std::move(words);
  }
  return found;
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

FooterResult add_footer(const Message& message, const Disclosure& disclosure) {
  FooterPlan plan = plan_footer(message, disclosure);
  if (!plan.refusal.empty()) return {"", std::move(plan.refusal), {}};
  if (plan.edits.empty()) return {message.bytes, "", {"already there"}};
  const Message after = parse_message(apply_edits(message.bytes, plan.edits));
  if (std::string doubt = prove_footer(message, after, plan, disclosure.line); !doubt.empty())
    return {"", "not proved: " + doubt, {}};
  return {after.bytes, "", std::move(plan.remarks)};
}

}  // namespace beadle::mail
