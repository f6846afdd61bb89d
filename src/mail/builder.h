// Builds the mail that Beadle writes itself: notices. Plain text, UTF-8, header fields folded and encoded (RFC 5322, RFC 2047).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "mail/message.h"

namespace beadle::mail {

struct NewMail {
  Mailbox from;
  std::vector<Mailbox> to;
  std::string subject;
  std::string message_id;  // without angle brackets
  std::string in_reply_to;  // "" for none
  std::vector<std::string> references;
  std::vector<std::pair<std::string, std::string>> extra_fields;  // Auto-Submitted and the like: ASCII
  std::string text;  // UTF-8, LF line ends
  std::string attached_message;  // bytes of a message to attach as it is (message/rfc822), "" for none
};

/// CRLF line ends, lines of at most 78 columns where words allow, quoted-printable where 7bit will not do. Control
/// characters in any value are dropped, so that nothing can inject a field. An attached message is not changed but for its line
/// ends, which become CRLF; its part is 7bit, 8bit or binary (RFC 2046 §5.2.1 allows no other).
std::string build_mail(const NewMail& mail, Time now);

}  // namespace beadle::mail
