#include "intake/record.h"

#include <algorithm>

#include "people/address.h"

namespace beadle::intake {
namespace {

constexpr std::string_view secret_name = "record";

// Does what is said between councillors and officers matter to this mail? Where nobody of the council writes, nothing of its is repeated.
bool is_from_council(const mail::Message& message, const people::Directory& people) {
  return std::any_of(message.from.begin(), message.from.end(),
                     [&](const mail::Mailbox& mailbox) { return people.person_at(mailbox.address) != nullptr || people.is_own_domain(mailbox.address); });
}

}  // namespace

Result<inspect::History> history_of(const mail::Message& message, const inspect::Policy& policy, store::Store& record) {
  inspect::History history = TRY(record.look_up(inspect::history_keys(message)));
  if (!is_from_council(message, *policy.people)) return history;
  if (policy.reminders.on && !policy.rules->reminders(policy.protocol).empty()) {
    history.reminders = TRY(record.reminders_of(inspect::history_keys(message), inspect::thread_subject(message.subject)));
  }
  if (!TRY(record.has_fingerprints())) return history;
  history.passages = TRY(record.look_up_passages(inspect::fingerprints(message, TRY(record.secret(secret_name)))));
  std::erase_if(history.passages, [&](const inspect::SharedPassages& passages) { return passages.mail.message_id == message.message_id; });
  return history;
}

Result<void> remember(const mail::Message& message, const inspect::Envelope& envelope, const inspect::Policy& policy, const inspect::Verdict& verdict,
                      store::Store& record, Time now) {
  return TRY(remember_soon(message, envelope, policy, verdict, record, now)).wait();
}

Result<store::Recorded> remember_soon(const mail::Message& message, const inspect::Envelope& envelope, const inspect::Policy& policy,
                                      const inspect::Verdict& verdict, store::Store& record, Time now) {
  if (verdict.protected_only || !concerns_councillor(message, envelope, *policy.people)) return store::Recorded();
  std::vector<std::uint64_t> hashes;
  if (verdict.marked) {
    for (const inspect::Fingerprint& fingerprint : inspect::fingerprints(message, TRY(record.secret(secret_name)))) hashes.push_back(fingerprint.hash);
  }
  return record.remember_soon(to_record(message, envelope, verdict, now), now, std::move(hashes));
}

Result<void> remember_released(const store::Held& held, const inspect::Policy& policy, store::Store& record, Time now) {
  const mail::Message message = mail::parse_message(held.bytes);
  const inspect::History history = TRY(history_of(message, policy, record));
  const inspect::Decision decision = TRY(inspect::inspect(message, held.envelope, policy, history, now));
  return record.change_reminders(decision.reminders, message.message_id, now);
}

inspect::EarlierMail to_record(const mail::Message& message, const inspect::Envelope& envelope, const inspect::Verdict& verdict, Time now) {
  inspect::EarlierMail mail;
  mail.message_id = message.message_id;
  mail.sender = people::address_key(message.from.empty() ? envelope.sender : message.from.front().address);
  for (const auto* field : {&message.to, &message.cc}) {
    for (const mail::Mailbox& mailbox : *field) mail.visible.push_back(people::address_key(mailbox.address));
  }
  for (const std::string& address : envelope.recipients) mail.recipients.push_back(people::address_key(address));
  mail.marked = verdict.marked;
  mail.consent = verdict.consent;
  mail.at = now;
  return mail;
}

bool concerns_councillor(const mail::Message& message, const inspect::Envelope& envelope, const people::Directory& people) {
  const auto is_councillor = [&](std::string_view address) {
    const people::Person* person = people.person_at(address);
    if (person != nullptr) return person->is_councillor();
    const people::List* list = people.list_at(address);
    return list != nullptr;
  };
  if (is_councillor(envelope.sender)) return true;
  for (const auto* field : {&message.from, &message.to, &message.cc}) {
    for (const mail::Mailbox& mailbox : *field) {
      if (is_councillor(mailbox.address)) return true;
    }
  }
  return std::any_of(envelope.recipients.begin(), envelope.recipients.end(), is_councillor);
}

std::string sender_role(std::string_view address, const people::Directory& people) {
  const people::Person* person = people.person_at(address);
  if (person == nullptr) return "other";
  return person->is_councillor() ? "councillor" : "officer";
}

}  // namespace beadle::intake
