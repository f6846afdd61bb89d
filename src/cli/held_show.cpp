// beadle held show: one held message as the page shows it (review/view.h), as text, JSON, or its exact bytes. Looking is an act of the audit trail.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/held_desk.h"
#include "mail/message.h"
#include "review/view.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;
using review::MessageView;

std::string who_of(const review::ShownParty& party) {
  return printable((party.name.empty() ? "" : party.name + " ") + "<" + party.address + ">" + (party.who.empty() ? "" : ", " + party.who));
}

void print_list(const char* heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  std::printf("\n%s\n", heading);
  for (const std::string& line : lines) std::printf("    %s\n", printable(line).c_str());
}

void print_findings(const MessageView& view) {
  for (const review::ShownFinding& finding : view.findings) {
    std::printf("\n%s: %s%s\n", finding.clause.c_str(), (finding.asks.empty() ? finding.says : finding.asks).c_str(),
                finding.observed_only ? " (recorded only)" : "");
    for (const review::ShownEvidence& one : finding.evidence) {
      const char* mark = review::is_quotation(one) ? "\"" : "";
      std::printf("    %s: %s%s%s\n", one.place.says.c_str(), mark, printable(one.words).c_str(), mark);
    }
    if (!finding.cure.empty()) std::printf("    what would help: %s\n", finding.cure.c_str());
  }
}

void print_parties(const MessageView& view) {
  std::printf("\nIn whose name\n");
  for (const review::ShownSender& sender : view.senders) std::printf("    %s: %s\n", sender.field.c_str(), who_of(sender).c_str());
  for (const std::string& remark : view.sender_remarks) std::printf("    %s\n", printable(remark).c_str());
  std::printf("\nWho gets it\n");
  for (const review::ShownRecipient& recipient : view.recipients) {
    std::printf("    %s %s (%s)%s%s\n", recipient.blind ? "BLIND  " : "visible", who_of(recipient).c_str(), printable(recipient.explained).c_str(),
                recipient.outcome.empty() ? "" : ": ", printable(recipient.outcome).c_str());
  }
  if (view.recipients_left_out > 0) std::printf("    and %zu more\n", view.recipients_left_out);
}

std::vector<std::string> lines_of(const std::vector<review::ShownAttachment>& attachments) {
  std::vector<std::string> lines;
  for (const review::ShownAttachment& one : attachments) {
    lines.push_back((one.name.empty() ? "(no name)" : one.name) + ", " + one.type + ", " + std::to_string(one.bytes) + " bytes: " + one.read);
  }
  return lines;
}

std::vector<std::string> lines_of(const review::Leaving& leaving) {
  if (leaving.as_it_came()) return {"the message exactly as it was sent"};
  std::vector<std::string> lines;
  for (const std::string& line : leaving.lines_added) lines.push_back("added: " + line);
  for (const std::string& line : leaving.lines_removed) lines.push_back("taken away: " + line);
  return lines;
}

void print_texts(const MessageView& view) {
  for (const review::ShownText& text : view.texts) {
    std::printf("\n--- %s ---\n", printable(text.says).c_str());
    for (const review::ShownZone& zone : text.zones) {
      const std::string_view words = mail::slice(text.utf8, zone.range);
      if (trimmed(words).empty()) continue;
      if (zone.kind != mail::ZoneKind::own) std::printf("[%s]\n", zone.says.c_str());
      for (const std::string_view line : split(words, '\n')) std::printf("%s\n", printable(line).c_str());
    }
    if (!trimmed(text.hidden).empty()) {
      std::printf("[not shown to readers]\n");
      for (const std::string_view line : split(text.hidden, '\n')) std::printf("%s\n", printable(line).c_str());
    }
    if (text.left_out_bytes > 0) std::printf("[%zu more bytes: --raw has them]\n", text.left_out_bytes);
  }
}

void print(const store::InboxRow& row, const MessageView& view) {
  print_row(row);
  print_findings(view);
  print_parties(view);
  print_list("Attachments", lines_of(view.attachments));
  print_list("Not read", view.not_inspected);
  print_list("Odd", view.defects);
  print_list("What a release sends", lines_of(view.leaving));
  if (!view.uneditable.empty()) std::printf("    a line that discloses the copy cannot be put in: %s\n", printable(view.uneditable).c_str());
  print_texts(view);
}

ordered_json party_json(const review::ShownParty& party) { return {{"address", party.address}, {"name", party.name}, {"who", party.who}}; }

