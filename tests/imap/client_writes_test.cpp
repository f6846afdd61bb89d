// Waiting for a mailbox to change, and what a server may not let us do.
#include <thread>

#include "imap/bounds.h"
#include "imap/client.h"

#include "catch.h"

namespace beadle::imap {
namespace {

/// Says one thing after another; then nothing, until a deadline.
class Quiet : public Transport {
 public:
  explicit Quiet(std::string capabilities) { say("* CAPABILITY IMAP4rev1 " + std::move(capabilities) + "\r\nb1 OK\r\n"); }
  void say(const std::string& words) { said_ += words; }
  Result<void> send(std::string_view bytes, net::Deadline) override {
    heard.append(bytes);
    if (bytes.find("IDLE") != std::string_view::npos) said_ += when_idle;
    if (bytes.find("DONE") != std::string_view::npos) said_ += when_done;
    return {};
  }
  Result<std::size_t> receive(char* buffer, std::size_t size, net::Deadline deadline) override {
    if (said_.empty() && hangs_up) return std::size_t{0};
    if (said_.empty()) {
      std::this_thread::sleep_until(deadline);
      return Error{ErrorKind::try_later, "the mail server took too long"};
    }
    const std::size_t count = said_.copy(buffer, size);
    said_.erase(0, count);
    return count;
  }
  std::string heard, when_idle = "+ idling\r\n", when_done = "b2 OK\r\n";
  bool hangs_up = false;

 private:
  std::string said_;
};

const auto never = [] { return false; };

}  // namespace

TEST_CASE("IDLE ends by itself when its time is up, when it is wanted elsewhere, and when something changes") {
  {
    Quiet server("IDLE");
    Client client(server);
    REQUIRE(client.begin());
    const auto idled = client.idle(net::after_ms(20), never);
    REQUIRE(idled);
    CHECK(*idled);
    CHECK(server.heard == "b1 CAPABILITY\r\nb2 IDLE\r\nDONE\r\n");
    server.say("* SEARCH 7\r\nb3 OK\r\n");
    const auto found = client.has_message_id("x@y.example");  // the conversation goes on
    REQUIRE(found);
    CHECK(*found);
    CHECK(server.heard.ends_with("b3 UID SEARCH HEADER Message-ID \"x@y.example\"\r\n"));
  }
  {
    Quiet server("IDLE");
    Client client(server);
    REQUIRE(client.begin());
    CHECK(client.idle(net::after_ms(60'000), [] { return true; }).has_value());
  }
  for (const char* change : {"* 5 EXISTS\r\n", "* 5 EXISTS\r\n* 2 EXPUNGE\r\n"}) {
    Quiet server("IDLE");
    server.when_idle += std::string("* OK still here\r\n") + change;
    Client client(server);
    REQUIRE(client.begin());
    CHECK(client.idle(net::after_ms(60'000), never).has_value());
    CHECK(server.heard.ends_with("DONE\r\n"));
  }
}

TEST_CASE("IDLE that is refused, not offered or broken off") {
  {
    Quiet server("UIDPLUS");
    Client client(server);
    REQUIRE(client.begin());
    const auto idled = client.idle(net::after_ms(60'000), never);
    REQUIRE(idled);
    CHECK_FALSE(*idled);
    CHECK(server.heard == "b1 CAPABILITY\r\n");
  }
  for (const auto& [answer, why] : std::vector<std::pair<std::string, std::string>>{
           {"b2 NO not now\r\n", "the mail server says NO: not now"},
           {"+ idling\r\n* BYE bedtime\r\n", "the mail server ends the conversation: bedtime"},
           {"+ idling\r\nb9 OK\r\n", "the mail server sent an answer under a tag that is not ours"},
           {"+ idling\r\n", "the mail server has hung up"}}) {
    Quiet server("IDLE");
    server.when_idle = answer;
    server.hangs_up = true;
    Client client(server);
    REQUIRE(client.begin());
    const auto idled = client.idle(net::after_ms(60'000), never);
    REQUIRE_FALSE(idled);
    CHECK(idled.error().what == why);
  }
}

TEST_CASE("a server without namespaces has none; with them, the first of one's own counts") {
  Quiet server("UIDPLUS");
  Client client(server);
  REQUIRE(client.begin());
  const auto none = client.own_namespace();
  REQUIRE(none);
  CHECK(none->prefix.empty());
  Quiet courier("NAMESPACE");
  Client at_courier(courier);
  REQUIRE(at_courier.begin());
  courier.say("* NAMESPACE ((\"INBOX.\" \".\")(\"More.\" \".\")) NIL ((\"shared.\" \".\"))\r\nb2 OK\r\n");
  const auto own = at_courier.own_namespace();
  REQUIRE(own);
  CHECK(own->prefix == "INBOX.");
  CHECK(own->separator == '.');
}

TEST_CASE("a folder is made although nobody keeps a list of folders; one that is refused is not") {
  Quiet server("UIDPLUS");
  Client client(server);
  REQUIRE(client.begin());
  server.say("b2 OK\r\nb3 NO no lists\r\n");
  CHECK(client.create("Held").has_value());
  server.say("b4 NO not here\r\n");
  const auto refused = client.create("Release");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::refused);
}

TEST_CASE("what the server cannot do is said, and nothing of it is begun") {
  Quiet server("IDLE");
  Client client(server);
  REQUIRE(client.begin());
  CHECK(client.move({3}, "Held").error().what == "the mail server offers neither MOVE nor UIDPLUS");
  CHECK(client.remove({3}).error().what == "the mail server offers no UIDPLUS");
  CHECK(server.heard == "b1 CAPABILITY\r\n");
}

}  // namespace beadle::imap
