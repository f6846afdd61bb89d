#include "inspect/inspect.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "inspect/match.h"
#include "mail/edit.h"
#include "mail/footer_mark.h"
#include "mail/footer_words.h"

namespace beadle::inspect {
namespace {

const rules::Pack* pack_named(const rules::RuleSet& rules, std::string_view name) {
  for (const rules::Pack& pack : rules.packs()) {
    if (pack.protocol.name == name) return &pack;
  }
  return nullptr;
}

Action action_in_force(const rules::Rule& rule, const Policy& policy) {
  const auto found = policy.overrides.find(rule.clause);
  return found != policy.overrides.end() && found->second.action ? *found->second.action : rule.action;
}

void add_finding(Verdict& verdict, Finding finding) {
  for (Finding& other : verdict.findings) {
    if (other.clause != finding.clause) continue;
    // Two rules of one clause (a blind copy, an open one): one finding, with the stronger action.
    other.action = std::max(other.action, finding.action);
    other.mode = std::max(other.mode, finding.mode);
    for (Evidence& evidence : finding.evidence) {
      const bool known = std::find(other.evidence.begin(), other.evidence.end(), evidence) != other.evidence.end();
      if (!known && other.evidence.size() < limits::evidence_per_finding_max) other.evidence.push_back(std::move(evidence));
    }
    for (std::string& person : finding.persons) {
      if (std::find(other.persons.begin(), other.persons.end(), person) == other.persons.end()) other.persons.push_back(std::move(person));
    }
    return;
  }
  verdict.findings.push_back(std::move(finding));
}

// A document that was read after all is no longer uninspected; what of it could not be read is.
std::vector<mail::NotInspected> not_inspected_of(const mail::Message& message) {
  std::vector<mail::NotInspected> out;
  for (const mail::NotInspected& entry : message.not_inspected) {
    const auto document = std::find_if(message.documents.begin(), message.documents.end(), [&](const mail::Document& one) { return one.part == entry.part; });
    if (document == message.documents.end()) {
      out.push_back(entry);
    } else {
      out.insert(out.end(), document->unread.begin(), document->unread.end());
    }
  }
  return out;
}

// What could not be read, or only in doubt, is a finding of its own where the council wants it to be.
void add_own_findings(const mail::Message& message, const Policy& policy, Verdict& verdict) {
  const auto own = [&](std::string_view name, Action action, std::string says, std::vector<Evidence> evidence) {
    Finding finding;
    finding.clause = "beadle/" + std::string(name);
    finding.family = "not-inspected";
    finding.action = action;
    finding.mode = std::max(policy.mode, Mode::observe);
    finding.says = std::move(says);
    finding.evidence = std::move(evidence);
    add_finding(verdict, std::move(finding));
  };
  for (const mail::Defect& defect : message.defects) {
    if (defect.kind == mail::DefectKind::limit) {
      own("limit", Action::hold, "The message is larger or more nested than Beadle reads; a person has to look at it.",
          {{defect.part, "message", defect.detail}});
    }
    const bool broken = defect.kind == mail::DefectKind::ambiguous_structure || defect.kind == mail::DefectKind::ambiguous_boundary ||
                        defect.kind == mail::DefectKind::missing_boundary || defect.kind == mail::DefectKind::nul_byte;
    if (broken && policy.on_broken_mime != Action::pass) {
      own("broken-mime", policy.on_broken_mime, "The structure of the message can be read in more than one way.",
          {{defect.part, "message", std::string(mail::to_string(defect.kind))}});
    }
  }
  if (policy.on_not_inspected == Action::pass) return;
  for (const mail::NotInspected& part : not_inspected_of(message)) {
    own("not-inspected", policy.on_not_inspected, "A part of the message could not be read.",
        {{part.part, "attachment", part.reason + (part.file_name.empty() ? "" : ": " + printable(part.file_name))}});
  }
}

void find(const Facts& facts, const Policy& policy, Verdict& verdict) {
  const rules::Pack* pack = pack_named(*policy.rules, policy.protocol);
  if (pack == nullptr) return;
  for (const rules::Rule& rule : pack->rules) {
    const Mode mode = mode_in_force(rule.clause, rule.mode, policy);
    if (mode == Mode::off) continue;
    auto match = match_any(rule.when, facts, *policy.rules);
    if (!match) continue;
    if (!rule.unless.empty() && match_any(rule.unless, facts, *policy.rules)) continue;
    Finding finding;
    finding.clause = rule.clause;
    finding.family = rule.family;
    const Action action = action_in_force(rule, policy);
    finding.action = match->weak ? std::min(action, Action::flag) : action;
    finding.mode = mode;
    finding.says = rule.says;
    finding.cure = rule.cure;
    finding.evidence = std::move(match->evidence);
    // The names go into the footer only if the rule as written is an annotation; a hold of the same copy leaves it to its footer rule.
    if (rule.discloses) {
      for (const people::Person* person : match->copied) finding.persons.push_back(person->name);
    }
    add_finding(verdict, std::move(finding));
  }
}

bool stands_in(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The appended line names councillors in the order of the roster, so that the same disclosure always reads the same. Whom a line of
// ours named when the message came by before stays named: the new one takes its place.
void set_footer(const Policy& policy, const std::string& earlier, Verdict& verdict) {
  std::vector<std::string> before = footer_names(earlier);
  bool needed = false;
  for (const people::Person& person : policy.people->roster().persons) {
    const bool now = std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& finding) {
      return finding.action >= Action::annotate && stands_in(finding.persons, person.name);
    });
    const auto known = std::remove_if(before.begin(), before.end(), [&](const std::string& name) {
      return mail::plain_words(name) == mail::plain_words(person.name);
    });
    const bool named = now || known != before.end();
    before.erase(known, before.end());
    needed = needed || now;
    if (named && !stands_in(verdict.footer, person.name)) verdict.footer.push_back(person.name);
  }
  verdict.footer.insert(verdict.footer.end(), before.begin(), before.end());
  if (!needed) verdict.footer.clear();
}

bool only_protected(const Facts& facts) {
  return !facts.recipients.empty() &&
         std::all_of(facts.recipients.begin(), facts.recipients.end(), [](const Recipient& recipient) { return recipient.is("protected"); });
}

bool footer_enforced(const Verdict& verdict) {
  return std::any_of(verdict.findings.begin(), verdict.findings.end(),
                     [](const Finding& finding) { return finding.mode == Mode::enforce && !finding.persons.empty() && finding.action >= Action::annotate; });
}

}  // namespace

