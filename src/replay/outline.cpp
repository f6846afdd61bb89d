#include "replay/outline.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "mail/boundaries.h"
#include "mail/header_block.h"
#include "mail/header_value.h"
#include "replay/date.h"

namespace beadle::replay {
namespace {

constexpr std::size_t senders_max = 50;
constexpr std::size_t digest_digits = 32;

}  // namespace

Outline outline_of(std::string_view head, std::string_view lasting_name, const people::Directory& people) {
  const mail::HeaderBlock block = mail::read_header_block(head, 0, mail::Boundaries());
  Outline outline;
  outline.whole = block.blank_line || head.size() < head_bytes;
  for (const mail::Field& field : block.fields) {
    const std::string_view value = mail::slice(head, field.value);
    if (ascii_iequals(field.name, "Date") && !outline.at) {
      outline.at = date_from(value);
    } else if (ascii_iequals(field.name, "Message-ID") && outline.message_id.empty()) {
      const auto ids = mail::parse_message_ids(value, 1);
      if (!ids.empty()) outline.message_id = ids.front();
    } else if (ascii_iequals(field.name, "From") || ascii_iequals(field.name, "Sender") || ascii_iequals(field.name, "Return-Path") ||
               ascii_iequals(field.name, "X-Envelope-From")) {
      const auto senders = mail::parse_addresses(value, senders_max).mailboxes;
      outline.outgoing = outline.outgoing || std::any_of(senders.begin(), senders.end(), [&](const mail::Mailbox& sender) {
                           return people.person_at(sender.address) != nullptr || people.is_own_domain(sender.address);
                         });
    } else {
      continue;
    }
    outline.has_fields = true;
  }
  std::string known(lasting_name);
  known.append(1, '\n').append(head.substr(0, block.range.end));
  outline.digest = sha256_hex(known).substr(0, digest_digits);
  return outline;
}

}  // namespace beadle::replay
