// Any bytes as a mail server: the client never crashes, ends, settles every recipient once, and counts nothing as delivered
// before the whole message was handed over.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../smtp/client_machine.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle::smtp;
  if (size < 2) return 0;
  OutgoingMail mail;
  mail.sender = (data[0] & 1) != 0 ? "clerk@harbridge.example" : "";
  mail.recipients = {"jo@fencing.example", "j\xc3\xb6@fencing.example", "ed@fencing.example", "bad address"};
  mail.bytes = "Subject: x\r\n\r\n.\r\nHello\r\n";
  mail.smtputf8 = (data[0] & 2) != 0;
  mail.eight_bit = (data[0] & 4) != 0;
  if ((data[0] & 8) != 0) {
    mail.dsn = "RET=HDRS ENVID=x";
    mail.recipient_dsn = {"NOTIFY=NEVER", "ORCPT=rfc822;x"};
  }
  const std::size_t piece = 1u + data[1];
  std::string_view input(reinterpret_cast<const char*>(data + 2), size - 2);

  ClientMachine machine("mail.harbridge.example", mail);
  std::string said;
  while (!machine.finished() && !input.empty()) {
    said += machine.feed(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
  }
  const bool handed_over = said.find("\r\n..\r\nHello\r\n.\r\n") != std::string::npos;
  const auto before = machine.outcomes();
  const bool settled = machine.settled();
  machine.connection_lost("lost");
  if (!machine.finished() || !machine.settled() || machine.outcomes().size() != mail.recipients.size()) std::abort();
  for (std::size_t i = 0; i < mail.recipients.size(); ++i) {
    const RecipientReply& reply = machine.outcomes()[i];
    if (reply.address != mail.recipients[i] || reply.reply.empty() || reply.reply.size() > 1100) std::abort();
    if (reply.outcome == RecipientReply::Outcome::delivered && !handed_over) std::abort();
    if (settled && reply.reply != before[i].reply) std::abort();
  }
  return 0;
}
