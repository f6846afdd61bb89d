// Plays tests/data/smtp/next-hop/*.txt into NextHopMachine, whole and byte by byte, then over a socket to NextHop. First the
// settings:
//   tls never|if-offered|required · no-context (TLS is not set up) · user NAME · password WORDS · remote (AUTH would go in the
//   clear)
// then the dialogue:
//   > line   the server says it (\r\n is added; a backslash at the end leaves it out)     < line   we say it
//   handshake   TLS begins     ready EXTENSIONS   commands may be said
//   command LINE, content BYTES   what we are to say     = REPLY   its reply, in words
//   group LINE | LINE   commands that go out together, with a reply each
//   failed WORDS   nothing more can be said     ! the server closes (over a socket only)
#include <deque>
#include <string>

#include "smtp/next_hop.h"
#include "smtp/next_hop_player.h"
#include "smtp/script.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;

namespace {

enum class Pieces { whole, bytes };

class Player {
 public:
  Player(const Script& script, Pieces pieces) : pieces_(pieces), machine_(settings_for(script), !script.has("remote")) {}

  void play(const Line& line) {
    if (is_setting(line.what)) return;
    if (line.what == ">") {
      hear(line.rest);
    } else if (line.what == "<") {
      expect_said(unescaped(line.rest) + "\r\n");
    } else if (line.what == "handshake") {
      REQUIRE(start_tls_);
      CHECK(said_ == "");
      start_tls_ = false;
      take(machine_.tls_started());
    } else if (line.what == "ready") {
      CHECK(ready_);
      ready_ = false;
      CHECK(machine_.ready());
      CHECK(words(machine_.extensions()) == line.rest);
    } else if (line.what == "command") {
      CHECK(said_ == "");
      REQUIRE(machine_.ready());
      said_ = machine_.command(line.rest);
      asked_ = 1;
    } else if (line.what == "group") {
      CHECK(said_ == "");
      REQUIRE(machine_.ready());
      const auto lines = group_of(line.rest);
      said_ = machine_.group(lines);
      asked_ = lines.size();
    } else if (line.what == "content") {
      REQUIRE(machine_.takes_content());
      say_content(bytes_of(line.rest));
      asked_ = 1;
    } else if (line.what == "=") {
      REQUIRE_FALSE(replies_.empty());
      CHECK(to_words(replies_.front()) == line.rest);
      replies_.pop_front();
    } else if (line.what == "failed") {
      CHECK(failed_ == line.rest);
      failed_.clear();
    } else {
      FAIL_CHECK("no line of a dialogue");
    }
  }

  void end() { CHECK(nothing_open()); }

 private:
  bool nothing_open() const { return said_.empty() && !start_tls_ && !ready_ && replies_.empty() && failed_.empty(); }

  void hear(std::string_view line) {
    // Whatever came of the last line has to be expected before the server says more.
    CHECK(nothing_open());
    pending_ += heard_of(line);
    if (line.ends_with('\\')) return;
    const std::string bytes = std::move(pending_);
    pending_.clear();
    if (pieces_ == Pieces::whole) return feed(bytes);
    for (const char& byte : bytes) feed(std::string_view(&byte, 1));
  }

  void feed(std::string_view bytes) {
    NextHopMachine::Step step = machine_.feed(bytes);
    take(step);
    while (step.reply && step.failed.empty()) take(step = machine_.feed({}));
  }

  void take(const NextHopMachine::Step& step) {
    said_ += step.commands;
    start_tls_ = start_tls_ || step.start_tls;
    ready_ = ready_ || step.ready;
    if (step.reply) {
      CHECK(asked_-- > 0);
      replies_.push_back(*step.reply);
    }
    if (!step.failed.empty()) failed_ = step.failed;
  }

  void say_content(const std::string& bytes) {
    if (pieces_ == Pieces::whole) {
      said_ += machine_.content(bytes);
    } else {
      for (const char& byte : bytes) said_ += machine_.content(std::string_view(&byte, 1));
    }
    said_ += machine_.end_of_content();
  }

  void expect_said(const std::string& wanted) {
    CHECK(said_.substr(0, wanted.size()) == wanted);
    said_.erase(0, wanted.size());
  }

  Pieces pieces_;
  NextHopMachine machine_;
  std::string pending_, said_, failed_;
  bool start_tls_ = false, ready_ = false;
  std::size_t asked_ = 0;
  std::deque<Reply> replies_;
};

}  // namespace

TEST_CASE("dialogues with the next hop") {
  const auto all = dialogues();
  REQUIRE(all.size() >= 30);
  for (const Script& script : all) {
    if (script.has("!")) continue;
    for (const Pieces pieces : {Pieces::whole, Pieces::bytes}) {
      if (pieces == Pieces::bytes && script.whole_only) continue;
      Player player(script, pieces);
      for (const Line& line : script.lines) {
        INFO(script.name << ":" << line.number << (pieces == Pieces::bytes ? " byte by byte: " : ": ") << line.whole);
        player.play(line);
      }
      INFO(script.name << ": the end");
      player.end();
    }
  }
}

TEST_CASE("dialogues with the next hop over a socket") {
  for (const Script& script : dialogues()) {
    if (script.has("handshake") || script.has("remote")) continue;  // the first: next_hop_tls_test.cpp
    LivePlayer player(script);
    for (const Line& line : script.lines) {
      INFO(script.name << ":" << line.number << ": " << line.whole);
      player.play(line);
    }
    INFO(script.name << ": the end");
    player.end();
  }
}

