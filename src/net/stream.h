// Sockets: blocking calls with an absolute deadline and a stop switch, over non-blocking descriptors. Bytes in, bytes out.
// A slow peer cannot extend a deadline byte by byte. TCP_NODELAY is set; errors are Result, never signals.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace beadle::net {

using Deadline = std::chrono::steady_clock::time_point;
inline Deadline after_ms(std::int64_t ms) { return std::chrono::steady_clock::now() + std::chrono::milliseconds(ms); }

/// Wakes everything that waits in poll, from any thread or signal handler, for good.
class StopSwitch {
 public:
  StopSwitch();
  ~StopSwitch();
  StopSwitch(const StopSwitch&) = delete;
  StopSwitch& operator=(const StopSwitch&) = delete;
  void stop() noexcept;  // async-signal-safe
  bool stopped() const;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;  // eventfd
  std::atomic<bool> stopped_{false};
};

/// Waits until `stop` is thrown or the time is up; true when it was thrown.
bool wait_for_stop(const StopSwitch& stop, Deadline deadline);

/// `unix:/path`, `local:/path`, `inet:host:port`, `inet:port@host`, `inet6:…`; nullopt with a message where it is none of these.
struct Endpoint {
  enum class Kind { unix_socket, inet } kind = Kind::inet;
  std::string path;  // unix
  std::string host;  // inet; literal or name
  std::uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
};
std::optional<Endpoint> parse_endpoint(std::string_view text, std::string& message);
std::string to_string(const Endpoint& endpoint);

class TlsContext;
class TlsSession;

/// A connection. For one thread at a time: with TLS, reading writes and writing reads.
class Stream {
 public:
  Stream();
  explicit Stream(int descriptor);  // takes ownership, makes it non-blocking
  Stream(Stream&& other) noexcept;
  Stream& operator=(Stream&& other) noexcept;
  ~Stream();

  static Result<Stream> connect(const Endpoint& endpoint, Deadline deadline, const StopSwitch* stop);

  /// Bytes read, at least one; 0 = the peer has closed. error: try_later on time-out, stop or a broken connection.
  Result<std::size_t> read_some(char* buffer, std::size_t size, Deadline deadline, const StopSwitch* stop);
  Result<void> write_all(std::string_view bytes, Deadline deadline, const StopSwitch* stop);

  /// Shakes hands; from then on read_some and write_all are encrypted. error: try_later with the reason; nothing can be read or
  /// written then.
  Result<void> start_tls_server(const TlsContext& context, Deadline deadline, const StopSwitch* stop);
  /// `name` is sent as SNI and, where the context verifies, demanded of the certificate: DNS name or IP address. error:
  /// bad_settings where the context verifies and it is neither; else as above.
  Result<void> start_tls_client(const TlsContext& context, const std::string& name, Deadline deadline, const StopSwitch* stop);
  /// Hands were shaken.
  bool is_tls() const;
  /// "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384"; "" without.
  std::string tls_description() const;
  /// 64 hexadecimal digits; "" where there is none.
  std::string peer_certificate_sha256() const;

  /// Something can be read at once, or the peer has closed.
  bool has_input() const;
  /// The peer has closed, and nothing that it said before waits to be read.
  bool peer_has_left() const;
  /// "127.0.0.1:54321", "unix".
  std::string peer() const;
  /// Without port, and as IPv4 where it is mapped to IPv6: "127.0.0.1", "2001:db8::1", "unix"; "unknown" when it has gone.
  std::string peer_host() const;
  /// On this machine: over a unix socket or a loopback address.
  bool peer_is_here() const;
  bool is_open() const { return descriptor_ >= 0; }
  /// Without waiting; with TLS the peer is told, if it can be.
  void close();
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
  bool tcp_ = false;
  std::unique_ptr<TlsSession> tls_;  // from the beginning of its handshake
};

class Listener {
 public:
  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&& other) noexcept;
  ~Listener();

  struct UnixRights {
    int mode = 0660;
    std::string group;  // "" = as it comes
  };
  /// A stale unix socket file is replaced, a live one is an error. Port 0 picks a free one (see endpoint()).
  static Result<Listener> listen(const Endpoint& endpoint, const UnixRights& rights);
  /// Takes over a socket handed in by systemd (LISTEN_FDS).
  static Result<Listener> adopt(int descriptor);
  /// Descriptors of systemd socket activation with their names; empty where there are none. Unsets the variables.
  static std::vector<std::pair<std::string, int>> from_systemd();

  /// nullopt when `stop` was thrown.
  Result<std::optional<Stream>> accept(const StopSwitch& stop);
  const Endpoint& endpoint() const { return endpoint_; }

 private:
  Listener() = default;
  void close();

  int descriptor_ = -1;
  Endpoint endpoint_;
  bool unlink_ = false;
  std::uint64_t inode_ = 0;  // of our socket file: what somebody else has put in its place is not ours to remove
};

/// sd_notify(3): "READY=1", "RELOADING=1", "STOPPING=1", "STATUS=…"; nothing happens without NOTIFY_SOCKET.
void notify_systemd(std::string_view state);

}  // namespace beadle::net
