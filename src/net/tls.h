// TLS (OpenSSL 3) for Stream: contexts made from settings, handshakes with a deadline. TLS 1.2 and later, without renegotiation
// and compression.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace beadle::net {

/// Certificates, keys and whom to trust. Immutable, shared by threads; a Stream does not need it any more once it has shaken
/// hands.
class TlsContext {
 public:
  struct ServerFiles {
    std::string certificate;  // PEM: the certificate and its chain
    std::string key;          // PEM, without a password
    bool ask_client = false;  // for a certificate, which is not verified but told apart by its fingerprint
  };
  /// error: bad_settings with the file and what is wrong with it.
  static Result<std::shared_ptr<const TlsContext>> server(const ServerFiles& files);
  struct Trust {
    bool verify = true;                // else any certificate will do: encryption against those who only listen
    std::string authorities{};         // PEM file, all of whose certificates are trusted, roots or not; "": those of the system
    std::string certificate{}, key{};  // our own, where the server wants one; "" none
  };
  /// error: as for server().
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
