// Our side of a connection to the next hop: greeting, EHLO, STARTTLS, AUTH, then one command after the other, each with its reply. `NextHopMachine` has no
// socket; `NextHop` drives it over net::Stream, blocking.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/stream.h"
#include "net/tls.h"
#include "smtp/client.h"
#include "smtp/extensions.h"

namespace beadle::smtp {

struct NextHopSettings {
  net::Endpoint endpoint;
  std::string helo_name;
  enum class Tls { never, if_offered, required } tls = Tls::if_offered;
  std::shared_ptr<const net::TlsContext> tls_context;  // verifies, where the settings say so; nullptr: TLS is not used
  std::string tls_name;                                // that the certificate must have; "" the endpoint's host
  std::string user, password;                          // "": no AUTH. Sent over TLS or loopback/unix only (RFC 4954 §4)
  std::int64_t connect_timeout_ms = 0, command_timeout_ms = 0, data_timeout_ms = 0;
};

class NextHopMachine {
 public:
  /// on_loopback: AUTH may be sent without TLS.
  NextHopMachine(const NextHopSettings& settings, bool on_loopback);

  struct Step {
    std::string commands;           // to write
    bool start_tls = false;         // shake hands now, then call tls_started(); input behind the 220 was refused
    std::optional<Reply> reply;     // to the last command() or content(): in order, one each
    bool ready = false;             // for commands: extensions() are known
    std::string failed;             // the connection is of no use any more: why. Opening: the reply that refused us is in `reply`
  };
  Step feed(std::string_view bytes);
  Step tls_started();
  /// One command, without line end. Only when ready and nothing is awaited. error by CHECK: line ends within it.
  std::string command(std::string_view line);
  /// The message after DATA's 354: stuffed, ended.
  std::string content(std::string_view bytes);
  const Extensions& extensions() const;
  bool tls() const;
  bool awaits_reply() const;
};

/// A connection, opened and ready. Not for several threads at once.
class NextHop {
 public:
  /// error: try_later with the reason, for logs; `refusal` in it where the server said no ("554 …").
  static Result<NextHop> open(const NextHopSettings& settings, const net::StopSwitch* stop);
  NextHop(NextHop&&) noexcept;
  NextHop& operator=(NextHop&&) noexcept;
  ~NextHop();

  const Extensions& extensions() const;
  /// error: the connection is lost or out of order; nothing more can be said on it.
  Result<Reply> command(std::string_view line);
  /// After a 354 to DATA. error: nobody knows whether the message was taken.
  Result<Reply> content(std::string_view bytes);
  /// Still open, and the server has said nothing unasked (a 421, say).
  bool usable() const;
  /// QUIT without waiting for long.
  void quit();
  bool tls() const;

 private:
  struct Impl;
  explicit NextHop(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// One message over a connection that is opened for it: what releases use. As the other send_mail (client.h), with TLS and AUTH.
std::vector<RecipientReply> send_mail(const NextHopSettings& settings, const OutgoingMail& mail, const net::StopSwitch* stop);

}  // namespace beadle::smtp
