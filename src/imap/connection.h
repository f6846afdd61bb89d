// A connection to a mailbox, encrypted and logged in: libcurl connects, checks the certificate, speaks STARTTLS and SASL, and then only carries bytes
// (CURLOPT_CONNECT_ONLY). Never without TLS but on loopback, never past an invalid certificate; neither is a setting.
// Failures: bad_settings (address, password file, authorities), refused (login refused), try_later (away, certificate, time, stop).
#pragma once

#include <memory>
#include <string>

#include "imap/transport.h"

namespace beadle::imap {

struct Login {
  std::string url;          // "imaps://imap.example" or "imap://imap.example:143", which must offer STARTTLS, unless it is this machine
  std::string user;         // who logs in
  std::string password;     // or a token, for the last two
  std::string mailbox;      // whose mailbox, where `user` is a master user who may see it (SASL authzid); "": the user's own
  enum class By { password, xoauth2, oauthbearer } by = By::password;
  std::string authorities;  // PEM file; "": those of the system
  bool operator==(const Login&) const = default;
};

/// "" for what is a URL that Login takes.
std::string url_mistake(const std::string& url);
/// "imap.example": without scheme and port.
std::string host_of(const std::string& url);
/// Whether what is said to it stays on this machine: "localhost", 127.0.0.0/8, [::1].
bool is_on_loopback(const std::string& url);

class Connection : public Transport {
 public:
  static Result<std::unique_ptr<Connection>> open(const Login& login, net::Deadline deadline, const net::StopSwitch* stop);
  ~Connection() override;

  Result<void> send(std::string_view bytes, net::Deadline deadline) override;
  Result<std::size_t> receive(char* buffer, std::size_t size, net::Deadline deadline) override;

 private:
  explicit Connection(const net::StopSwitch* stop);
  Result<void> log_in(const Login& login, net::Deadline deadline);
  Result<void> wait(short events, net::Deadline deadline) const;

  void* handle_;  // CURL, which is void
  const net::StopSwitch* stop_;
};

}  // namespace beadle::imap
