// One SMTP client's connection as a state machine without sockets (RFC 5321): feed(bytes) gives replies, and events that somebody else has to
// answer, because recipients and messages are answered with the next hop's own words. Nothing is decided here but the protocol.
//
// Safe against smuggling (CVE-2023-51764 and its kin): only CR LF . CR LF ends the data; a bare CR, a bare LF or a NUL in it makes the whole message
// refused at that end, and the connection closed. A command line ends in CR LF alone; anything else is a syntax error and closes the connection.
// What comes before the greeting, or behind a command that must stand last in its group (RFC 2920 §3.1: EHLO, HELO, DATA, STARTTLS, QUIT), was not
// asked for: refused, connection closed. After STARTTLS the input is forgotten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "smtp/command.h"
#include "smtp/extensions.h"

namespace beadle::smtp {

struct ServerSettings {
  std::string host_name;      // greeting, EHLO
  Extensions offers;          // what the next hop offers, less what we do not; starttls: we have a certificate; xforward: this client may
  bool tls_required = false;  // MAIL before STARTTLS: 530 5.7.0
  bool tls_active = false;    // the connection began with TLS
  std::size_t recipients_most = 0, commands_most = 0, errors_most = 0;  // beyond: 452 4.5.3 / 421 4.7.0, connection closed
  std::uint64_t message_bytes_max = 0;                                   // beyond: 552 5.3.4 at the end of data
};

class ServerMachine {
 public:
  explicit ServerMachine(ServerSettings settings);

  struct Event {
    enum class Kind {
      hello,      // EHLO or HELO was accepted and answered; `text` its name. Nothing to answer.
      start_tls,  // "220" is among the replies: write them, shake hands, then call tls_started()
      xforward,   // attributes; nothing to answer
      mail,       // answer() with the next hop's reply
      recipient,  // answer()
      data,       // at least one recipient was accepted: answer() with 354 to take the message, or a refusal
      message,    // the end of data: answer() with the final reply. Its bytes came as Step::content, piece by piece
      reset,      // RSET, EHLO within a transaction, or a transaction that ended otherwise: forget it. Nothing to answer.
      quit,       // 221 is among the replies; close
    };
    Kind kind = Kind::hello;
    std::string text;
    PathCommand path;
    std::vector<std::pair<std::string, std::string>> attributes;
  };
  struct Step {
    std::string replies;         // to write now, before the event is looked at
    std::string content;         // bytes of the message, dots unstuffed, CRLF line ends
    std::optional<Event> event;  // input behind it is kept: call feed("") to go on (after answer() where it needs one)
    bool close = false;          // after the replies
    std::string problem;         // what was wrong with the client, for the log
  };

  /// The greeting ("220 …"), or a refusal, after which everything but QUIT is answered with 503 (RFC 5321 §3.1).
  std::string greet(const Reply& refusal = {});
  Step feed(std::string_view bytes);
  /// The answer to the event of the last step; gives the bytes to write.
  std::string answer(const Reply& reply);
  void tls_started();
  /// Between commands, nothing half read, no transaction open: may be closed without loss.
  bool idle() const;
  bool within_data() const;
  /// Commands taken so far; and whether the input ends within a line.
  std::uint64_t commands() const;
  bool within_line() const;
  /// The reply to say when we have to hang up: "421 4.3.2 …", framed so that it cannot be taken for the answer to data.
  std::string goodbye(std::string_view words);
  const std::string& helo_name() const;
  bool extended() const;  // EHLO
  bool tls() const;

 private:
  // up to the implementation
};

}  // namespace beadle::smtp
