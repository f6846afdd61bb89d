// What a mailbox keeps of a sent message: the message itself, and who really got it. A Sent folder knows that from the header alone, which may or may
// not name blind copies; a journal (Exchange, or a mail server's copy with X-Envelope-To and the like) knows it from the envelope.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "inspect/envelope.h"
#include "mail/message.h"

namespace beadle::imap {

struct SentCopy {
  enum class Recipients {
    from_envelope,        // all of them, blind copies too
    from_header_and_bcc,  // the copy names blind copies
    from_header,          // it names none: there were none, or this client records no Bcc
  };
  mail::Message message;
  inspect::Envelope envelope;
  Recipients recipients = Recipients::from_header;
};

/// For people: "this client records no Bcc". Never "no blind copy", which a Sent folder cannot tell.
std::string_view to_string(SentCopy::Recipients recipients);

SentCopy read_sent_copy(std::string bytes);
/// What a journal report is of: the message as it went, with its envelope. nullopt for what is no report.
std::optional<SentCopy> read_report(const mail::Message& report);
/// Whether it says of itself that it is one, as Exchange's do.
inline constexpr std::string_view report_mark = "X-MS-Journal-Report";
bool is_marked_report(const mail::Message& message);
/// `own_address` of the journal mailbox is nobody's recipient. What is no report and has no envelope is read as from a Sent folder.
SentCopy read_journal_copy(std::string bytes, const std::string& own_address);

}  // namespace beadle::imap
