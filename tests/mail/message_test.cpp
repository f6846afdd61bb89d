// A whole message: what of its header fields is read where they stand twice, in odd places or in letters within.
#include "mail/message.h"

#include <string>
#include <vector>

#include "base/text.h"

#include "catch.h"

namespace beadle::mail {
namespace {

std::string addresses(const std::vector<Mailbox>& mailboxes) {
  std::vector<std::string> out;
  for (const Mailbox& mailbox : mailboxes) out.push_back(mailbox.address);
  return joined(out, " ");
}

std::string details(const Message& message, DefectKind kind) {
  std::vector<std::string> out;
  for (const Defect& defect : message.defects) {
    if (defect.kind == kind) out.push_back(defect.detail);
  }
  return joined(out, "; ");
}

}  // namespace

TEST_CASE("of fields that stand twice all are read, and it is a defect (RFC 5322 §3.6)") {
  const Message message = parse_message(
      "From: a@x.example\nTo: b@x.example\nCC: c@x.example\nBcc: d@x.example\nReply-To: e@x.example\nSender: f@x.example\n"
      "Subject: one\nDate: Tue, 3 Nov 2026 09:00:00 +0000\nMessage-ID: <1@x.example>\nIn-Reply-To: <2@x.example>\n"
      "References: <3@x.example>\nSensitivity: Normal\n"
      "from : A@y.example\nTO: B@y.example\nCc: C@y.example\nBCC: D@y.example\nReply-to: E@y.example\nsender: F@y.example\n"
      "subject: two\nDate: Wed, 4 Nov 2026 09:00:00 +0000\nMessage-Id: <4@x.example>\nIn-Reply-To: <5@x.example>\n"
      "References: <6@x.example>\nsensitivity: Private\n\nHello\n");
  CHECK(addresses(message.from) == "a@x.example A@y.example");
  CHECK(addresses(message.to) == "b@x.example B@y.example");
  CHECK(addresses(message.cc) == "c@x.example C@y.example");
  CHECK(addresses(message.bcc) == "d@x.example D@y.example");
  CHECK(addresses(message.reply_to) == "e@x.example E@y.example");
  CHECK(addresses(message.sender) == "f@x.example F@y.example");
  CHECK(message.subject == "one two");
  CHECK(message.date.starts_with("Tue"));  // one day, and one id: what a mail is known by
  CHECK(message.message_id == "1@x.example");
  CHECK(joined(message.in_reply_to, " ") == "2@x.example 5@x.example");
  CHECK(joined(message.references, " ") == "3@x.example 6@x.example");
  CHECK(message.header("SENSITIVITY") == "Normal");
  CHECK(joined(message.headers("SENSITIVITY"), " ") == "Normal Private");
  CHECK(details(message, DefectKind::duplicate_field) ==
        "date, from, sender, reply-to, to, cc, bcc, message-id, in-reply-to, references, subject");
}

TEST_CASE("so are those of a letter within, in plain and in base64") {
  const std::string letter =
      "From: a@x.example\nFrom: A@y.example\nTo: b@x.example\nTo: B@y.example\nSubject: one\nSubject: two\nSensitivity: Normal\n"
      "Sensitivity: Private\n\nHello\n";
  const std::string encoded =
      "RnJvbTogYUB4LmV4YW1wbGUKRnJvbTogQUB5LmV4YW1wbGUKVG86IGJAeC5leGFtcGxlClRvOiBCQHkuZXhhbXBsZQpTdWJqZWN0OiBvbmUKU3ViamVjdDog\n"
      "dHdvClNlbnNpdGl2aXR5OiBOb3JtYWwKU2Vuc2l0aXZpdHk6IFByaXZhdGUKCkhlbGxvCg==\n";
  for (const std::string& body : {"Content-Type: message/rfc822\n\n" + letter,
                                  "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + encoded}) {
    const Message message = parse_message("From: c@x.example\n" + body);
    REQUIRE(message.originals.size() == 1);
    const Original& original = message.originals.front();
    CHECK(addresses(original.from) == "a@x.example A@y.example");
    CHECK(addresses(original.to) == "b@x.example B@y.example");
    CHECK(original.subject == "one two");
    CHECK(original.sensitivity == "Normal Private");
  }
}

TEST_CASE("fields of forwarding programs may stand more than once (RFC 5322 §3.6.6)") {
  const Message message = parse_message(
      "Resent-From: a@x.example\nResent-To: b@x.example\nResent-From: c@x.example\nResent-Cc: d@x.example\nFrom: "
      "e@x.example\n\nHello\n");
  CHECK(addresses(message.resent_from) == "a@x.example c@x.example");
  CHECK(addresses(message.resent_to) == "b@x.example");
  CHECK(addresses(message.resent_cc) == "d@x.example");
  CHECK_FALSE(message.has_defect(DefectKind::duplicate_field));
}

TEST_CASE("a From without an address is a defect") {
  for (const char* header :
       {"", "From:\n", "From: Jane Holt\n", "From: undisclosed-recipients:;\n", "From: <>\n", "Sender: a@x.example\n"}) {
    INFO(header);
    CHECK(parse_message(header + std::string("Subject: x\n\nHello\n")).has_defect(DefectKind::missing_from));
  }
  CHECK_FALSE(parse_message("From: Jane Holt\nFrom: a@x.example\n\nHello\n").has_defect(DefectKind::missing_from));
}

}  // namespace beadle::mail
