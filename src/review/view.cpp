#include "review/view.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "review/disclosure.h"
#include "review/place.h"
#include "review/verdict_of.h"
#include "review/view_parts.h"

namespace beadle::review {
namespace {

// Words of a subject that say what it is about; "re", "the" and "of" do not.
constexpr std::size_t telling_bytes_least = 4;
constexpr std::size_t similar_words_most = 6;

ShownFinding shown_finding(const inspect::Finding& finding, const std::vector<rules::Catalogue>& catalogues) {
  ShownFinding shown;
  shown.clause = finding.clause;
  shown.says = finding.says;
  shown.cure = finding.cure;
  shown.action = finding.action;
  shown.observed_only = finding.mode != inspect::Mode::enforce;
  if (const rules::Paragraph* paragraph = rules::paragraph_of(finding.clause, catalogues)) {
    shown.title = paragraph->place;
    shown.asks = paragraph->asks;
  }
  for (const inspect::Evidence& evidence : finding.evidence) shown.evidence.push_back({evidence.part, evidence.zone, evidence.text, {}});
  return shown;
}

/// What held it comes first, then what only was noticed.
std::vector<ShownFinding> shown_findings(const inspect::Verdict& verdict, const std::vector<rules::Catalogue>& catalogues) {
  std::vector<ShownFinding> findings;
  for (const inspect::Finding& finding : verdict.findings) findings.push_back(shown_finding(finding, catalogues));
  const auto rank = [](const ShownFinding& finding) { return (finding.observed_only ? 0 : 10) + static_cast<int>(finding.action); };
  std::stable_sort(findings.begin(), findings.end(), [&](const ShownFinding& a, const ShownFinding& b) { return rank(a) > rank(b); });
  return findings;
}

/// Base64 has four letters for three bytes, and line ends.
std::size_t decoded_size(const mail::Part& part) {
  return part.encoding == mail::Encoding::base64 ? part.body.size() * 3 / 4 * 76 / 78 : part.body.size();
}

/// Why a part was not read when the message came in; a document that is not among these was.
std::string why_unread(const std::vector<mail::NotInspected>& list, const std::string& part) {
  for (const mail::NotInspected& entry : list) {
    if (entry.part == part) return not_inspected_says({"", entry.reason, ""});
  }
  return "";
}

void add_attachments(const mail::Message& message, const inspect::Verdict& verdict, MessageView& view) {
  for (const mail::Part& part : message.parts) {
    const bool shown = part.attachment || part.is_message() || !part.file_name.empty() || !why_unread(message.not_inspected, part.id).empty();
    if (!shown || part.is_multipart() || view.attachments.size() == limits::page_rows_max) continue;
    ShownAttachment attachment{part.id, shortened(printable(part.file_name), limits::name_bytes_max), printable(part.type), decoded_size(part), "", false};
    const std::string unread = why_unread(verdict.not_inspected, part.id);
    attachment.was_read = unread.empty();
    attachment.read = !unread.empty() ? unread : part.is_message() ? "read; its text is shown below" : "read";
    view.attachments.push_back(std::move(attachment));
  }
}

void add_oddities(const mail::Message& message, const inspect::Verdict& verdict, MessageView& view) {
  for (const mail::Defect& defect : message.defects) {
    const std::string says = defect_says(defect);
    const bool known = std::find(view.defects.begin(), view.defects.end(), says) != view.defects.end();
    if (!known && view.defects.size() < limits::page_rows_max) view.defects.push_back(says);
  }
  for (const mail::NotInspected& part : verdict.not_inspected) {
    if (view.not_inspected.size() < limits::page_rows_max) view.not_inspected.push_back(not_inspected_says(part));
  }
}

}  // namespace

Result<MessageView> view_of(const store::Held& held, const mail::Message& message, const inspect::Policy& policy,
                            const std::vector<rules::Catalogue>& catalogues) {
  if (held.purged) return Error{ErrorKind::bad_data, "the content of this message was forgotten at " + to_rfc3339(*held.purged)};
  const inspect::Verdict verdict = verdict_of(held.verdict_json);
  const inspect::Facts facts = TRY(inspect::gather_facts(message, held.envelope, *policy.people, *policy.rules, {}));
  MessageView view;
  view.subject = harmless(message.subject);
  view.date = printable(message.date);
  view.message_id = printable(message.message_id);
  view.findings = shown_findings(verdict, catalogues);
  view.texts = shown_texts(message);
  place_evidence(message, view);
  add_senders(held, message, *policy.people, view);
  add_recipients(held, message, facts, *policy.people, view);
  add_attachments(message, verdict, view);
  add_oddities(message, verdict, view);
  view.uneditable = printable(verdict.uneditable);
  view.footer = verdict.footer;
  view.leaving = leaving_of(held, message);
  view.undisclosed = undisclosed(facts, verdict, view.leaving, *policy.people);
  view.readers_shown = std::any_of(facts.recipients.begin(), facts.recipients.end(),
                                   [](const inspect::Recipient& one) { return (one.is("to") || one.is("cc")) && !one.is("sender"); });
  view.thread = inspect::history_keys(message);
  if (!view.thread.empty()) view.thread.erase(view.thread.begin());
  return view;
}

store::InboxQuery similar_query(const store::Held& held) {
  store::InboxQuery query;
  std::vector<std::string> words;
  for (const std::string_view word : split(held.subject, ' ')) {
    if (trimmed(word).size() >= telling_bytes_least && words.size() < similar_words_most) words.emplace_back(trimmed(word));
  }
  words.push_back(held.from);
  query.words = joined(words, " ");
  query.from = held.received;
  query.most = limits::page_rows_max;
  return query;
}

}  // namespace beadle::review