TEST_CASE("a long message is the same in pieces of any size, line ends across them and lines of any length") {
  std::string bytes = "Subject: Trees\r\n\r\n.\r\n..\r\n.x\r\n" + std::string(5'000, 'y') + "\r\n.";
  NextHopSettings settings;
  settings.helo_name = "mail.harbridge.example";
  for (std::size_t size = 1; size < 40; ++size) {
    NextHopMachine machine(settings, true);
    machine.feed("220 ready\r\n");
    machine.feed("250 ready\r\n");
    machine.command("DATA");
    machine.feed("354 Go on\r\n");
    std::string said;
    for (std::size_t at = 0; at < bytes.size(); at += size) said += machine.content(std::string_view(bytes).substr(at, size));
    said += machine.end_of_content();
    CHECK((said == "Subject: Trees\r\n\r\n..\r\n...\r\n..x\r\n" + std::string(5'000, 'y') + "\r\n..\r\n.\r\n"));
  }
}

TEST_CASE("bare line ends are known") {
  CHECK_FALSE(has_bare_line_end(""));
  CHECK_FALSE(has_bare_line_end("a\r\n\r\nb"));
  CHECK(has_bare_line_end("\n"));
  CHECK(has_bare_line_end("a\r"));
  CHECK(has_bare_line_end("a\r\r\n"));
  CHECK(has_bare_line_end("a\r\n\nb"));
  CHECK(has_bare_line_end("a\rb\r\n"));
}

TEST_CASE("a message with a bare line end is refused after DATA too, and ends the connection without a byte of it") {
  ScriptedPeer peer({"",
                     false,
                     {{1, "", ">", "220 ready"},
                      {2, "", "<", "EHLO mail.harbridge.example"},
                      {3, "", ">", "250 ready"},
                      {4, "", "<", "DATA"},
                      {5, "", ">", "354 Go on"},
                      {6, "", "<", "never"}}});
  auto hop = NextHop::open(settings_to(peer.endpoint()), nullptr);
  REQUIRE(hop);
  REQUIRE(hop->command("DATA").value().code == 354);
  CHECK_FALSE(hop->usable());
  const auto refused = hop->content("a\r\n.\nb\r\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::refused);
  CHECK_FALSE(hop->command("RSET"));
  hop->quit();
  CHECK(peer.trouble() == "line 6: heard ");
}

TEST_CASE("a name for EHLO that is more than one word opens no connection") {
  for (const char* name : {"", "a b", "a\r\nQUIT", "a\tb"}) {
    NextHopSettings settings = settings_to({net::Endpoint::Kind::inet, "", "127.0.0.1", 1});
    settings.helo_name = name;
    const auto opened = NextHop::open(settings, nullptr);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::bad_settings);
  }
}

TEST_CASE("a server that closes between two commands is not usable, and says so at the next") {
  ScriptedPeer peer(
      {"",
       false,
       {{1, "", ">", "220 ready"}, {2, "", "<", "EHLO mail.harbridge.example"}, {3, "", ">", "250 ready"}, {4, "", "!", ""}}});
  auto hop = NextHop::open(settings_to(peer.endpoint()), nullptr);
  REQUIRE(hop);
  CHECK(peer.trouble() == "");
  CHECK_FALSE(hop->usable());
  const auto lost = hop->command("NOOP");
  REQUIRE_FALSE(lost);
  CHECK(lost.error().kind == ErrorKind::try_later);
  CHECK(lost.error().what == "the mail server closed the connection");
  CHECK(hop->command("NOOP").error().what == "the mail server closed the connection");
}

TEST_CASE("a server that breaks into a long message is heard") {
  ScriptedPeer peer({"",
                     false,
                     {{1, "", ">", "220 ready"},
                      {2, "", "<", "EHLO mail.harbridge.example"},
                      {3, "", ">", "250 ready"},
                      {4, "", "<", "DATA"},
                      {5, "", ">", "354 Go on"},
                      {6, "", "<", "Subject: Trees"},
                      {7, "", ">", "552 5.3.4 Too much"}}});
  auto hop = NextHop::open(settings_to(peer.endpoint()), nullptr);
  REQUIRE(hop);
  REQUIRE(hop->command("DATA").value().code == 354);
  std::string bytes = "Subject: Trees\r\n\r\n";
  for (int i = 0; i < 1'000'000; ++i) bytes += "Another line.\r\n";
  const auto lost = hop->content(bytes);
  REQUIRE_FALSE(lost);
  CHECK(lost.error().what == "the mail server broke into the message: 552 5.3.4 Too much");
}

TEST_CASE("an AUTH response too long for its line waits to be asked for") {
  NextHopSettings settings;
  settings.helo_name = "mail.harbridge.example";
  settings.user = std::string(400, 'u');
  settings.password = "secret";
  NextHopMachine machine(settings, true);
  machine.feed("220 ready\r\n");
  CHECK(machine.feed("250-ready\r\n250 AUTH PLAIN\r\n").commands == "AUTH PLAIN\r\n");
  CHECK(machine.feed("334 \r\n").commands.size() > 500);
  CHECK(machine.feed("235 Welcome\r\n").ready);
}

TEST_CASE("a server that does not shake hands is left") {
  for (const auto tls : {NextHopSettings::Tls::required, NextHopSettings::Tls::if_offered}) {
    ScriptedPeer peer({"",
                       false,
                       {{1, "", ">", "220 ready"},
                        {2, "", "<", "EHLO mail.harbridge.example"},
                        {3, "", ">", "250-ready\\r\\n250 STARTTLS"},
                        {4, "", "<", "STARTTLS"},
                        {5, "", ">", "220 Go on"},
                        {6, "", "!", ""}}});
    NextHopSettings settings = settings_to(peer.endpoint());
    settings.tls = tls;
    settings.tls_context = any_context();
    const auto opened = NextHop::open(settings, nullptr);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::try_later);
    CHECK(peer.trouble() == "");
  }
}
