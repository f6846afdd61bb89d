#include "net/stream.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "net/address.h"

namespace beadle::net {
namespace {

void set_option(int descriptor, int level, int name) {
  const int one = 1;
  ::setsockopt(descriptor, level, name, &one, sizeof one);  // a socket without it still works
}

Error timed_out() { return {ErrorKind::try_later, "timed out"}; }

/// Until `descriptor` is ready for `events`; an error on time-out and when `stop` was thrown.
Result<void> wait_ready(int descriptor, short events, Deadline deadline, const StopSwitch* stop) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return timed_out();
    pollfd waited[2] = {{descriptor, events, 0}, {stop != nullptr ? stop->descriptor() : -1, POLLIN, 0}};
    const int ready = ::poll(waited, 2, static_cast<int>(std::min<std::int64_t>(left, INT_MAX)));
    if (ready < 0 && errno != EINTR) return system_error("waiting for a socket");
    if (ready <= 0) continue;
    if (waited[1].revents != 0) return Error{ErrorKind::try_later, "stopping"};
    if (waited[0].revents != 0) return {};  // also on POLLERR and POLLHUP: the call that follows says why
  }
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

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
  set_option(descriptor_, IPPROTO_TCP, TCP_QUICKACK);
  // A peer that vanished without a word must not keep its place for hours.
  set_option(descriptor_, SOL_SOCKET, SO_KEEPALIVE);
}

Stream::Stream(Stream&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), tcp_(other.tcp_) {}

Stream& Stream::operator=(Stream&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    tcp_ = other.tcp_;
  }
  return *this;
}

Stream::~Stream() { close(); }

void Stream::close() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

Result<Stream> Stream::connect(const Endpoint& endpoint, Deadline deadline, const StopSwitch* stop) {
  const auto addresses = TRY(resolve(endpoint, Use::connect));
  Error last{ErrorKind::try_later, "no address"};
  for (const SocketAddress& address : addresses) {
    auto stream = connect_one(address, deadline, stop);
    if (stream) return stream;
    last = stream.error();
  }
  return in_context(to_string(endpoint), last);
}

Result<std::size_t> Stream::read_some(char* buffer, std::size_t size, Deadline deadline, const StopSwitch* stop) {
  CHECK(size > 0);
  // Asked first, so that a peer who always has another byte cannot read past the deadline.
  if (std::chrono::steady_clock::now() >= deadline) return timed_out();
  while (true) {
    const ssize_t got = ::recv(descriptor_, buffer, size, 0);
    if (got >= 0) {
      // The kernel falls back to delayed acknowledgements, and a peer with Nagle's algorithm then waits 40 ms for each small
      // packet.
      if (tcp_) set_option(descriptor_, IPPROTO_TCP, TCP_QUICKACK);
      return static_cast<std::size_t>(got);
    }
    if (errno == EINTR) continue;
    if (!would_block()) return system_error("reading");
    TRY(wait_ready(descriptor_, POLLIN, deadline, stop));
  }
}

Result<void> Stream::write_all(std::string_view bytes, Deadline deadline, const StopSwitch* stop) {
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

std::string Stream::peer() const {
  SocketAddress address;
  address.size = sizeof address.storage;
  if (::getpeername(descriptor_, reinterpret_cast<sockaddr*>(&address.storage), &address.size) != 0) return "unknown";
  const Endpoint endpoint = to_endpoint(address);
  if (endpoint.kind == Endpoint::Kind::unix_socket) return "unix";
  const bool brackets = endpoint.host.find(':') != std::string::npos;
  return (brackets ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

}  // namespace beadle::net
