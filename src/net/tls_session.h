// TLS on one connection: what a Stream has once it began to shake hands. And what a TlsContext holds. For the files of this
// folder only.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "net/stream.h"
#include "net/tls.h"

namespace beadle::net {

struct TlsContext::Handle {
  struct Free {
    void operator()(SSL_CTX* freed) const { SSL_CTX_free(freed); }
  };
  std::unique_ptr<SSL_CTX, Free> context;
  enum class Side { server, client } side = Side::server;
};

/// Why the last call of OpenSSL in this thread failed, in words; empties its list of errors.
std::string tls_reason();

class TlsSession {
 public:
  /// `descriptor` stays the Stream's.
  TlsSession(const TlsContext& context, int descriptor, bool tcp);
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  Result<void> accept(Deadline deadline, const StopSwitch* stop);
  Result<void> connect(const std::string& name, Deadline deadline, const StopSwitch* stop);
  Result<std::size_t> read_some(char* buffer, std::size_t size, Deadline deadline, const StopSwitch* stop);
  Result<void> write_all(std::string_view bytes, Deadline deadline, const StopSwitch* stop);
  bool has_input();
  /// Tells the peer that nothing more will come, if that can be said without waiting.
  void say_goodbye();
  /// The handshake has succeeded.
  bool established() const { return established_; }
  std::string description() const;
  std::string peer_certificate_sha256() const;

 private:
  struct Free {
    void operator()(SSL* freed) const { SSL_free(freed); }
  };
  struct Transport;

  Result<void> demand_name(const std::string& name);
  Result<void> shake_hands(Deadline deadline, const StopSwitch* stop);
  template <class Act>
  Result<bool> carry_out(std::string_view doing, Act act, Deadline deadline, const StopSwitch* stop);
  Error failure(std::string_view doing);

  int descriptor_;
  bool tcp_;
  bool verifies_;
  bool established_ = false;
  bool broken_ = false;      // nothing more can be said or heard; OpenSSL forbids further calls
  int transport_error_ = 0;  // errno of the socket's last failure: OpenSSL may have changed errno since
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace beadle::net
