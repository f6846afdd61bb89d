#include "intake/record.h"

#include <algorithm>

#include "people/address.h"

namespace beadle::intake {

inspect::EarlierMail to_record(const mail::Message& message, const inspect::Envelope& envelope, const inspect::Verdict& verdict, Time now) {
  inspect::EarlierMail mail;
  mail.message_id = message.message_id;
  mail.sender = people::address_key(message.from.empty() ? envelope.sender : message.from.front().address);
  for (const auto* field : {&message.to, &message.cc}) {
    for (const mail::Mailbox& mailbox : *field) mail.visible.push_back(people::address_key(mailbox.address));
  }
  for (const std::string& address : envelope.recipients) mail.recipients.push_back(people::address_key(address));
  mail.marked = verdict.marked;
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

}  // namespace beadle::intake
