// Connections that wait for the next transaction, against a next hop that plays along or does not.
#include "smtp/hop_pool.h"

#include <thread>

#include "base/limits.h"
#include "smtp/stub_hop.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;

namespace {

void wait_for_closing(const NextHop& hop) {
  const net::Deadline deadline = net::patience();
  while (hop.usable() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
}

}  // namespace

TEST_CASE("a connection that waits is used again, a fresh one is a new one, and the end of the pool is a QUIT") {
  StubHop server;
  {
    HopPool pool(server.settings());
    pool.give_back(pool.take(nullptr, false).value());
    NextHop again = pool.take(nullptr, false).value();
    CHECK(server.connections() == 1);
    REQUIRE(again.command("NOOP"));
    NextHop fresh = pool.take(nullptr, true).value();
    CHECK(server.connections() == 2);
    pool.give_back(std::move(again));
    pool.close_all();
  }
  CHECK(server.heard(1) == std::vector<std::string>{"NOOP", "QUIT"});
}

TEST_CASE("a connection that the next hop has closed is not given out") {
  StubHop server([](int connection, const std::string& line) { return connection == 1 && line == "NOOP" ? "421 Going down\r\n" : StubHop::usual(line); });
  HopPool pool(server.settings());
  NextHop hop = pool.take(nullptr, false).value();
  CHECK_FALSE(hop.command("NOOP"));
  pool.give_back(std::move(hop));
  NextHop other = pool.take(nullptr, false).value();
  CHECK(server.connections() == 2);
  CHECK(other.usable());
}

TEST_CASE("a goodbye while it waits is noticed before the connection is given out") {
  StubHop server([](int connection, const std::string& line) {
    const std::string usual = StubHop::usual(line);
    return connection == 1 && line == "NOOP" ? usual + "421 Idle for too long\r\n" : usual;
  });
  HopPool pool(server.settings());
  NextHop hop = pool.take(nullptr, false).value();
  static_cast<void>(hop.command("NOOP"));
  wait_for_closing(hop);
  pool.give_back(std::move(hop));
  CHECK(pool.take(nullptr, false).value().usable());
  CHECK(server.connections() == 2);
}

TEST_CASE("only so many wait") {
  StubHop server;
  HopPool pool(server.settings());
  std::vector<NextHop> hops;
  for (std::size_t i = 0; i < limits::smtp_hops_waiting_most + 2; ++i) hops.push_back(pool.take(nullptr, true).value());
  const int opened = server.connections();
  for (NextHop& hop : hops) pool.give_back(std::move(hop));
  hops.clear();
  for (std::size_t i = 0; i < limits::smtp_hops_waiting_most; ++i) hops.push_back(pool.take(nullptr, false).value());
  CHECK(server.connections() == opened);
  hops.push_back(pool.take(nullptr, false).value());
  CHECK(server.connections() == opened + 1);
}

TEST_CASE("what is offered is asked once, and kept up with each opening") {
  StubHop server([](int connection, const std::string& line) {
    if (connection > 1 && line.starts_with("EHLO")) return std::string("250-stub.example\r\n250 PIPELINING\r\n");
    return StubHop::usual(line);
  });
  HopPool pool(server.settings());
  CHECK(pool.extensions(nullptr).value().dsn);
  CHECK(pool.extensions(nullptr).value().dsn);
  CHECK(server.connections() == 1);
  static_cast<void>(pool.take(nullptr, true).value());
  CHECK_FALSE(pool.extensions(nullptr).value().dsn);
  CHECK(pool.extensions(nullptr).value().pipelining);
}

TEST_CASE("a next hop that is away is an error each time") {
  const net::TemporaryFolder folder;
  NextHopSettings settings;
  settings.endpoint = net::unix_endpoint(folder / "hop");
  settings.helo_name = "gate.harbridge.example";
  HopPool pool(settings);
  CHECK(pool.extensions(nullptr).error().kind == ErrorKind::try_later);
  CHECK(pool.take(nullptr, false).error().kind == ErrorKind::try_later);
}
