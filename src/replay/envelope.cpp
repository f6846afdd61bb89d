#include "replay/envelope.h"

#include <optional>
#include <unordered_set>

#include "base/limits.h"
#include "base/text.h"
#include "mail/header_value.h"
#include "people/address.h"

namespace beadle::replay {
namespace {

class Recipients {
 public:
  explicit Recipients(std::vector<std::string>& out) : out_(out) {}

  void add(const std::vector<mail::Mailbox>& mailboxes) {
    for (const mail::Mailbox& mailbox : mailboxes) {
      if (!mailbox.doubtful) add(mailbox.address);
    }
  }
  void add(const std::string& address) {
    if (out_.size() >= limits::envelope_recipients_max) return;
    const std::string key = people::address_key(address);
    if (!key.empty() && seen_.insert(key).second) out_.push_back(address);
  }

 private:
  std::vector<std::string>& out_;
  std::unordered_set<std::string> seen_;
};

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
  Recipients recipients(rebuilt.envelope.recipients);
  const auto resent_bcc = addresses_in(message, "Resent-Bcc");
  for (const auto* field : {&message.to, &message.cc, &message.bcc, &message.resent_to, &message.resent_cc, &resent_bcc}) recipients.add(*field);
  for (const char* field : {"X-Envelope-To", "X-Original-To", "Delivered-To"}) {
    for (const mail::Mailbox& mailbox : addresses_in(message, field)) {
      // A name of a mailbox within the server ("vmail@localhost") is no recipient.
      if (people::address_mistake(mailbox.address).empty()) recipients.add(mailbox.address);
    }
  }
  rebuilt.records_blind = !message.bcc.empty() || !resent_bcc.empty() || message.has_header("X-Envelope-To");
  return rebuilt;
}

}  // namespace beadle::replay
