// The server over real sockets. Nothing here waits for a time; what must happen "later" is waited for by name.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "milter/peer.h"
#include "milter/server.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::milter;
using intake::Answer;
using intake::Arrival;

namespace {

Answer accept() {
  Answer answer;
  answer.kind = Answer::Kind::accept;
  return answer;
}

/// Holds messages until it is opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t waiting_ = 0;
  bool open_ = false;
};

Peer ready(const net::Endpoint& endpoint) {
  auto peer = Peer::connect(endpoint);
  REQUIRE(peer);
  REQUIRE(peer->negotiate());
  return std::move(*peer);
}

}  // namespace

TEST_CASE("messages come in by unix and inet sockets, several a connection") {
  std::atomic<int> seen{0};
  RunningServer server(
      [&](Arrival arrival) {
        ++seen;
        Answer answer = accept();
        if (arrival.bytes.ends_with("hold")) answer.kind = Answer::Kind::held;
        return answer;
      },
      {});
  for (const net::Endpoint& endpoint : {server.on_unix(), server.on_inet()}) {
    INFO(to_string(endpoint));
    Peer peer = ready(endpoint);
    REQUIRE(peer.send_mail("pass"));
    CHECK(peer.hear() == "c");
    REQUIRE(peer.send_mail("hold"));
    CHECK(peer.hear() == "d");
    REQUIRE(peer.say(packet("M \"<x>\"") + packet("A")));
    REQUIRE(peer.send_mail("pass"));
    CHECK(peer.hear() == "c");
    REQUIRE(peer.say(packet("Q")));
    CHECK(peer.hear() == "");
  }
  CHECK(seen == 6);
}

TEST_CASE("twenty connections at once, two messages and an abort each") {
  std::atomic<int> seen{0};
  RunningServer server(
      [&](const Arrival& arrival) {
        ++seen;
        Answer answer = accept();
        answer.add_fields = {{"Beadle-Id", arrival.bytes.substr(arrival.bytes.rfind('\n') + 1)}};
        return answer;
      },
      {});
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 20; ++i) {
      threads.emplace_back([&, i] {
        auto peer = Peer::connect(i % 2 == 0 ? server.on_unix() : server.on_inet());
        if (!peer || !peer->negotiate()) return;
        for (int mail = 0; mail < 2; ++mail) {
          const std::string id = std::to_string(i * 10 + mail);
          if (!peer->say(packet("M \"<x>\"") + packet("N") + packet("B 'half'") + packet("A")) || !peer->send_mail(id)) return;
          if (peer->hear() == std::string("i\0\0\0\0Beadle-Id\0 ", 16) + id + '\0' && peer->hear() == "c") ++right;
        }
      });
    }
  }
  CHECK(right == 40);
  CHECK(seen == 40);
}

TEST_CASE("a peer that breaks the protocol loses its connection, and nobody else does") {
  RunningServer server([](const Arrival&) { return accept(); }, {});
  Peer other = ready(server.on_unix());
  const std::string broken[] = {std::string("\0\0\0\0", 4), std::string("\xff\xff\xff\xff", 4), "GET / HTTP/1.1\r\n\r\n",
                                packet("E"), packet("Z")};
  for (const std::string& bytes : broken) {
    Peer peer = ready(server.on_inet());
    REQUIRE(peer.say(bytes));
    CHECK(peer.hear() == "");
  }
  REQUIRE(other.send_mail("still here"));
  CHECK(other.hear() == "c");
}

TEST_CASE("a peer that goes in the midst of a message or of a packet leaves nothing behind") {
  std::atomic<int> seen{0};
  RunningServer server([&](const Arrival&) { return ++seen, accept(); }, {.connections = 1});
  for (const std::string& bytes : {packet("M \"<x>\"") + packet("N") + packet("B 'half'"),
                                   std::string("\0\0\0\x10"
                                               "B123",
                                               8),
                                   std::string()}) {
    Peer peer = ready(server.on_inet());
    REQUIRE(peer.say(bytes));
    peer.close();
  }
  // The only place is free again.
  Peer peer = ready(server.on_inet());
  REQUIRE(peer.send_mail("whole"));
  CHECK(peer.hear() == "c");
  CHECK(seen == 1);
}

TEST_CASE("what intake throws is answered with try again later, and the connection stays") {
  int calls = 0;
  RunningServer server(
      [&](const Arrival&) -> Answer {
        ++calls;
        if (calls == 1) throw std::runtime_error("database is gone");
        if (calls == 2) throw std::bad_alloc();
        return accept();
      },
      {});
  Peer peer = ready(server.on_unix());
  for (int i = 0; i < 2; ++i) {
    REQUIRE(peer.send_mail("x"));
    CHECK(peer.hear() == with_nul("y451 4.3.0 Message cannot be checked at the moment; please try again later"));
  }
  REQUIRE(peer.send_mail("x"));
  CHECK(peer.hear() == "c");
}

