#include "replay/inspector.h"

#include <algorithm>

#include "base/digest.h"
#include "intake/record.h"
#include "people/address.h"
#include "replay/envelope.h"

namespace beadle::replay {
namespace {

constexpr std::size_t content_digits = 32;

bool is_from_council(const mail::Message& message, const people::Directory& people) {
  return std::any_of(message.from.begin(), message.from.end(),
                     [&](const mail::Mailbox& mailbox) { return people.person_at(mailbox.address) != nullptr || people.is_own_domain(mailbox.address); });
}

std::string role_of(const mail::Message& message, const inspect::Envelope& envelope, const people::Directory& people) {
  const people::Person* person = message.from.empty() ? nullptr : people.person_at(message.from.front().address);
  if (person == nullptr) person = people.person_at(envelope.sender);
  if (person == nullptr) return "other";
  return person->is_councillor() ? "councillor" : "officer";
}

Judgement judgement_of(const inspect::Verdict& verdict) {
  Judgement judgement{.action = verdict.enforced, .findings = {}};
  for (const inspect::Finding& finding : verdict.findings) {
    Found found{.clause = finding.clause, .family = finding.family, .says = finding.says, .action = finding.action,
                .observed = finding.mode != inspect::Mode::enforce, .evidence = finding.evidence};
    if (found.evidence.size() > evidence_kept) found.evidence.resize(evidence_kept);
    judgement.findings.push_back(std::move(found));
  }
  return judgement;
}

void keep(const mail::Message& message, const inspect::Envelope& envelope, const people::Directory& people, Outcome& outcome) {
  outcome.role = role_of(message, envelope, people);
  const bool found = !outcome.judgement.findings.empty() || (outcome.against && !outcome.against->findings.empty());
  if (!found) return;
  outcome.from = message.from.empty() ? envelope.sender : message.from.front().address;
  outcome.subject = message.subject;
  outcome.recipients = envelope.recipients.size();
}

void keep_content(const mail::Message& message, const inspect::Envelope& envelope, Outcome& outcome) {
  const mail::Range body = message.parts.empty() ? mail::Range{} : message.parts.front().body;
  outcome.content = sha256_hex(message.message_id + "\n" + std::string(mail::slice(message.bytes, body))).substr(0, content_digits);
  for (const std::string& address : envelope.recipients) outcome.went_to.push_back(people::address_key(address));
}

}  // namespace

inspect::Policy for_replay(inspect::Policy policy) {
  policy.mode = rules::Mode::enforce;
  policy.reminders.on = false;
  return policy;
}

std::vector<std::pair<std::string, std::size_t>> passages_of(const std::vector<inspect::SharedPassages>& shared, const std::string& own_id) {
  std::vector<std::pair<std::string, std::size_t>> passages;
  for (const inspect::SharedPassages& one : shared) {
    if (one.mail.message_id != own_id) passages.emplace_back(one.mail.message_id, one.shared.size());
  }
  return passages;
}

// As intake::history_of, over any record.
Result<inspect::History> Inspector::history_of(const mail::Message& message, Inspected& inspected) const {
  inspected.message_ids = inspect::history_keys(message);
  inspect::History history = TRY(record_.look_up(inspected.message_ids));
  inspected.asked_for_passages = is_from_council(message, *rules_.policy->people);
  if (!inspected.asked_for_passages || !TRY(record_.has_fingerprints())) return history;
  inspected.fingerprints = inspect::fingerprints(message, record_.key());
  history.passages = TRY(record_.look_up_passages(inspected.fingerprints));
  std::erase_if(history.passages, [&](const inspect::SharedPassages& passages) { return passages.mail.message_id == message.message_id; });
  inspected.passages = passages_of(history.passages, message.message_id);
  return history;
}

Result<Inspected> Inspector::inspect(std::string bytes, std::optional<Time> at, bool repeated, const std::string& own_address) const {
  Copy copy = read_copy(std::move(bytes), {.journal = rules_.journal, .own_address = own_address});
  mail::Message& message = copy.message;
  if (rules_.documents) rules_.documents(message);
  const inspect::Envelope& envelope = copy.rebuilt.envelope;
  const Time now = at.value_or(Time{});
  Inspected inspected;
  const inspect::History history = TRY(history_of(message, inspected));
  const inspect::Decision decision = TRY(inspect::inspect(message, envelope, *rules_.policy, history, now));
  const inspect::Verdict& verdict = decision.verdict;

  Outcome& outcome = inspected.outcome;
  outcome.at = at;
  outcome.records_blind = copy.rebuilt.records_blind;
  outcome.protected_only = verdict.protected_only;
  if (verdict.protected_only) return inspected;  // nothing of it but that it was
  outcome.unread = verdict.not_inspected.size();
  outcome.judgement = judgement_of(verdict);
  if (rules_.against) outcome.against = judgement_of(TRY(inspect::inspect(message, envelope, *rules_.against, history, now)).verdict);
  keep(message, envelope, *rules_.policy->people, outcome);
  if (repeated) keep_content(message, envelope, outcome);
  if (message.message_id.empty() || !intake::concerns_councillor(message, envelope, *rules_.policy->people)) return inspected;
  outcome.remembered = Remembered{.mail = intake::to_record(message, envelope, verdict, now), .fingerprints = {}};
  if (verdict.marked) {
    if (inspected.fingerprints.empty()) inspected.fingerprints = inspect::fingerprints(message, record_.key());
    for (const inspect::Fingerprint& fingerprint : inspected.fingerprints) outcome.remembered->fingerprints.push_back(fingerprint.hash);
  }
  return inspected;
}

}  // namespace beadle::replay
