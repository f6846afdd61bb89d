#include "replay/envelope.h"

#include <optional>

#include "base/limits.h"
#include "base/text.h"
#include "imap/recipients.h"
#include "imap/sent_copy.h"
#include "mail/header_value.h"
#include "people/address.h"

namespace beadle::replay {
namespace {

std::vector<mail::Mailbox> addresses_in(const mail::Message& message, std::string_view field) {
  std::vector<mail::Mailbox> all;
  for (const std::string& value : message.headers(field)) {
    const auto some = mail::parse_addresses(value, limits::header_addresses_max).mailboxes;
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

/// The address in a trace field; "" for the null sender. nullopt where the field is absent or names none.
std::optional<std::string> traced_sender(const mail::Message& message, std::string_view field) {
  const std::string value(trimmed(message.header(field)));
  if (value.empty()) return std::nullopt;
  if (value == "<>") return "";
  const auto found = mail::parse_addresses(value, 1).mailboxes;
  if (found.empty() || found.front().address.empty()) return std::nullopt;
  return found.front().address;
}

std::string sender_of(const mail::Message& message) {
  for (const char* field : {"X-Envelope-From", "Return-Path"}) {
    if (const auto sender = traced_sender(message, field)) return *sender;
  }
  for (const auto* field : {&message.sender, &message.from}) {
    for (const mail::Mailbox& mailbox : *field) {
      if (!mailbox.address.empty() && !mailbox.doubtful) return mailbox.address;
    }
  }
  return "";
}

}  // namespace

Rebuilt rebuild_envelope(const mail::Message& message) {
  Rebuilt rebuilt;
  rebuilt.envelope.sender = sender_of(message);
  imap::Recipients recipients(rebuilt.envelope.recipients);
  const auto resent_bcc = addresses_in(message, "Resent-Bcc");
  for (const auto* field : {&message.to, &message.cc, &message.bcc, &message.resent_to, &message.resent_cc, &resent_bcc}) {
    for (const mail::Mailbox& mailbox : *field) {
      if (!mailbox.doubtful) recipients.add(mailbox.address);
    }
  }
  for (const char* field : {"X-Envelope-To", "X-Original-To", "Delivered-To"}) {
    for (const mail::Mailbox& mailbox : addresses_in(message, field)) {
      // A name of a mailbox within the server ("vmail@localhost") is no recipient.
      if (people::address_mistake(mailbox.address).empty()) recipients.add(mailbox.address);
    }
  }
  rebuilt.records_blind = !message.bcc.empty() || !resent_bcc.empty() || message.has_header("X-Envelope-To");
  return rebuilt;
}

Copy read_copy(std::string bytes, const Keeping& keeping) {
  const auto known = [](imap::SentCopy&& copy) { return Copy{std::move(copy.message), {.envelope = std::move(copy.envelope), .records_blind = true}}; };
  if (keeping.journal) {
    imap::SentCopy copy = imap::read_journal_copy(std::move(bytes), keeping.own_address);
    if (copy.recipients == imap::SentCopy::Recipients::from_envelope) return known(std::move(copy));
    const Rebuilt rebuilt = rebuild_envelope(copy.message);
    return {std::move(copy.message), rebuilt};
  }
  mail::Message message = mail::parse_message(std::move(bytes));
  if (imap::is_marked_report(message)) {
    if (auto report = imap::read_report(message)) return known(std::move(*report));
  }
  const Rebuilt rebuilt = rebuild_envelope(message);
  return {std::move(message), rebuilt};
}

}  // namespace beadle::replay
