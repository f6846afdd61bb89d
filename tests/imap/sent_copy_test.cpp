// Who got a message, by what a mailbox keeps of it.
#include "imap/sent_copy.h"

#include "base/text.h"
#include "catch.h"

using namespace beadle;
using namespace beadle::imap;

namespace {

const std::string letter =
    "From: Jane <jane@council.example>\r\nTo: olivia@council.example\r\nCc: ed@council.example\r\nMessage-ID: <one@x>\r\nSubject: x\r\n\r\nHello\r\n";

std::string report(const std::string& words, const std::string& type = "message/rfc822") {
  return "From: journal@council.example\r\nX-MS-Journal-Report:\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; "
         "charset=us-ascii\r\n\r\n" + words + "\r\n--b\r\nContent-Type: " + type + "\r\n\r\n" + letter + "\r\n--b--\r\n";
}

std::string shown(const SentCopy& copy) {
  return copy.envelope.sender + " -> " + joined(copy.envelope.recipients, ",") + " (" + std::string(to_string(copy.recipients)) + ") " + copy.message.message_id;
}

}  // namespace

TEST_CASE("a Sent folder knows the header") {
  CHECK(shown(read_sent_copy(letter)) == "jane@council.example -> olivia@council.example,ed@council.example (this client records no Bcc) one@x");
  CHECK(shown(read_sent_copy("Bcc: Pete <pete@paper.example>, OLIVIA@council.example\r\n" + letter)) ==
        "jane@council.example -> olivia@council.example,ed@council.example,pete@paper.example (Bcc named in the copy) one@x");
  // Nobody's envelope stands in a Sent folder: who writes such a field there is not believed.
  CHECK(shown(read_sent_copy("X-Envelope-To: pete@paper.example\r\n" + letter)) == shown(read_sent_copy(letter)));
}

TEST_CASE("an Exchange journal report knows the envelope") {
  const std::string words = "Sender: jane@council.example\r\nSubject: x\r\nMessage-Id: <one@x>\r\nTo: olivia@council.example\r\n"
                            "Cc: ed@council.example, Expanded: team@council.example\r\nBcc: <smtp:pete@paper.example>\r\n";
  CHECK(shown(read_journal_copy(report(words), "journal@council.example")) ==
        "jane@council.example -> olivia@council.example,ed@council.example,pete@paper.example (recipients from the envelope) one@x");
  CHECK(shown(read_journal_copy(report("Sender: jane@council.example\r\nRecipients: a@x.example; b@x.example, A@X.example\r\n"), "")) ==
        "jane@council.example -> a@x.example,b@x.example (recipients from the envelope) one@x");
}

TEST_CASE("what only looks like a report is read as what it is") {
  for (const std::string& bytes : {report("Hello, please see below.\r\n"), report("Sender: jane@council.example\r\n"), report("Sender:\r\nTo: a@x.example\r\n"),
                                   report("Sender: jane@council.example\r\nTo: a@x.example\r\n", "application/octet-stream")}) {
    const SentCopy copy = read_journal_copy(bytes, "journal@council.example");
    CHECK(copy.recipients == SentCopy::Recipients::from_header);
    CHECK(copy.message.message_id.empty());
  }
}

TEST_CASE("a mail server's copy says whom it went to, and the journal is nobody") {
  const std::string fields = "Delivered-To: Journal@Council.example\r\nX-Original-To: pete@paper.example\r\nX-Envelope-To: <olivia@council.example>\r\n";
  CHECK(shown(read_journal_copy(fields + letter, "journal@council.example")) ==
        "jane@council.example -> olivia@council.example,pete@paper.example (recipients from the envelope) one@x");
  CHECK(shown(read_journal_copy("Delivered-To: journal@council.example\r\n" + letter, "journal@council.example")) == shown(read_sent_copy(letter)));
}
