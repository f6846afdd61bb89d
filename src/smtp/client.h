// SMTP client (RFC 5321): sends one message to the next hop. The conversation is a machine without sockets,
// `feed(bytes) → commands`; `send_mail` drives it over net::Stream.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/stream.h"

namespace beadle::smtp {

struct OutgoingMail {
  std::string sender;  // "" for the null sender
  std::vector<std::string> recipients;
  std::string bytes;  // CRLF line ends; dots are stuffed here
  bool smtputf8 = false;
  bool eight_bit = false;  // announces BODY=8BITMIME where the server offers it
};

struct RecipientReply {
  enum class Outcome { delivered, deferred, refused };
  std::string address;
  Outcome outcome = Outcome::deferred;
  std::string reply;  // "250 2.0.0 Ok: queued as …", the server's words, printable, bounded
};

/// One outcome per recipient, in order; a failure of the connection makes all that are not settled `deferred`.
/// The final reply to DATA settles those whose RCPT was accepted. What cannot be sent as it is (bare CR or LF, an address with control
/// characters, SMTPUTF8 needed and not offered) is `refused` with words of our own, starting "beadle:".
std::vector<RecipientReply> send_mail(const net::Endpoint& next_hop, const std::string& helo_name, const OutgoingMail& mail,
                                      const net::StopSwitch* stop);

/// The machine, for tests: bytes of the server in, commands out.
class ClientMachine {
 public:
  ClientMachine(std::string helo_name, OutgoingMail mail);
  /// What to write now, given what the server said ("" at the start: the greeting is awaited).
  std::string feed(std::string_view bytes);
  /// The conversation is over (after QUIT's reply, or because it makes no sense any more).
  bool finished() const { return finished_; }
  /// The stream ended or timed out: settles the rest as deferred with `why`.
  void connection_lost(std::string_view why);
  const std::vector<RecipientReply>& outcomes() const { return outcomes_; }
  /// Every recipient has its outcome; what is still said changes nothing.
  bool settled() const;
  /// The whole message has been handed over and its fate is not known yet: to break off now may deliver it twice.
  bool awaits_verdict() const { return state_ == State::body && !finished_; }

 private:
  enum class State { greeting, ehlo, helo, mail, rcpt, data, body, quit };
  std::string on_line(std::string_view line);
  std::string on_reply(int code, std::string_view text);
  std::string on_greeted();
  std::string on_data_reply(int code, std::string_view text);
  std::string on_recipient_reply(int code, std::string_view text);
  std::string mail_command() const;
  void refuse_what_is_not_offered();
  std::string broken(std::string_view what);
  void settle(std::size_t index, RecipientReply::Outcome outcome, std::string_view reply);
  std::string next_recipient();
  std::string quit();
  std::string end_with(RecipientReply::Outcome outcome, std::string_view reply);
  bool offers(std::string_view keyword) const;
  bool needs_utf8() const;
  void settle_open(RecipientReply::Outcome outcome, std::string_view reply);

  std::string helo_name_;
  OutgoingMail mail_;
  State state_ = State::greeting;
  std::string buffer_;
  std::string reply_text_;  // of a reply of several lines, so far
  std::string reply_code_;
  std::size_t reply_lines_ = 0;
  std::vector<std::string> offers_;
  std::vector<RecipientReply> outcomes_;
  std::vector<bool> settled_;
  std::size_t recipient_ = 0;
  bool finished_ = false;
};

}  // namespace beadle::smtp
