#include "web/message_parts.h"

#include <algorithm>

#include "base/text.h"

namespace beadle::web {
namespace {

using review::Highlight;
using review::MessageView;
using review::Place;

std::string text_id(std::size_t text) { return "text-" + std::to_string(text + 1); }

/// Where the page shows that evidence: an element to lead to.
std::string anchor_of(const Place& place) {
  switch (place.in) {
    case Place::In::text:
    case Place::In::hidden:
      return text_id(place.text);
    case Place::In::recipients:
      return "recipients";
    case Place::In::file_name:
      return "attachments";
    case Place::In::subject:
    case Place::In::header:
    case Place::In::record:
    case Place::In::unknown:
      return "";
  }
  return "";
}

Html shown_evidence(const review::ShownEvidence& one, std::size_t finding) {
  const std::string anchor = anchor_of(one.place);
  const Html where = anchor.empty() ? Html(one.place.says) : link(fragment_link(anchor), one.place.says);
  return fragment(evidence(one.words, static_cast<int>(finding + 1)), " (", where, ")");
}

std::string consequence(const review::ShownFinding& finding) {
  if (finding.observed_only) return "recorded only";
  switch (finding.action) {
    case inspect::Action::hold:
      return "holds the message";
    case inspect::Action::annotate:
      return "adds a line to the message";
    case inspect::Action::flag:
      return "is noted";
    case inspect::Action::pass:
      break;
  }
  return "changes nothing";
}

Html finding_card(const review::ShownFinding& finding, std::size_t index) {
  std::vector<Html> words;
  for (const review::ShownEvidence& one : finding.evidence) words.push_back(shown_evidence(one, index));
  const std::string title = std::to_string(index + 1) + ". " + (finding.title.empty() ? finding.clause : finding.title + " (" + finding.clause + ")");
  std::vector<Fact> facts;
  facts.push_back({"What the clause asks", finding.asks.empty() ? finding.says : finding.asks});
  facts.push_back({"The words", words.empty() ? Html("no words: the facts of the message") : bullets(words)});
  if (!finding.cure.empty()) facts.push_back({"What would help", finding.cure});
  facts.push_back({"What it does", consequence(finding)});
  return element("div", {{"id", "finding-" + std::to_string(index + 1)}}, card(title, summary_list(facts)));
}

Row recipient_row(const review::ShownRecipient& recipient) {
  return {fragment(html_if(!recipient.name.empty(), [&] { return fragment(strong(recipient.name), Html::trusted("<br>")); }), recipient.address), recipient.who,
          fragment(recipient.explained, html_if(!recipient.outcome.empty(), [&] { return fragment(Html::trusted("<br>"), strong(recipient.outcome)); }))};
}

Html recipients_table(std::string_view caption, const std::vector<review::ShownRecipient>& recipients, bool blind, std::string_view if_empty) {
  Table list{.caption = std::string(caption), .columns = {{"Who"}, {"Part"}, {"How"}}, .rows = {}, .if_empty = std::string(if_empty)};
  list.stacked = true;
  for (const review::ShownRecipient& recipient : recipients) {
    if (recipient.blind == blind) list.rows.push_back(recipient_row(recipient));
  }
  return table(list);
}

/// `text` from `begin` to `end` with what is highlighted marked; of highlights that overlap the first counts.
Html marked(std::string_view text, mail::Range range, const std::vector<Highlight>& highlights) {
  Html out;
  std::size_t at = range.begin;
  for (const Highlight& highlight : highlights) {
    const std::size_t begin = std::max(highlight.range.begin, at);
    const std::size_t end = std::min(highlight.range.end, range.end);
    if (begin >= end) continue;
    out += text.substr(at, begin - at);
    out += evidence(text.substr(begin, end - begin), static_cast<int>(highlight.finding + 1));
    at = end;
  }
  if (at < range.end) out += text.substr(at, range.end - at);
  return out;
}

bool has_words(std::string_view text) { return !trimmed(text).empty(); }

Html zone_part(const review::ShownText& text, const review::ShownZone& shown) {
  const std::string_view words = mail::slice(text.utf8, shown.range);
  if (!has_words(words)) return {};
  const std::string label = shown.says + (shown.certain ? "" : " (not told apart for sure)");
  return zone(mail::to_string(shown.kind), label, verbatim(marked(text.utf8, shown.range, text.highlights)));
}

Html text_part(const review::ShownText& text, std::size_t index, const std::string& held) {
  Html out;
  for (const review::ShownZone& shown : text.zones) out += zone_part(text, shown);
  if (has_words(text.hidden)) {
    out += zone("hidden", "Not shown to readers: comments, invisible text, descriptions of pictures",
                verbatim(marked(text.hidden, {0, text.hidden.size()}, text.hidden_highlights)));
  }
  if (text.left_out_bytes > 0) {
    out += inset_text(fragment(with_commas(static_cast<std::int64_t>(text.left_out_bytes)), " more bytes are not shown here: download the original to read them."));
  }
  if (text.html && !text.attached) {
    out += details({.summary = "As it is laid out",
                    .content = fragment(small_paragraph("Without pictures and links, so that nobody learns that it was read."),
                                        element("iframe", {{"class", "beadle-frame"},
                                                           {"sandbox", ""},
                                                           {"loading", "lazy"},
                                                           {"title", "The message as it is laid out"},
                                                           {"src", local_link("/held/" + held + "/part/" + (text.part.empty() ? "0" : text.part))}}))});
  }
  return element("section", {{"id", text_id(index)}}, heading_3(text.says + (text.alternative ? " (the same message another way)" : "")), out);
}

}  // namespace

Html findings_part(const MessageView& view) {
  Html out = heading_2("Why it is held", "why");
  if (view.findings.empty()) out += paragraph("No clause was broken. It is held because part of it could not be read: see below.");
  for (std::size_t i = 0; i < view.findings.size(); ++i) out += finding_card(view.findings[i], i);
  return out;
}

Html parties_part(const MessageView& view) {
  std::vector<Fact> senders;
  for (const review::ShownSender& sender : view.senders) {
    senders.push_back({sender.field, fragment(html_if(!sender.name.empty(), [&] { return fragment(strong(sender.name), " "); }),
                                              sender.address.empty() ? "(nobody)" : sender.address,
                                              html_if(!sender.who.empty(), [&] { return fragment(Html::trusted("<br>"), sender.who); }))});
  }
  Html out = fragment(heading_2("In whose name"), summary_list(senders));
  for (const std::string& remark : view.sender_remarks) out += warning_text(remark);
  out += heading_2("Who gets it", "recipients");
  out += columns({recipients_table("Seen by everybody", view.recipients, false, "Nobody is named in To or Cc."),
                  recipients_table("Blind copies", view.recipients, true, "There are none.")});
  if (view.recipients_left_out > 0)
    out += inset_text(fragment(with_commas(static_cast<std::int64_t>(view.recipients_left_out)), " more recipients are not listed."));
  if (!view.elsewhere.empty()) {
    out += details({.summary = "Named in To or Cc, and not sent by this message", .content = recipients_table("Named only", view.elsewhere, false, "")});
  }
  return out;
}

Html texts_part(const MessageView& view, const std::string& held) {
  Html out = heading_2("The message", "message");
  if (view.texts.empty()) out += paragraph("It has no text.");
  // The same words twice would tire whoever reads: the second way is one click away, unless something was found only there.
  for (std::size_t i = 0; i < view.texts.size(); ++i) {
    const review::ShownText& text = view.texts[i];
    const bool shut = (text.alternative || text.attached) && text.highlights.empty() && text.hidden_highlights.empty() && i > 0;
    out += shut ? details({.summary = text.says + (text.alternative ? " (the same message another way)" : ""), .content = text_part(text, i, held)})
                : text_part(text, i, held);
  }
  return out;
}

Html attachments_part(const MessageView& view) {
  if (view.attachments.empty()) return {};
  Table list{.caption = "Attachments", .columns = {{"Name"}, {"Kind"}, {"Size", true}, {"What was read of it"}}, .rows = {}};
  list.caption_hidden = true;
  list.stacked = true;
  for (const review::ShownAttachment& one : view.attachments) {
    const std::int64_t kilobytes = static_cast<std::int64_t>((one.bytes + 1023) / 1024);
    list.rows.push_back({one.name.empty() ? "(no name)" : one.name, one.type, fragment(with_commas(kilobytes), " kB"),
                         one.was_read ? Html(one.read) : fragment(tag("Not read", Colour::orange), " ", one.read)});
  }
  return fragment(heading_2("Attachments", "attachments"), table(list));
}

Html oddities_part(const MessageView& view) {
  Html out;
  if (!view.not_inspected.empty()) {
    out += heading_2("What Beadle could not read", "not-read");
    out += bullets({view.not_inspected.begin(), view.not_inspected.end()});
  }
  if (!view.defects.empty()) {
    out += details({.summary = "What is odd about how the message is built (" + std::to_string(view.defects.size()) + ")",
                    .content = bullets({view.defects.begin(), view.defects.end()})});
  }
  return out;
}

Html leaving_part(const MessageView& view) {
  Html out = heading_2("What a release sends", "leaving");
  if (view.leaving.as_it_came()) {
    out += paragraph("The message exactly as it was sent, to exactly those people.");
  } else {
    out += paragraph("The message as it was sent, to exactly those people, with these changes:");
    std::vector<Html> lines;
    for (const std::string& line : view.leaving.lines_added) lines.push_back(fragment("added: ", strong(line)));
    for (const std::string& line : view.leaving.lines_removed) lines.push_back(fragment("taken away: ", line));
    out += bullets(lines);
  }
  if (!view.uneditable.empty()) out += warning_text(fragment("A line that discloses the copy cannot be put in: ", view.uneditable));
  if (!view.leaving.fields_added.empty()) {
    out += details({.summary = "Technical header lines that are added", .content = verbatim(joined(view.leaving.fields_added, "\n"))});
  }
  return out;
}

}  // namespace beadle::web
