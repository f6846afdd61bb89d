#include "net/stream.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "net/address.h"
#include "net/socket.h"
#include "net/tls_session.h"

namespace beadle::net {
namespace {

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

std::optional<Endpoint> peer_endpoint(int descriptor) {
  SocketAddress address;
  address.size = sizeof address.storage;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address.storage), &address.size) != 0) return std::nullopt;
  return to_endpoint(address);
}

Result<Stream> connect_one(const SocketAddress& address, Deadline deadline, const StopSwitch* stop) {
  const int descriptor = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return system_error("opening a socket");
  Stream stream(descriptor);
  if (::connect(descriptor, address.get(), address.size) == 0) return stream;
  if (errno != EINPROGRESS && errno != EINTR) return system_error("connecting");
  TRY(wait_ready(descriptor, POLLOUT, deadline, stop));
  int failed = 0;
  socklen_t size = sizeof failed;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failed, &size) != 0) failed = errno;
  errno = failed;
  if (failed != 0) return system_error("connecting");
  return stream;
}

}  // namespace

Stream::Stream(int descriptor) : descriptor_(descriptor) {
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
  int domain = 0;
  socklen_t size = sizeof domain;
  tcp_ = ::getsockopt(descriptor_, SOL_SOCKET, SO_DOMAIN, &domain, &size) == 0 && (domain == AF_INET || domain == AF_INET6);
  if (!tcp_) return;
  set_option(descriptor_, IPPROTO_TCP, TCP_NODELAY);
  // A peer that vanished without a word must not keep its place for hours.
  set_option(descriptor_, SOL_SOCKET, SO_KEEPALIVE);
}

Stream::Stream() = default;

Stream::Stream(Stream&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), tcp_(other.tcp_), tls_(std::move(other.tls_)) {}

Stream& Stream::operator=(Stream&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    tcp_ = other.tcp_;
    tls_ = std::move(other.tls_);
  }
  return *this;
}

Stream::~Stream() { close(); }

void Stream::close() {
  if (tls_) tls_->say_goodbye();
  tls_.reset();
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

Result<Stream> Stream::connect(const Endpoint& endpoint, Deadline deadline, const StopSwitch* stop) {
  const auto addresses = TRY(resolve(endpoint, Use::connect));
  Error last{ErrorKind::try_later, "no address"};
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    // A share of the time each: one that drops packets must not use up what the others need.
    const auto now = std::chrono::steady_clock::now();
    auto stream = connect_one(addresses[i], now + (deadline - now) / static_cast<std::int64_t>(addresses.size() - i), stop);
    if (stream) return stream;
    last = stream.error();
  }
  return in_context(to_string(endpoint), last);
}

Result<std::size_t> Stream::read_some(char* buffer, std::size_t size, Deadline deadline, const StopSwitch* stop) {
  CHECK(size > 0);
  // Asked first, so that a peer who always has another byte cannot read past the deadline.
  if (std::chrono::steady_clock::now() >= deadline) return timed_out();
  if (tls_) return tls_->read_some(buffer, size, deadline, stop);
  while (true) {
    const ssize_t got = ::recv(descriptor_, buffer, size, 0);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EINTR) continue;
    if (!would_block()) return system_error("reading");
    if (tcp_) acknowledge(descriptor_);
    TRY(wait_ready(descriptor_, POLLIN, deadline, stop));
  }
}

Result<void> Stream::write_all(std::string_view bytes, Deadline deadline, const StopSwitch* stop) {
  if (tls_) return tls_->write_all(bytes, deadline, stop);
  while (!bytes.empty()) {
    if (std::chrono::steady_clock::now() >= deadline) return timed_out();
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (!would_block()) return system_error("writing");
    TRY(wait_ready(descriptor_, POLLOUT, deadline, stop));
  }
  return {};
}

Result<void> Stream::start_tls_server(const TlsContext& context, Deadline deadline, const StopSwitch* stop) {
  CHECK(is_open() && !tls_ && context.handle().side == TlsContext::Handle::Side::server);
  tls_ = std::make_unique<TlsSession>(context, descriptor_, tcp_);
  return tls_->accept(deadline, stop);
}

Result<void> Stream::start_tls_client(const TlsContext& context, const std::string& name, Deadline deadline,
                                      const StopSwitch* stop) {
  CHECK(is_open() && !tls_ && context.handle().side == TlsContext::Handle::Side::client);
  tls_ = std::make_unique<TlsSession>(context, descriptor_, tcp_);
  return tls_->connect(name, deadline, stop);
}

bool Stream::is_tls() const { return tls_ && tls_->established(); }

std::string Stream::tls_description() const { return tls_ ? tls_->description() : ""; }

std::string Stream::peer_certificate_sha256() const { return tls_ ? tls_->peer_certificate_sha256() : ""; }

bool Stream::has_input() const { return tls_ ? tls_->has_input() : is_readable(descriptor_); }

bool Stream::peer_has_left() const {
  char byte = 0;
  const ssize_t got = ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got > 0) return tls_ && has_hung_up(descriptor_);  // what waits there may be TLS's own goodbye
  return got == 0 || (errno != EINTR && !would_block());
}

std::string Stream::peer() const {
  const auto endpoint = peer_endpoint(descriptor_);
  if (!endpoint) return "unknown";
  if (endpoint->kind == Endpoint::Kind::unix_socket) return "unix";
  const bool brackets = endpoint->host.find(':') != std::string::npos;
  return (brackets ? "[" + endpoint->host + "]" : endpoint->host) + ":" + std::to_string(endpoint->port);
}

std::string Stream::peer_host() const {
  const auto endpoint = peer_endpoint(descriptor_);
  if (!endpoint) return "unknown";
  if (endpoint->kind == Endpoint::Kind::unix_socket) return "unix";
  constexpr std::string_view mapped = "::ffff:";  // RFC 5952 §5: and then the IPv4 address as it is
  const bool is_mapped = endpoint->host.starts_with(mapped) && endpoint->host.find('.') != std::string::npos;
  return is_mapped ? endpoint->host.substr(mapped.size()) : endpoint->host;
}

bool Stream::peer_is_here() const {
  // An address, never a name: nobody can be called "127.0.0.1.example".
  const std::string host = peer_host();
  return host == "unix" || host == "::1" || host.starts_with("127.");
}

}  // namespace beadle::net