TEST_CASE("connections over the bound wait until one ends") {
  RunningServer server([](const Arrival&) { return accept(); }, {.connections = 2});
  Peer first = ready(server.on_unix());
  Peer second = ready(server.on_inet());
  auto third = Peer::connect(server.on_inet());
  REQUIRE(third);
  REQUIRE(third->say(packet("O u32:6 u32:0x13 u32:0x1fffff")));
  REQUIRE(first.send_mail("x"));
  CHECK(first.hear() == "c");
  first.close();
  CHECK(third->hear().starts_with('O'));
  REQUIRE(third->send_mail("x"));
  CHECK(third->hear() == "c");
}

TEST_CASE("over the bound of bytes a message is deferred, and room comes back") {
  Gate gate;
  RunningServer server(
      [&](const Arrival& arrival) {
        if (arrival.bytes.ends_with("wait")) gate.pass();
        return accept();
      },
      {.bytes_held = 100'000});
  Peer holder = ready(server.on_unix());
  REQUIRE(holder.say(packet("M \"<x>\"") + packet("N") + packet("B 'y'*90000") + packet("E 'wait'")));
  gate.wait_for(1);
  Peer other = ready(server.on_inet());
  REQUIRE(other.say(packet("M \"<x>\"") + packet("N") + packet("B 'y'*90000") + packet("H \"x\"")));
  CHECK(other.hear() == "c");
  REQUIRE(other.say(packet("E")));
  CHECK(other.hear() == with_nul("y451 4.3.2 Too much mail at once; please try again later"));
  gate.open();
  CHECK(holder.hear() == "c");
  REQUIRE(other.say(packet("M \"<x>\"") + packet("N") + packet("B 'y'*90000") + packet("E")));
  CHECK(other.hear() == "c");
}

TEST_CASE("stopping closes idle connections and lets a message end") {
  Gate gate;
  RunningServer server(
      [&](const Arrival&) {
        gate.pass();
        return accept();
      },
      {});
  Peer idle = ready(server.on_unix());
  Peer inspected = ready(server.on_unix());
  Peer within = ready(server.on_inet());
  REQUIRE(inspected.send_mail("x"));
  gate.wait_for(1);
  // The reply to HELO says that what came before it has been read.
  REQUIRE(within.say(packet("M \"<x>\"") + packet("N") + packet("B 'half'") + packet("H \"x\"")));
  CHECK(within.hear() == "c");
  server.begin_to_stop();
  CHECK(idle.hear() == "");
  gate.open();
  CHECK(inspected.hear() == "c");
  CHECK(inspected.hear() == "");
  REQUIRE(within.say(packet("E 'rest'")));
  CHECK(within.hear() == "c");
  CHECK(within.hear() == "");
  server.stop();
  CHECK_FALSE(Peer::connect(server.on_inet()));
  CHECK_FALSE(Peer::connect(server.on_unix()));
}

TEST_CASE("stopping does not wait for ever for a message that does not end") {
  RunningServer server([](const Arrival&) { return accept(); }, {.stop_timeout_ms = 10});
  Peer peer = ready(server.on_inet());
  REQUIRE(peer.say(packet("M \"<x>\"") + packet("N") + packet("B 'half'") + packet("H \"x\"")));
  CHECK(peer.hear() == "c");
  server.stop();
  CHECK(peer.hear() == "");
}

TEST_CASE("a packet that does not end, and a connection that says nothing, are closed") {
  RunningServer server([](const Arrival&) { return accept(); }, {.packet_timeout_ms = 10});
  auto silent = Peer::connect(server.on_inet());
  REQUIRE(silent);
  CHECK(silent->hear() == "");
  auto peer = Peer::connect(server.on_unix());
  REQUIRE(peer);
  // Before or after its negotiation was answered: either way the half packet is its last.
  peer->say(packet("O u32:6 u32:0x13 u32:0x1fffff") + std::string("\0\0\0\x10"
                                                                  "B",
                                                                  5));
  std::string heard = peer->hear();
  if (heard.starts_with('O')) heard = peer->hear();
  CHECK(heard == "");
}

TEST_CASE("a connection that is idle for too long is closed") {
  RunningServer server([](const Arrival&) { return accept(); }, {.read_timeout_ms = 10});
  auto peer = Peer::connect(server.on_inet());
  REQUIRE(peer);
  peer->say(packet("O u32:6 u32:0x13 u32:0x1fffff"));
  std::string heard = peer->hear();
  if (heard.starts_with('O')) heard = peer->hear();
  CHECK(heard == "");
}