ordered_json view_json(const MessageView& view) {
  ordered_json senders = ordered_json::array(), recipients = ordered_json::array();
  ordered_json attachments = ordered_json::array(), findings = ordered_json::array();
  for (const review::ShownFinding& finding : view.findings) {
    ordered_json evidence = ordered_json::array();
    for (const review::ShownEvidence& one : finding.evidence) {
      evidence.push_back({{"part", one.part}, {"zone", one.zone}, {"words", one.words}, {"place", one.place.says}});
    }
    findings.push_back({{"clause", finding.clause}, {"title", finding.title}, {"asks", finding.asks}, {"says", finding.says}, {"cure", finding.cure},
                        {"action", rules::to_string(finding.action)}, {"observed_only", finding.observed_only}, {"evidence", evidence}});
  }
  for (const review::ShownSender& sender : view.senders) {
    senders.push_back(party_json(sender));
    senders.back()["field"] = sender.field;
  }
  for (const review::ShownRecipient& recipient : view.recipients) {
    recipients.push_back(party_json(recipient));
    recipients.back().update({{"blind", recipient.blind}, {"explained", recipient.explained}, {"outcome", recipient.outcome}});
  }
  for (const review::ShownAttachment& one : view.attachments) {
    attachments.push_back({{"part", one.part}, {"name", one.name}, {"type", one.type}, {"bytes", one.bytes}, {"was_read", one.was_read},
                           {"read", one.read}});
  }
  return {{"findings", findings}, {"senders", senders}, {"sender_remarks", view.sender_remarks}, {"recipients", recipients}, {"attachments", attachments},
          {"defects", view.defects}, {"not_inspected", view.not_inspected}, {"uneditable", view.uneditable}, {"undisclosed", view.undisclosed},
          {"lines_added", view.leaving.lines_added}, {"lines_removed", view.leaving.lines_removed}};
}

ordered_json held_json(const store::Held& held) {
  ordered_json out = to_json(held);
  out["queue_id"] = held.queue_id;
  out["client"] = held.client;
  out["sha256"] = held.sha256;
  const auto verdict = ordered_json::parse(held.verdict_json, nullptr, false);
  out["verdict"] = verdict.is_discarded() ? ordered_json(held.verdict_json) : verdict;
  out["outcomes"] = ordered_json::array();
  for (const auto& outcome : held.outcomes) {
    out["outcomes"].push_back({{"address", outcome.address}, {"state", outcome.state}, {"reply", outcome.reply}, {"tries", outcome.tries}});
  }
  return out;
}

/// Needs neither rules nor roster, so that mail can be got out of a broken installation.
int show_bytes(const HeldOptions& options) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  Problems ignored;
  auto roster = config::load_roster(settings->roster, ignored);
  const std::unique_ptr<const people::Directory> people = roster ? std::make_unique<const people::Directory>(std::move(*roster)) : nullptr;
  const auto reviewers = reviewers_of(*store, *settings, people.get());
  if (!reviewers) return fail(reviewers.error());
  const auto actor = actor_at(options.by, *reviewers);
  if (!actor) return fail(actor.error());
  const auto allowed = review::check_permission(*actor, review::Permission::read_content);
  if (!allowed) return fail(allowed.error());
  const auto id = whole_id(*store, options.id);
  if (!id) return fail(id.error());
  const auto held = store->get(*id);
  if (!held) return fail(held.error());
  const auto noted = store->opened(held->id, actor->name, system_now());
  if (!noted) return fail(noted.error());
  std::fwrite(held->bytes.data(), 1, held->bytes.size(), stdout);
  return exit_ok;
}

}  // namespace

int held_show(const HeldOptions& options) {
  if (options.raw) return show_bytes(options);
  auto desk = open_held_desk(options);
  if (!desk) return fail(desk.error());
  const auto id = whole_id((*desk)->store, options.id);
  if (!id) return fail(id.error());
  const auto held = (*desk)->acts().open(*id, (*desk)->actor, system_now());
  if (!held) return fail(held.error());
  const auto row = store::Desk((*desk)->store).row(*id);
  if (!row) return fail(row.error());
  ordered_json json = held_json(*held);
  if (held->purged) {
    if (options.json) std::printf("%s\n", dump(json).c_str());
    else print_row(*row);
    return exit_ok;
  }
  Problems problems;
  const auto catalogues = config::load_catalogues((*desk)->settings.rules_directory, problems);
  if (const int code = report(problems); !catalogues) return code == exit_ok ? static_cast<int>(exit_config) : code;
  mail::Message message = mail::parse_message(held->bytes);
  if ((*desk)->documents) (*desk)->documents(message);
  const auto view = review::view_of(*held, message, (*desk)->policy, *catalogues);
  if (!view) return fail(view.error());
  if (options.json) {
    json["view"] = view_json(*view);
    std::printf("%s\n", dump(json).c_str());
  } else {
    print(*row, *view);
  }
  return exit_ok;
}

}  // namespace beadle::cli
