// TLS (OpenSSL 3) for Stream: contexts made from settings, handshakes with a deadline. TLS 1.2 and later.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace beadle::net {

/// Certificates, keys and whom to trust. Immutable, shared by threads.
class TlsContext {
 public:
  struct ServerFiles {
    std::string certificate;  // PEM: the certificate and its chain
    std::string key;          // PEM
    bool ask_client = false;  // for a certificate, which is not verified but told apart by its fingerprint
  };
  /// error: bad_settings with the file and what is wrong with it.
  static Result<std::shared_ptr<const TlsContext>> server(const ServerFiles& files);
  struct Trust {
    bool verify = true;        // else any certificate will do: encryption against those who only listen
    std::string authorities;   // PEM file; "": those of the system
    std::string certificate, key;  // our own, where the server wants one; "" none
  };
  static Result<std::shared_ptr<const TlsContext>> client(const Trust& trust);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  struct Handle;
  const Handle& handle() const { return *handle_; }
  bool verifies() const { return verifies_; }

 private:
  explicit TlsContext(std::unique_ptr<Handle> handle, bool verifies);
  std::unique_ptr<Handle> handle_;
  bool verifies_ = false;
};

}  // namespace beadle::net
// In net/stream.h, class Stream gains:
//   /// Handshake on this connection; from then on read_some and write_all are encrypted. error: try_later; the stream is of no use then.
//   Result<void> start_tls_server(const TlsContext& context, Deadline deadline, const StopSwitch* stop);
//   /// name: sent as SNI and, where the context verifies, demanded of the certificate (DNS name, or IP address literal).
//   Result<void> start_tls_client(const TlsContext& context, const std::string& name, Deadline deadline, const StopSwitch* stop);
//   bool is_tls() const;
//   std::string tls_description() const;        // "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384"; "" without
//   std::string peer_certificate_sha256() const; // 64 hexadecimal digits, "" where there is none
//   bool has_input() const;                     // something can be read at once (or the peer has closed)
