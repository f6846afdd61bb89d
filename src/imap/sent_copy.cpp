#include "imap/sent_copy.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "imap/recipients.h"
#include "people/address.h"

namespace beadle::imap {
namespace {

// Fields in which mail servers write whom they delivered to: Postfix, Exim, qmail and their filters.
constexpr const char* envelope_fields[] = {"X-Envelope-To", "Envelope-To", "X-Original-To", "Delivered-To", "X-Rcpt-To"};
// Lines of an Exchange journal report (MS-OXJRNL; "Journal report" in Exchange's own pages), in lower case.
constexpr std::string_view recipient_keys[] = {"recipient", "recipients", "to", "cc", "bcc"};

std::string_view bare_address(std::string_view text) {
  text = trimmed(text);
  const std::size_t open = text.rfind('<');
  if (open != std::string_view::npos && text.ends_with('>')) text = text.substr(open + 1, text.size() - open - 2);
  if (ascii_istarts_with(text, "smtp:")) text.remove_prefix(5);
  return text.find_first_of(" \t<>") == std::string_view::npos ? text : std::string_view();
}

/// "a@b.example, Expanded: list@b.example": the list is how the mail came to a, not somebody else.
void add_reported(Recipients& recipients, std::string_view value) {
  std::size_t begin = 0;
  while (begin <= value.size()) {
    const std::size_t end = std::min(value.find_first_of(",;", begin), value.size());
    const std::string_view piece = trimmed(value.substr(begin, end - begin));
    if (!ascii_istarts_with(piece, "expanded:") && !ascii_istarts_with(piece, "forwarded:")) recipients.add(bare_address(piece));
    begin = end + 1;
  }
}

std::optional<inspect::Envelope> envelope_of_report(std::string_view text) {
  inspect::Envelope envelope;
  Recipients recipients(envelope.recipients);
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string key = ascii_lower(trimmed(line.substr(0, colon)));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (key == "sender") envelope.sender = std::string(bare_address(value));
    if (std::find(std::begin(recipient_keys), std::end(recipient_keys), key) != std::end(recipient_keys)) add_reported(recipients, value);
  }
  if (envelope.sender.empty() || envelope.recipients.empty()) return std::nullopt;
  return envelope;
}

SentCopy read_by_header(mail::Message message) {
  SentCopy copy;
  copy.recipients = message.bcc.empty() ? SentCopy::Recipients::from_header : SentCopy::Recipients::from_header_and_bcc;
  if (!message.from.empty()) copy.envelope.sender = message.from.front().address;
  Recipients recipients(copy.envelope.recipients);
  for (const auto* field : {&message.to, &message.cc, &message.bcc}) {
    for (const mail::Mailbox& mailbox : *field) recipients.add(mailbox.address);
  }
  copy.message = std::move(message);
  return copy;
}

}  // namespace

std::string_view to_string(SentCopy::Recipients recipients) {
  switch (recipients) {
    case SentCopy::Recipients::from_envelope: return "recipients from the envelope";
    case SentCopy::Recipients::from_header_and_bcc: return "Bcc named in the copy";
    case SentCopy::Recipients::from_header: return "this client records no Bcc";
  }
  return "";
}

SentCopy read_sent_copy(std::string bytes) { return read_by_header(mail::parse_message(std::move(bytes))); }

// A report has two parts: words about the envelope, and the message as it went.
std::optional<SentCopy> read_report(const mail::Message& report) {
  const mail::Part& root = report.parts.front();
  if (!root.is_multipart() || root.children.size() < 2) return std::nullopt;
  const auto words = static_cast<std::size_t>(root.children[0]), within = static_cast<std::size_t>(root.children[1]);
  const bool as_it_went = report.parts[within].is_message() && report.parts[within].encoding == mail::Encoding::none;
  if (report.parts[words].type != "text/plain" || !as_it_went) return std::nullopt;
  const auto text = std::find_if(report.texts.begin(), report.texts.end(), [&](const mail::Text& one) { return one.part == root.children[0]; });
  if (text == report.texts.end()) return std::nullopt;
  auto envelope = envelope_of_report(text->utf8);
  if (!envelope) return std::nullopt;
  SentCopy copy;
  copy.message = mail::parse_message(std::string(mail::slice(report.bytes, report.parts[within].body)));
  copy.envelope = std::move(*envelope);
  copy.recipients = SentCopy::Recipients::from_envelope;
  return copy;
}

bool is_marked_report(const mail::Message& message) { return message.has_header(report_mark); }

SentCopy read_journal_copy(std::string bytes, const std::string& own_address) {
  mail::Message message = mail::parse_message(std::move(bytes));
  if (auto report = read_report(message)) return std::move(*report);
  SentCopy copy = read_by_header(std::move(message));
  inspect::Envelope envelope;
  Recipients recipients(envelope.recipients);
  const std::string own = people::address_key(own_address);
  for (const char* field : envelope_fields) {
    for (const std::string& value : copy.message.headers(field)) {
      const std::string_view address = bare_address(value);
      if (people::address_key(address) != own) recipients.add(address);
    }
  }
  if (envelope.recipients.empty()) return copy;
  envelope.sender = copy.envelope.sender;
  copy.envelope = std::move(envelope);
  copy.recipients = SentCopy::Recipients::from_envelope;
  return copy;
}

}  // namespace beadle::imap
