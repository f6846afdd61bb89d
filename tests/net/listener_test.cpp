#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

#include "net/helpers.h"
#include "net/stream.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::net;

namespace {

void talk(Listener& listener) {
  StopSwitch stop;
  auto client = Stream::connect(listener.endpoint(), patience(), nullptr);
  REQUIRE(client);
  auto server = listener.accept(stop);
  REQUIRE(server);
  REQUIRE(server->has_value());
  REQUIRE(client->write_all("good day", patience(), nullptr));
  char buffer[64];
  const auto got = (*server)->read_some(buffer, sizeof buffer, patience(), nullptr);
  REQUIRE(got);
  CHECK(std::string(buffer, *got) == "good day");
}

}  // namespace

TEST_CASE("inet and inet6 sockets take a free port and say which") {
  for (const char* host : {"127.0.0.1", "::1", "localhost"}) {
    INFO(host);
    auto listener = Listener::listen(any_port(host), {});
    if (!listener && std::string(host) == "::1") {
      WARN("no IPv6 here: " << listener.error().what);
      continue;
    }
    REQUIRE(listener);
    CHECK(listener->endpoint().port != 0);
    talk(*listener);
  }
}

TEST_CASE("peers of inet sockets are named") {
  StopSwitch stop;
  auto listener = Listener::listen(any_port(), {});
  REQUIRE(listener);
  auto client = Stream::connect(listener->endpoint(), patience(), nullptr);
  REQUIRE(client);
  auto server = listener->accept(stop);
  REQUIRE((server && *server));
  CHECK((*server)->peer().starts_with("127.0.0.1:"));
  CHECK(client->peer() == "127.0.0.1:" + std::to_string(listener->endpoint().port));
}

TEST_CASE("a unix socket has its mode whatever the umask, and goes with its listener") {
  TemporaryFolder folder;
  const std::string path = folder / "milter.sock";
  const mode_t before = ::umask(0077);
  {
    auto listener = Listener::listen(unix_endpoint(path), {0660, ""});
    ::umask(before);
    REQUIRE(listener);
    struct stat found {};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    CHECK((found.st_mode & 07777) == 0660);
    talk(*listener);
    Listener moved(std::move(*listener));
    talk(moved);
  }
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a stale socket file is replaced, a live one and other files are not") {
  TemporaryFolder folder;
  const std::string path = folder / "milter.sock";
  {
    // As a process leaves it that was killed: the file stays, nobody listens.
    const std::string kept = folder / "kept.sock";
    auto killed = Listener::listen(unix_endpoint(path), {});
    REQUIRE(killed);
    std::filesystem::rename(path, kept);
    killed = Listener::listen(unix_endpoint(folder / "other.sock"), {});
    std::filesystem::rename(kept, path);
  }
  REQUIRE(std::filesystem::exists(path));
  auto live = Listener::listen(unix_endpoint(path), {});
  REQUIRE(live);
  talk(*live);

  const auto second = Listener::listen(unix_endpoint(path), {});
  REQUIRE_FALSE(second);
  CHECK(second.error().kind == ErrorKind::bad_settings);
  CHECK(second.error().what == path + " is in use by another process");
  StopSwitch stop;
  CHECK(live->accept(stop).value().has_value());  // the question whether anybody listens
  talk(*live);

  std::ofstream(folder / "file") << "text";
  CHECK(Listener::listen(unix_endpoint(folder / "file"), {}).error().what == (folder / "file") + " exists and is no socket");
}

TEST_CASE("a socket file that somebody else put in our place is left alone") {
  TemporaryFolder folder;
  const std::string path = folder / "milter.sock";
  {
    auto listener = Listener::listen(unix_endpoint(path), {});
    REQUIRE(listener);
    std::filesystem::rename(path, folder / "ours");
    std::ofstream(path) << "theirs";
  }
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("listening says what is in the way") {
  TemporaryFolder folder;
  const auto group = Listener::listen(unix_endpoint(folder / "s"), {0660, "no-such-group-here"});
  REQUIRE_FALSE(group);
  CHECK(group.error().what == "no such group: no-such-group-here");
  CHECK_FALSE(std::filesystem::exists(folder / "s"));
  auto first = Listener::listen(any_port(), {});
  REQUIRE(first);
  CHECK_FALSE(Listener::listen(first->endpoint(), {}));
  CHECK_FALSE(Listener::listen(unix_endpoint(folder / "none/s"), {}));
}

TEST_CASE("accept ends when the switch is thrown") {
  StopSwitch stop;
  auto listener = Listener::listen(any_port(), {});
  REQUIRE(listener);
  std::jthread thrower([&] { stop.stop(); });
  const auto none = listener->accept(stop);
  REQUIRE(none);
  CHECK_FALSE(none->has_value());
}

TEST_CASE("a listening descriptor is taken over, any other is refused") {
  auto listener = Listener::listen(any_port(), {});
  REQUIRE(listener);
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  REQUIRE(::listen(descriptor, 5) == 0);
  auto adopted = Listener::adopt(descriptor);
  REQUIRE(adopted);
  CHECK(adopted->endpoint().port != 0);
  const int idle = ::socket(AF_INET, SOCK_STREAM, 0);
  CHECK_FALSE(Listener::adopt(idle));
  ::close(idle);
  CHECK_FALSE(Listener::adopt(-1));
}
