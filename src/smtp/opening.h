// How a connection to the next hop is opened: greeting, EHLO (HELO where that is not known), STARTTLS and EHLO again, AUTH.
// Replies in, commands out; bytes, sockets and handshakes are left to next_hop.h. In doubt the connection is of no use: nothing
// is sent in the clear because TLS failed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/stream.h"
#include "net/tls.h"
#include "smtp/extensions.h"

namespace beadle::smtp {

struct NextHopSettings {
  net::Endpoint endpoint;
  std::string helo_name;
  enum class Tls { never, if_offered, required } tls = Tls::if_offered;
  std::shared_ptr<const net::TlsContext> tls_context;  // verifies, where the settings say so; nullptr: TLS is not used
  std::string tls_name;                                // that the certificate must have; "" the endpoint's host
  std::string user, password;                          // "": no AUTH. Sent over TLS or loopback/unix only (RFC 4954 §4)
  std::int64_t connect_timeout_ms = 0, command_timeout_ms = 0, data_timeout_ms = 0;  // 0: as in base/limits.h
};

class Opening {
 public:
  /// on_loopback: AUTH may be sent without TLS.
  Opening(const NextHopSettings& settings, bool on_loopback) : settings_(settings), on_loopback_(on_loopback) {}

  struct Next {
    std::string command{};   // to say, without line end; with `failed`: the goodbye
    bool start_tls = false;  // shake hands now, then call tls_started()
    bool ready = false;
    std::string failed{};  // why it comes to nothing: the server's words with its code in front ("554 …"), or ours
  };
  Next on_reply(const Reply& reply);
  Next tls_started();
  /// Why it came to nothing, as the server puts it; without words that repeat what we sent for AUTH.
  std::string words_of(const Reply& refusal) const;
  /// Forgotten with STARTTLS, then those of the second EHLO (RFC 3207 §4.2).
  const Extensions& extensions() const { return extensions_; }
  bool tls() const { return tls_; }
  /// What is on the wire is secret: what the server says may repeat it, and is not to be quoted.
  bool authenticating() const { return state_ == State::auth; }

 private:
  enum class State { greeting, ehlo, helo, starttls, handshake, auth, open };
  Next say_ehlo();
  Next on_hello(const Reply& reply);
  Next on_starttls(const Reply& reply);
  Next authenticate();
  Next on_auth(const Reply& reply);
  Next open();
  Next refused(std::string_view doing, const Reply& reply) const;

  NextHopSettings settings_;
  bool on_loopback_;
  State state_ = State::greeting;
  Extensions extensions_;
  bool tls_ = false;
  std::vector<std::string> responses_;  // to the challenges of AUTH (RFC 4954 §4), the last one first
};

}  // namespace beadle::smtp
