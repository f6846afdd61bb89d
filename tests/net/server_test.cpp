// What all doors share, with a door that says back what it hears, a letter at a time. The milter's tests have more of it.
#include "net/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/guarded.h"
#include "net/helpers.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::net;

namespace {

void say_back(Stream stream, const StopSwitch& stop) {
  char letter = 0;
  while (true) {
    const auto got = stream.read_some(&letter, 1, patience(), &stop);
    if (!got || *got == 0) return;
    if (letter == '!') throw std::runtime_error("asked for it");
    if (!stream.write_all({&letter, 1}, patience(), nullptr)) return;
  }
}

/// In a thread of its own, on loopback and on a unix socket.
class RunningServer {
 public:
  explicit RunningServer(Server::Door door)
      : server_(listeners(), std::move(door), log_), thread_([this] { server_.run(stop_); }) {}
  ~RunningServer() { stop(); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  void stop() {
    stop_.stop();
    if (thread_.joinable()) thread_.join();
  }
  Result<Stream> connect(std::size_t listener) { return Stream::connect(endpoints_[listener], patience(), nullptr); }

 private:
  std::vector<Listener> listeners() {
    std::vector<Listener> all;
    all.push_back(Listener::listen(any_port(), {}).value());
    all.push_back(Listener::listen(unix_endpoint(folder_ / "door.sock"), {}).value());
    for (const Listener& listener : all) endpoints_.push_back(listener.endpoint());
    return all;
  }

  TemporaryFolder folder_;
  std::vector<Endpoint> endpoints_;
  StopSwitch stop_;
  RareLog log_;
  Server server_;
  std::jthread thread_;
};

constexpr std::size_t on_loopback = 0, on_unix = 1;

/// All that comes until the server closes.
std::string rest(Stream& stream) {
  std::string all;
  char buffer[64];
  while (true) {
    const auto got = stream.read_some(buffer, sizeof buffer, patience(), nullptr);
    if (!got || *got == 0) return all;
    all.append(buffer, *got);
  }
}

bool answers(Stream& stream) {
  char letter = 0;
  if (!stream.write_all("x", patience(), nullptr)) return false;
  const auto got = stream.read_some(&letter, 1, patience(), nullptr);
  return got && *got == 1 && letter == 'x';
}

}  // namespace

TEST_CASE("a door without refusals lets everybody in, and outlives what a conversation throws") {
  RunningServer server({.name = "test", .connections = 10, .converse = say_back});
  for (const std::size_t listener : {on_loopback, on_unix}) {
    auto thrower = server.connect(listener);
    auto other = server.connect(listener);
    REQUIRE((thrower && other));
    REQUIRE(answers(*thrower));
    REQUIRE(thrower->write_all("!", patience(), nullptr));
    CHECK(rest(*thrower).empty());
    CHECK(answers(*other));
  }
}

TEST_CASE("who may not come in hears why, before it waits for a place") {
  Guarded<std::map<std::string, int>> asked;
  RunningServer server({.name = "test", .connections = 1, .converse = say_back, .refuse = [&](const Peer& peer) {
                          ++(*asked.access())[peer.host];
                          return peer.host == "unix" ? std::optional<std::string>("421 not you\r\n") : std::nullopt;
                        }});
  auto first = server.connect(on_loopback);
  REQUIRE(first);
  REQUIRE(answers(*first));
  for (int i = 0; i < 3; ++i) {
    auto stranger = server.connect(on_unix);
    REQUIRE(stranger);
    CHECK(rest(*stranger) == "421 not you\r\n");
  }
  CHECK(answers(*first));
  CHECK((*asked.access()) == std::map<std::string, int>{{"127.0.0.1", 1}, {"unix", 3}});
}

TEST_CASE("a host may have so many conversations, and again when one of them has ended") {
  RunningServer server({.name = "test", .connections = 10, .converse = say_back, .refuse = [](const Peer& peer) {
                          return peer.conversations >= 2 ? std::optional<std::string>("") : std::nullopt;
                        }});
  auto first = server.connect(on_loopback);
  auto second = server.connect(on_loopback);
  REQUIRE((first && second));
  REQUIRE(answers(*first));
  REQUIRE(answers(*second));
  auto third = server.connect(on_loopback);
  REQUIRE(third);
  CHECK(rest(*third).empty());
  auto other_host = server.connect(on_unix);
  REQUIRE(other_host);
  CHECK(answers(*other_host));

  first->close();
  // The server notices the end in its own time.
  while (true) {
    auto again = server.connect(on_loopback);
    REQUIRE(again);
    if (answers(*again)) break;
  }
  CHECK(answers(*second));
}

TEST_CASE("a hook that throws costs one connection") {
  int calls = 0;
  RunningServer server(
      {.name = "test", .connections = 1, .converse = say_back, .refuse = [&](const Peer&) -> std::optional<std::string> {
         if (++calls == 1) throw std::runtime_error("no memory");
         return std::nullopt;
       }});
  auto unlucky = server.connect(on_loopback);
  REQUIRE(unlucky);
  CHECK(rest(*unlucky).empty());
  auto next = server.connect(on_loopback);
  REQUIRE(next);
  CHECK(answers(*next));
}

TEST_CASE("a server stops while one waits for a place") {
  RunningServer server({.name = "test", .connections = 1, .converse = say_back});
  auto first = server.connect(on_loopback);
  REQUIRE(first);
  REQUIRE(answers(*first));
  auto waiting = server.connect(on_loopback);
  REQUIRE(waiting);
  server.stop();
  CHECK(rest(*first).empty());
  CHECK(rest(*waiting).empty());
  CHECK_FALSE(server.connect(on_loopback));
}

TEST_CASE("the host of a peer is without its port, and IPv4 where it is mapped") {
  StopSwitch stop;
  const auto check = [&](Result<Listener> listener, const Endpoint& asked, const std::string& host) {
    INFO(host);
    if (!listener && host == "::1") {
      WARN("no IPv6 here: " << listener.error().what);
      return;
    }
    REQUIRE(listener);
    const Endpoint endpoint{asked.kind, asked.path, asked.host, listener->endpoint().port};
    auto client = Stream::connect(endpoint, patience(), nullptr);
    REQUIRE(client);
    auto server = listener->accept(stop);
    REQUIRE((server && *server));
    CHECK((*server)->peer_host() == host);
    CHECK(client->peer_host() == host);
    (*server)->close();
    CHECK((*server)->peer_host() == "unknown");
  };
  TemporaryFolder folder;
  check(Listener::listen(any_port(), {}), any_port(), "127.0.0.1");
  check(Listener::listen(any_port("::1"), {}), any_port("::1"), "::1");
  check(Listener::listen(unix_endpoint(folder / "s"), {}), unix_endpoint(folder / "s"), "unix");

  // A socket for both families, as systemd hands it in.
  sockaddr_in6 mapped{};
  mapped.sin6_family = AF_INET6;
  REQUIRE(::inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.sin6_addr) == 1);
  const int descriptor = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int off = 0;
  if (descriptor < 0 || ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0 ||
      ::bind(descriptor, reinterpret_cast<const sockaddr*>(&mapped), sizeof mapped) != 0) {
    WARN("no IPv6 here");
    ::close(descriptor);
    return;
  }
  REQUIRE(::listen(descriptor, 5) == 0);
  check(Listener::adopt(descriptor), any_port(), "127.0.0.1");
}
