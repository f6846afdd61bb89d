#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "net/address.h"
#include "net/socket.h"

namespace beadle::net {
namespace {

// Postfix opens one connection for each of its smtpd; what is over our own bound waits here.
constexpr int backlog = 512;

bool is_connectable(const SocketAddress& address) {
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return true;  // cannot know: leave it alone
  // Only a refusal says that nobody listens; a full backlog (EAGAIN) does not.
  const bool refused = ::connect(descriptor, address.get(), address.size) != 0 && (errno == ECONNREFUSED || errno == ENOENT);
  ::close(descriptor);
  return !refused;
}

Result<void> make_room(const std::string& path, const SocketAddress& address) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return {};
  if (!S_ISSOCK(found.st_mode)) return Error{ErrorKind::bad_settings, path + " exists and is no socket"};
  if (is_connectable(address)) return Error{ErrorKind::bad_settings, path + " is in use by another process"};
  if (::unlink(path.c_str()) != 0) return system_error("removing the stale socket " + path);
  return {};
}

Result<gid_t> group_id(const std::string& name) {
  group entry{};
  group* found = nullptr;
  std::string buffer(64 << 10, '\0');
  if (::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) {
    return Error{ErrorKind::bad_settings, "no such group: " + name};
  }
  return found->gr_gid;
}

Result<void> set_rights(const std::string& path, const Listener::UnixRights& rights) {
  if (!rights.group.empty()) {
    const gid_t group = TRY(group_id(rights.group));
    if (::lchown(path.c_str(), static_cast<uid_t>(-1), group) != 0)
      return system_error("giving " + path + " to group " + rights.group);
  }
  if (::chmod(path.c_str(), static_cast<mode_t>(rights.mode)) != 0) return system_error("setting the mode of " + path);
  return {};
}

SocketAddress own_address(int descriptor) {
  SocketAddress address;
  address.size = sizeof address.storage;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address.storage), &address.size) != 0) address.size = 0;
  return address;
}

/// These leave the listening socket as it was (accept(2): errors of the new connection, already waiting on the socket).
bool is_of_one_connection(int error) {
  return error == ECONNABORTED || error == EINTR || error == EPROTO || error == ENETDOWN || error == ENOPROTOOPT ||
         error == EHOSTDOWN || error == ENONET || error == EHOSTUNREACH || error == EOPNOTSUPP || error == ENETUNREACH ||
         error == ETIMEDOUT;
}

}  // namespace

Listener::Listener(Listener&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      endpoint_(std::move(other.endpoint_)),
      unlink_(std::exchange(other.unlink_, false)),
      inode_(other.inode_) {}

Listener& Listener::operator=(Listener&& other) noexcept {
  if (this != &other) {
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    endpoint_ = std::move(other.endpoint_);
    unlink_ = std::exchange(other.unlink_, false);
    inode_ = other.inode_;
  }
  return *this;
}

Listener::~Listener() { close(); }

void Listener::close() {
  if (descriptor_ < 0) return;
  struct stat found {};
  if (unlink_ && ::lstat(endpoint_.path.c_str(), &found) == 0 && found.st_ino == inode_) ::unlink(endpoint_.path.c_str());
  ::close(std::exchange(descriptor_, -1));
}

Result<Listener> Listener::listen(const Endpoint& endpoint, const UnixRights& rights) {
  const auto addresses = TRY(resolve(endpoint, Use::listen));
  const std::string where = to_string(endpoint);
  if (addresses.empty()) return Error{ErrorKind::bad_settings, where + ": no address"};
  const SocketAddress& address = addresses.front();
  const bool is_unix = endpoint.kind == Endpoint::Kind::unix_socket;
  if (is_unix) TRY(make_room(endpoint.path, address));

  Listener listener;
  listener.endpoint_ = endpoint;
  listener.descriptor_ = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener.descriptor_ < 0) return system_error(where);
  if (!is_unix) set_option(listener.descriptor_, SOL_SOCKET, SO_REUSEADDR);
  if (address.family() == AF_INET6) set_option(listener.descriptor_, IPPROTO_IPV6, IPV6_V6ONLY);
  if (::bind(listener.descriptor_, address.get(), address.size) != 0) return system_error("listening on " + where);
  if (is_unix) {
    struct stat made {};
    if (::lstat(endpoint.path.c_str(), &made) != 0) return system_error(where);
    listener.unlink_ = true;
    listener.inode_ = made.st_ino;
    // Before listen(): until then nobody can connect, whatever the mode with which bind() made the file.
    TRY(set_rights(endpoint.path, rights));
  }
  if (::listen(listener.descriptor_, backlog) != 0) return system_error("listening on " + where);
  if (!is_unix) listener.endpoint_.port = to_endpoint(own_address(listener.descriptor_)).port;
  return listener;
}

Result<Listener> Listener::adopt(int descriptor) {
  int listening = 0;
  socklen_t size = sizeof listening;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0) {
    return Error{ErrorKind::bad_settings, "descriptor " + std::to_string(descriptor) + " is no listening stream socket"};
  }
  Listener listener;
  listener.descriptor_ = descriptor;
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  listener.endpoint_ = to_endpoint(own_address(descriptor));
  return listener;
}

Result<std::optional<Stream>> Listener::accept(const StopSwitch& stop) {
  while (!stop.stopped()) {
    const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) return std::optional<Stream>(Stream(descriptor));
    if (is_of_one_connection(errno)) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return system_error("accepting on " + to_string(endpoint_));
    pollfd waited[2] = {{descriptor_, POLLIN, 0}, {stop.descriptor(), POLLIN, 0}};
    if (::poll(waited, 2, -1) < 0 && errno != EINTR) return system_error("waiting on " + to_string(endpoint_));
  }
  return std::optional<Stream>();
}

}  // namespace beadle::net
