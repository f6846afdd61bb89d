// Socket activation (sd_listen_fds(3)) and readiness (sd_notify(3)): two small conventions that need no library.
#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "base/text.h"
#include "net/address.h"

namespace beadle::net {
namespace {

constexpr int first_descriptor = 3;
constexpr int descriptors_max = 64;  // a mail server and a few desks; a larger number is a mistake of the environment

int number(const char* text) {
  if (text == nullptr) return 0;
  const std::string_view digits(text);
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() ? value : 0;
}

}  // namespace

std::vector<std::pair<std::string, int>> Listener::from_systemd() {
  const bool ours = number(::getenv("LISTEN_PID")) == ::getpid();
  const int count = number(::getenv("LISTEN_FDS"));
  const char* given = ::getenv("LISTEN_FDNAMES");
  const std::string names = given != nullptr ? given : "";
  // Children must not take them for theirs.
  for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
  std::vector<std::pair<std::string, int>> descriptors;
  if (!ours || count < 1 || count > descriptors_max) return descriptors;
  const auto list = split(names, ':');
  for (int i = 0; i < count; ++i) {
    ::fcntl(first_descriptor + i, F_SETFD, FD_CLOEXEC);
    descriptors.emplace_back(static_cast<std::size_t>(i) < list.size() ? std::string(list[static_cast<std::size_t>(i)]) : "",
                             first_descriptor + i);
  }
  return descriptors;
}

void notify_systemd(std::string_view state) {
  const char* where = ::getenv("NOTIFY_SOCKET");
  if (where == nullptr) return;
  const std::string path = where;
  sockaddr_un address{};
  if (path.size() < 2 || path.size() > unix_path_bytes_max || (path[0] != '/' && path[0] != '@')) return;
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';  // unix(7): abstract names begin with a NUL and have no closing one
  const std::size_t size = offsetof(sockaddr_un, sun_path) + path.size() + (path[0] == '/' ? 1 : 0);
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
           static_cast<socklen_t>(size));
  ::close(descriptor);
}

}  // namespace beadle::net