Mode mode_in_force(const std::string& clause, Mode shipped, const Policy& policy) {
  const auto found = policy.overrides.find(clause);
  const Mode mode = found != policy.overrides.end() && found->second.mode ? *found->second.mode : shipped;
  return std::min(mode, policy.mode);
}

Result<Decision> inspect(const mail::Message& message, const Envelope& envelope, const Policy& policy, const History& history, Time now) {
  Decision decision;
  Verdict& verdict = decision.verdict;
  const Facts facts = TRY(gather_facts(message, envelope, *policy.people, *policy.rules, history));
  const std::string earlier = mail::earlier_footer(message, policy.footer_key);
  if (!earlier.empty()) decision.footer_mark = mail::footer_mark(message, earlier, policy.footer_key);
  if (only_protected(facts)) {
    verdict.protected_only = true;
    return decision;
  }
  for (const mail::Defect& defect : message.defects) {
    std::string line = defect.part.empty() ? "" : defect.part + ": ";
    line += mail::to_string(defect.kind);
    if (!defect.detail.empty()) line += ": " + printable(defect.detail);
    verdict.defects.push_back(std::move(line));
  }
  verdict.not_inspected = not_inspected_of(message);
  verdict.marked = std::any_of(facts.letters.begin(), facts.letters.end(),
                               [](const Letter& letter) { return letter.where == "message" && !letter.marks.empty(); });
  const auto consent = policy.rules->cue_index(consent_cue);
  verdict.consent = std::any_of(facts.cues.begin(), facts.cues.end(),
                                [&](const CueFact& fact) { return consent && fact.cue == *consent && fact.evidence.zone == "own"; });
  find(facts, policy, verdict);
  decision.reminders = remind(message.message_id, message.subject, facts, policy, history, now);
  add_own_findings(message, policy, verdict);
  set_footer(policy, earlier, verdict);

  for (const Finding& finding : verdict.findings) {
    verdict.action = std::max(verdict.action, finding.action);
    if (finding.mode == Mode::enforce) verdict.enforced = std::max(verdict.enforced, finding.action);
  }
  if (!verdict.footer.empty()) {
    const std::string line = footer_line(verdict.footer);
    mail::FooterResult footer =
        mail::add_footer(message, {.line = line, .key = policy.footer_key, .eight_bit = envelope.body == "8BITMIME"});
    verdict.remarks = footer.remarks;
    if (!footer.refusal.empty()) {
      // A disclosure that is required and cannot be made: the message must not leave without it.
      verdict.uneditable = footer.refusal;
      verdict.action = Action::hold;
      if (footer_enforced(verdict)) verdict.enforced = Action::hold;
    } else if (footer_enforced(verdict)) {
      decision.footer_mark = mail::footer_mark(message, line, policy.footer_key);
      if (footer.bytes != message.bytes) decision.edited = std::move(footer.bytes);
    }
  }
  return decision;
}

std::vector<std::string> history_keys(const mail::Message& message) {
  std::vector<std::string> keys{message.message_id};
  const auto add = [&](const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      if (keys.size() > limits::references_max) return;
      if (!id.empty() && std::find(keys.begin(), keys.end(), id) == keys.end()) keys.push_back(id);
    }
  };
  add(message.in_reply_to);
  // The newest references stand last (RFC 5322 §3.6.4).
  add({message.references.rbegin(), message.references.rend()});
  return keys;
}

}  // namespace beadle::inspect
