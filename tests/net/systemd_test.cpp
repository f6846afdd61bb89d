#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "net/helpers.h"
#include "net/stream.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::net;

namespace {

int datagram_socket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + (path[0] == '@' ? 0 : 1));
  REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  return descriptor;
}

std::string receive(int descriptor) {
  char buffer[256];
  const ssize_t got = ::recv(descriptor, buffer, sizeof buffer, 0);
  return got < 0 ? "" : std::string(buffer, static_cast<std::size_t>(got));
}

}  // namespace

TEST_CASE("systemd is told by datagram, by path and by abstract name") {
  TemporaryFolder folder;
  const std::string names[] = {folder / "notify", "@beadle-test-" + std::to_string(::getpid())};
  for (const std::string& name : names) {
    INFO(name);
    const int descriptor = datagram_socket(name);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    notify_systemd("READY=1");
    CHECK(receive(descriptor) == "READY=1");
    ::unsetenv("NOTIFY_SOCKET");
    notify_systemd("STOPPING=1");
    CHECK(receive(descriptor).empty());
    ::close(descriptor);
  }
  for (const char* odd : {"", "x", "relative/path", "/none/there"}) {
    ::setenv("NOTIFY_SOCKET", odd, 1);
    notify_systemd("READY=1");
  }
  ::unsetenv("NOTIFY_SOCKET");
}

TEST_CASE("sockets of systemd are taken when they are for this process, once") {
  const auto set = [](const std::string& process, const char* count, const char* names) {
    ::setenv("LISTEN_PID", process.c_str(), 1);
    ::setenv("LISTEN_FDS", count, 1);
    ::setenv("LISTEN_FDNAMES", names, 1);
  };
  const std::string us = std::to_string(::getpid());
  using List = std::vector<std::pair<std::string, int>>;
  set(us, "2", "milter:web");
  CHECK(Listener::from_systemd() == List{{"milter", 3}, {"web", 4}});
  CHECK(Listener::from_systemd().empty());
  set(us, "2", "milter");
  CHECK(Listener::from_systemd() == List{{"milter", 3}, {"", 4}});
  for (const char* count : {"", "0", "-1", "65", "2x", "99999999999999999999"}) {
    INFO(count);
    set(us, count, "milter");
    CHECK(Listener::from_systemd().empty());
  }
  set("1", "1", "milter");
  CHECK(Listener::from_systemd().empty());
  CHECK(::getenv("LISTEN_FDS") == nullptr);
}
