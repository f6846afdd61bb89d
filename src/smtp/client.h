// SMTP client (RFC 5321): sends one message to the next hop. What is said, and what becomes of each recipient, is a machine
// without a connection, `MailTransaction`; `send_mail` has it talk over a NextHop (next_hop.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "net/stream.h"
#include "smtp/extensions.h"
#include "smtp/next_hop.h"

namespace beadle::smtp {

struct OutgoingMail {
  std::string sender;  // "" for the null sender
  std::vector<std::string> recipients;
  std::string bytes;  // CRLF line ends; dots are stuffed here
  bool smtputf8 = false;
  bool eight_bit = false;  // announces BODY=8BITMIME where the server offers it
  // What the sender wants to hear of the delivery (inspect/envelope.h): told where the server offers DSN and it is right, else left out (RFC 3461 §5.2.2).
  std::string dsn{};
  std::vector<std::string> recipient_dsn{};  // in the order of `recipients`; missing ones at its end are empty
};

struct RecipientReply {
  enum class Outcome { delivered, deferred, refused };
  std::string address;
  Outcome outcome = Outcome::deferred;
  std::string reply;  // "250 2.0.0 Ok: queued as …", the server's words, printable, bounded
};

/// One outcome per recipient, in order; a failure of the connection makes all that are not settled `deferred`.
/// The final reply to DATA settles those whose RCPT was accepted. What cannot be sent as it is (bare CR or LF, an address with
/// control characters, SMTPUTF8 needed and not offered) is `refused` with words of our own, starting "beadle:".
std::vector<RecipientReply> send_mail(const NextHopSettings& settings, const OutgoingMail& mail, const net::StopSwitch* stop);
/// To a next hop on a path that needs neither TLS nor AUTH.
std::vector<RecipientReply> send_mail(const net::Endpoint& next_hop, const std::string& helo_name, const OutgoingMail& mail,
                                      const net::StopSwitch* stop);

/// One mail on a connection that somebody else opens and quits. Until settled(): say next(), or the message where
/// wants_content(), and hand the reply to on_reply().
class MailTransaction {
 public:
  /// `mail` has to outlive this. What can be sent to nobody is settled now, so that no connection is opened for it.
  MailTransaction(std::string_view helo_name, const OutgoingMail& mail);
  /// The connection is open: what this server does not take is settled.
  void begin(const Extensions& offered);
  /// The next command, without line end.
  std::string next() const;
  bool wants_content() const { return stage_ == Stage::content; }
  void on_reply(const Reply& reply);
  /// The connection is lost or was refused: settles the rest as deferred with `why`, the server's words (a code in front) or
  /// ours.
  void lost(std::string_view why);
  /// Every recipient has its outcome; what is still said changes nothing.
  bool settled() const;
  const std::vector<RecipientReply>& outcomes() const { return outcomes_; }

 private:
  enum class Stage { mail, rcpt, data, content };
  std::string mail_command() const;
  std::string recipient_command() const;
  bool needs_utf8() const;
  void to_next_recipient();
  void settle(std::size_t index, RecipientReply::Outcome outcome, std::string_view reply);
  void settle_open(RecipientReply::Outcome outcome, std::string_view reply);

  const OutgoingMail& mail_;
  Extensions offered_;
  Stage stage_ = Stage::mail;
  std::vector<RecipientReply> outcomes_;
  std::vector<bool> settled_;
  std::size_t recipient_ = 0;  // that RCPT is about
};

}  // namespace beadle::smtp
