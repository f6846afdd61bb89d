// The door over real sockets: its bounds and times, made small, and what a reload changes. Stories with a whole Beadle: tests/stories/test_smtp_door.py.
#include "smtp/door.h"

#include <future>
#include <stdexcept>
#include <thread>

#include "smtp/stub_hop.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;

namespace {

class Client {
 public:
  explicit Client(const net::Endpoint& door) : stream_(net::Stream::connect(door, net::patience(), nullptr).value()) {}

  void say(const std::string& bytes) { static_cast<void>(stream_.write_all(bytes, net::patience(), nullptr)); }
  /// The last line of the next reply; "" when the door has closed.
  std::string reply() {
    while (true) {
      while (heard_.find("\r\n") == std::string::npos) {
        char buffer[4096];
        const auto got = stream_.read_some(buffer, sizeof buffer, net::patience(), nullptr);
        if (!got || *got == 0) return "";
        heard_.append(buffer, *got);
      }
      const std::string line = heard_.substr(0, heard_.find("\r\n"));
      heard_.erase(0, line.size() + 2);
      if (line.size() < 4 || line[3] != '-') return line;
    }
  }
  std::string ask(const std::string& line) {
    say(line + "\r\n");
    return reply();
  }
  /// Up to 354.
  std::string begin() {
    std::string heard;
    for (const char* line : {"EHLO client.example", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA"}) heard = ask(line);
    return heard;
  }
  std::string message(const std::string& body = "Hello\r\n") {
    const std::string heard = begin();
    if (!heard.starts_with("354")) return heard;
    return ask("Subject: x\r\n\r\n" + body + ".");
  }

 private:
  net::Stream stream_;
  std::string heard_;
};

intake::Answer accept(intake::Arrival arrival) {
  intake::Answer answer;
  answer.kind = intake::Answer::Kind::accept;
  answer.id = "17-a";
  answer.bytes = std::move(arrival.bytes);
  return answer;
}

class LiveDoor {
 public:
  explicit LiveDoor(const std::function<void(DoorSettings&)>& change = [](DoorSettings&) {}, Receive receive = accept,
                    std::shared_ptr<net::Capacity> capacity = std::make_shared<net::Capacity>(),
                    StubHop::Say say = [](int, const std::string& line) { return StubHop::usual(line); })
      : hop(std::move(say)) {
    std::vector<net::Listener> listeners;
    listeners.push_back(net::Listener::listen(net::any_port(), {}).value());
    endpoint_ = listeners.front().endpoint();
    door_.emplace(std::move(listeners), settings(change), std::move(receive), [] { return Time{}; }, std::move(capacity));
    running_ = std::jthread([this] { door_->run(stop_); });
  }
  ~LiveDoor() { stop_.stop(); }

  DoorSettings settings(const std::function<void(DoorSettings&)>& change) const {
    DoorSettings settings;
    settings.host_name = "gate.harbridge.example";
    settings.next_hop = hop.settings();
    std::string mistake;
    settings.relay_from = {*parse_network("127.0.0.0/8", mistake)};
    settings.spool_directory = "/tmp";
    settings.stop_timeout_ms = 100;
    change(settings);
    return settings;
  }
  Door& door() { return *door_; }
  const net::Endpoint& endpoint() const { return endpoint_; }
  void stop() { stop_.stop(); }

  StubHop hop;

 private:
  net::StopSwitch stop_;
  net::Endpoint endpoint_;
  std::optional<Door> door_;
  std::jthread running_;
};

}  // namespace

TEST_CASE("a client that is too slow is told so, whatever it is slow with") {
  LiveDoor live([](DoorSettings& settings) { settings.command_timeout_ms = settings.line_timeout_ms = settings.data_timeout_ms = 200; });
  Client client(live.endpoint());
  CHECK(client.reply().starts_with("220"));
  SECTION("silent") {}
  SECTION("within a line") { client.say("EHLO cli"); }
  SECTION("within a message") {
    REQUIRE(client.begin().starts_with("354"));
    client.say("Subject: x\r\n\r\nHel");
  }
  CHECK(client.reply().starts_with("421 4.4.2"));
  CHECK(client.reply() == "");
}

TEST_CASE("where all connections hold too many bytes, a message is put off, and a smaller one goes") {
  LiveDoor live([](DoorSettings& settings) { settings.bytes_held = 5000; });
  Client client(live.endpoint());
  client.reply();
  std::string large;
  for (int i = 0; i < 1000; ++i) large += "a line of some length\r\n";
  CHECK(client.message(large).starts_with("452 4.3.1"));
  CHECK(client.message().starts_with("250"));
}

TEST_CASE("what another door holds counts, and a message counts whole when it is looked at") {
  const auto shared = std::make_shared<net::Capacity>();
  LiveDoor live([](DoorSettings& settings) { settings.bytes_held = 5000, settings.spool_memory_bytes = 1000; }, accept, shared);
  Client client(live.endpoint());
  client.reply();
  std::string large;
  for (int i = 0; i < 1000; ++i) large += "a line of some length\r\n";
  CHECK(client.message(large).starts_with("452 4.3.1"));  // in the file it was no burden
  CHECK(client.message().starts_with("250"));
  CHECK(shared->bytes_held == 0);
  shared->bytes_held += 5000;
  CHECK(client.message().starts_with("452 4.3.1"));
  shared->bytes_held -= 5000;
  CHECK(client.message().starts_with("250"));
}

TEST_CASE("one address has only so many connections, others that are not listed none") {
  LiveDoor live([](DoorSettings& settings) { settings.connections_per_host = 1; });
  Client first(live.endpoint());
  CHECK(first.reply().starts_with("220"));
  Client second(live.endpoint());
  CHECK(second.reply().starts_with("421 4.7.0"));
  LiveDoor closed([](DoorSettings& settings) { settings.relay_from.clear(); });
  Client stranger(closed.endpoint());
  CHECK(stranger.reply().starts_with("554 5.7.1"));
  CHECK(stranger.reply() == "");
  CHECK(closed.hop.heard(1).empty());
}

TEST_CASE("whatever intake throws, the message is put off and the connection stays") {
  int calls = 0;
  LiveDoor live([](DoorSettings&) {},
                [&](intake::Arrival arrival) {
                  if (++calls == 1) throw std::runtime_error("a library's words");
                  return accept(std::move(arrival));
                });
  Client client(live.endpoint());
  client.reply();
  CHECK(client.message().starts_with("451 4.3.0"));
  CHECK(client.message().starts_with("250 2.0.0 Ok: taken"));
}

TEST_CASE("a door that stops lets a message that has begun come to its end, and says goodbye to the others") {
  LiveDoor live([](DoorSettings& settings) { settings.stop_timeout_ms = 30'000; });
  Client busy(live.endpoint()), idle(live.endpoint());
  busy.reply();
  idle.reply();
  REQUIRE(busy.begin().starts_with("354"));
  live.stop();
  CHECK(idle.reply().starts_with("421 4.3.2"));
  CHECK(busy.ask("Subject: x\r\n\r\nHello\r\n.").starts_with("250 2.0.0 Ok: taken"));
  CHECK(busy.reply().starts_with("421 4.3.2"));
}

TEST_CASE("new settings are for those who come after them; who is there ends with the old ones") {
  LiveDoor live;
  StubHop other;
  Client before(live.endpoint());
  CHECK(before.reply().starts_with("220 gate.harbridge.example"));
  live.door().set_settings(live.settings([&](DoorSettings& settings) {
    settings.next_hop = other.settings();
    settings.host_name = "new.harbridge.example";
    settings.required_field = {"X-Council-Route", {"0123456789abcdef"}};
  }));
  Client after(live.endpoint());
  CHECK(after.reply().starts_with("220 new.harbridge.example"));
  CHECK(after.message().starts_with("550 5.7.1"));
  CHECK(before.message().starts_with("250 2.0.0 Ok: taken"));
  CHECK(after.ask("NOOP").starts_with("250"));  // the next hop is told after the client
  CHECK(other.heard(1).back() == "RSET");
  live.door().set_settings(live.settings([](DoorSettings& settings) { settings.relay_from.clear(); }));
  Client last(live.endpoint());
  CHECK(last.reply().starts_with("554 5.7.1"));
  CHECK(before.message().starts_with("250 2.0.0 Ok: taken"));
}

TEST_CASE("more connections than before are let in at once") {
  LiveDoor live([](DoorSettings& settings) { settings.connections = 1; });
  Client first(live.endpoint());
  CHECK(first.reply().starts_with("220"));
  Client second(live.endpoint());  // waits
  live.door().set_settings(live.settings([](DoorSettings& settings) { settings.connections = 2; }));
  CHECK(second.reply().starts_with("220"));
  CHECK(first.message().starts_with("250"));
}

namespace {

/// A next hop that answers a command only when it is let.
struct Waits {
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  StubHop::Say before(const std::string& line) const {
    return [line, gone = gone](int, const std::string& said) {
      if (said == line) gone.wait();
      return StubHop::usual(said);
    };
  }
};

}  // namespace

TEST_CASE("who speaks before the greeting is not spoken to") {
  Waits greeting;
  LiveDoor live([](DoorSettings&) {}, accept, std::make_shared<net::Capacity>(), greeting.before(""));
  Client client(live.endpoint());
  client.say("EHLO client.example\r\n");
  greeting.go.set_value();
  CHECK(client.reply().starts_with("554 5.5.0"));
  CHECK(client.reply() == "");
}

TEST_CASE("a client hears what becomes of it before the next hop has forgotten its message") {
  Waits reset;
  const Receive hold = [](const intake::Arrival&) {
    intake::Answer answer;
    answer.kind = intake::Answer::Kind::held;
    return answer;
  };
  LiveDoor live([](DoorSettings&) {}, hold, std::make_shared<net::Capacity>(), reset.before("RSET"));
  Client client(live.endpoint());
  client.reply();
  SECTION("held") { CHECK(client.message().starts_with("250 2.0.0 Ok: held")); }
  SECTION("broken") {
    REQUIRE(client.begin().starts_with("354"));
    CHECK(client.ask("a bare\nline\r\n.").starts_with("550 5.5.2"));
  }
  SECTION("taken back") {
    for (const char* line : {"EHLO client.example", "MAIL FROM:<a@b.example>"}) client.ask(line);
    client.say("NOOP\r\nRSET\r\n");
    CHECK(client.reply().starts_with("250"));
  }
  reset.go.set_value();
}

TEST_CASE("what XFORWARD tells holds for one message") {
  LiveDoor live([](DoorSettings& settings) { settings.xforward_from = settings.relay_from, settings.bytes_held = 50'000; }, accept, std::make_shared<net::Capacity>(),
                [](int, const std::string& line) { return line.starts_with("EHLO") ? "250-stub.example\r\n250 XFORWARD IDENT\r\n" : StubHop::usual(line); });
  Client client(live.endpoint());
  client.reply();
  client.ask("EHLO client.example");
  REQUIRE(client.ask("XFORWARD IDENT=AAA1").starts_with("250"));
  SECTION("that was taken") { REQUIRE(client.message().starts_with("250")); }
  SECTION("that was too much") {
    REQUIRE(client.begin().starts_with("354"));
    std::string large;
    for (int i = 0; i < 5000; ++i) large += "a line of some length\r\n";
    REQUIRE(client.ask(large + ".").starts_with("452"));
  }
  REQUIRE(client.message().starts_with("250"));
  std::vector<std::string> told;
  for (int connection = 1; connection <= live.hop.connections(); ++connection) {
    for (const std::string& line : live.hop.heard(connection)) {
      if (line.starts_with("XFORWARD")) told.push_back(line);
    }
  }
  CHECK(told == std::vector<std::string>{"XFORWARD IDENT=AAA1", "XFORWARD IDENT=[UNAVAILABLE]"});
}
