// Milter protocol, version 6: one connection of a mail server as a state machine without sockets.
// feed(bytes) gives replies and, at the end of a message, the Arrival; answer() turns intake's Answer into replies.
// Any number of messages a connection; abort, quit and quit-new-connection; unknown or broken packets end the connection,
// which the mail server treats as a failure (tempfail).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "intake/intake.h"

namespace beadle::milter {

class Session {
 public:
  struct Step {
    std::string replies;                         // bytes for the mail server
    std::optional<intake::Arrival> arrival;      // a whole message: hand it to intake, then call answer(); rest of the input is kept
    bool close = false;                          // end the connection (quit, or `problem`)
    std::string problem;                         // what was wrong with the peer, for the log
  };

  Session();
  /// Takes what was read; call again with "" after answer() to go on with what was left over.
  Step feed(std::string_view bytes);
  /// Replies for the message of the last Arrival: header edits, body, final reply.
  std::string answer(const intake::Answer& answer);
  /// Bytes of message and buffers held, for the bound over all connections.
  std::size_t bytes_held() const;
  /// Between messages: may be closed without loss.
  bool idle() const;
  /// A final reply that asks the mail server to try the current message again later.
  std::string try_later(std::string_view reply);

 private:
  // …filled by the implementation
};

}  // namespace beadle::milter
