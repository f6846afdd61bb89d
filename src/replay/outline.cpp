#include "replay/outline.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "imap/sent_copy.h"
#include "mail/boundaries.h"
#include "mail/header_block.h"
#include "mail/header_value.h"
#include "replay/date.h"

namespace beadle::replay {
namespace {

constexpr std::size_t senders_max = 50;
constexpr std::size_t digest_digits = 32;

bool is_of_council(std::string_view value, const people::Directory& people) {
  const auto senders = mail::parse_addresses(value, senders_max).mailboxes;
  return std::any_of(senders.begin(), senders.end(), [&](const mail::Mailbox& sender) {
    return people.person_at(sender.address) != nullptr || people.is_own_domain(sender.address);
  });
}

Outline read_fields(std::string_view head, const mail::HeaderBlock& block, const people::Directory& people) {
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
      outline.outgoing = outline.outgoing || is_of_council(value, people);
    } else {
      continue;
    }
    outline.has_fields = true;
  }
  return outline;
}

bool has_field(const mail::HeaderBlock& block, std::string_view name) {
  return std::any_of(block.fields.begin(), block.fields.end(), [&](const mail::Field& field) { return ascii_iequals(field.name, name); });
}

/// What is within a report; nullopt: it is none, or the message does not begin within the bytes.
std::optional<Outline> within_report(std::string_view head, const people::Directory& people) {
  const auto report = imap::read_report(mail::parse_message(std::string(head)));
  if (!report) return std::nullopt;
  const std::string& bytes = report->message.bytes;
  const mail::HeaderBlock block = mail::read_header_block(bytes, 0, mail::Boundaries());
  Outline outline = read_fields(bytes, block, people);
  outline.outgoing = outline.outgoing || is_of_council(report->envelope.sender, people);
  outline.whole = block.blank_line || head.size() < head_bytes;
  return outline;
}

std::string digest_of(const std::string& known) { return sha256_hex(known).substr(0, digest_digits); }

}  // namespace

Outline outline_of(std::string_view head, std::string_view lasting_name, const people::Directory& people, bool journal) {
  const mail::HeaderBlock block = mail::read_header_block(head, 0, mail::Boundaries());
  Outline outline = read_fields(head, block, people);
  const bool marked = has_field(block, imap::report_mark);
  if (marked || journal) {
    const auto within = within_report(head, people);
    if (within) outline = *within;
    else outline.whole = outline.whole && !(marked && head.size() <= head_bytes);
  }
  std::string known(lasting_name);
  known.append(1, '\n').append(head.substr(0, block.range.end));
  outline.digest = digest_of(known);
  return outline;
}

std::string digest_of_name(std::string_view lasting_name) { return digest_of(std::string(lasting_name)); }

}  // namespace beadle::replay
