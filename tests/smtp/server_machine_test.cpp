// Plays tests/data/smtp/server/*.txt into the server machine: whole, byte by byte and in random pieces, always with the same
// result. First what the machine is set to, where it matters:
//   offer SIZE 1000 (one extension a line) · recipients N · commands N · errors N · bytes N · tls-required · tls-active
//   refusal 554 5.7.1 No   instead of the greeting · early   the client speaks before the greeting
// then the conversation:
//   C: line      the client says it, with CRLF; a backslash at the end leaves that out; repeat N line; \r \n \t \\ \xHH.
//                Lines that follow each other come at once, without waiting for a reply
//   S: line      we say it                 E: event    what somebody else is told: hello NAME, mail <a@b> SIZE=1, reset …
//   A: reply     the answer to the event   D: line     content of the message, behind E: message; D* N   so many bytes of it
//   T:           the handshake is done     G: words    we have to hang up
//   P: problem   for the log               X: problem  the connection is closed, for this reason, or for none
//   ? idle | busy | within-line | within-data
#include "smtp/server_machine.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "mail/tables.h"

#include "catch.h"

namespace fs = std::filesystem;
using namespace beadle;
using namespace beadle::smtp;

namespace {

using Kind = ServerMachine::Event::Kind;

ServerSettings usual_settings() {
  ServerSettings settings;
  settings.host_name = "mail.harbridge.example";
  settings.recipients_most = 100;
  settings.commands_most = 1000;
  settings.errors_most = 10;
  settings.message_bytes_max = 1u << 20;
  return settings;
}

std::string shown(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (c == '\r' || c == '\n') {
      out += c == '\r' ? "\\r" : "\\n";
    } else {
      out += c >= ' ' && c <= '~' ? std::string(1, c) : "\\x" + to_xtext({&c, 1}).substr(1);
    }
  }
  return shortened(out, 400);
}

std::string words_of(const ServerMachine::Event& event) {
  switch (event.kind) {
    case Kind::hello:
      return "hello " + event.text;
    case Kind::start_tls:
      return "start-tls";
    case Kind::xforward: {
      std::string out = "xforward";
      for (const auto& [name, value] : event.attributes) out += " " + name + "=" + to_xtext(value);
      return out;
    }
    case Kind::mail:
      return "mail " + to_command("MAIL", event.path).substr(10);
    case Kind::recipient:
      return "recipient " + to_command("RCPT", event.path).substr(8);
    case Kind::data:
      return "data";
    case Kind::message:
      return "message";
    case Kind::reset:
      return "reset";
    case Kind::quit:
      return "quit";
  }
  return "";
}

bool needs_answer(Kind kind) {
  return kind == Kind::mail || kind == Kind::recipient || kind == Kind::data || kind == Kind::message;
}

/// How a group of lines is cut before it is fed.
class Pieces {
 public:
  enum class Kind { whole, bytes, random };
  explicit Pieces(Kind kind, unsigned seed = 0) : kind_(kind), random_(seed), seed_(seed) {}
  std::size_t next(std::size_t left) {
    if (kind_ == Kind::whole) return left;
    return kind_ == Kind::bytes ? 1 : 1 + random_() % std::min<std::size_t>(left, 1 + random_() % 40);
  }
  /// Whether something is done that may be done or not.
  bool by_chance() { return kind_ == Kind::random && random_() % 2 == 0; }
  Kind kind() const { return kind_; }
  std::string name() const {
    return kind_ == Kind::whole ? "whole" : kind_ == Kind::bytes ? "byte by byte" : "pieces " + std::to_string(seed_);
  }

 private:
  Kind kind_;
  std::mt19937 random_;
  unsigned seed_;
};

class Player {
 public:
  explicit Player(Pieces pieces) : pieces_(pieces) {}

  void play(const std::string& line) {
    const std::string_view what = std::string_view(line).substr(0, line.find(' '));
    const std::string_view rest = std::string_view(line).substr(std::min(what.size() + 1, line.size()));
    if (!machine_ && set(what, rest)) return;
    start();
    const bool same_group = what == "C:" && in_group_;
    in_group_ = what == "C:";
    if (what == "C:") {
      if (!same_group) settle();
      client_says(rest);
    } else if (what == "S:") {
      expect_said(rest);
    } else if (what == "E:") {
      expect_event(rest);
    } else if (what == "A:") {
      answer(rest);
    } else if (what == "D:") {
      expect_content(mail::unescaped(rest) + "\r\n");
    } else if (what == "D*") {
      CHECK(std::to_string(content_.size()) == rest);
      content_.clear();
    } else if (what == "T:") {
      machine_->tls_started();
    } else if (what == "G:") {
      pump_all();
      said_ += machine_->goodbye(rest);
      closed_ = true;
      event_.reset();
      awaiting_.reset();
    } else if (what == "P:") {
      pump_all();
      CHECK(problem_ == rest);
      problem_.clear();
    } else if (what == "X:") {
      expect_close(rest);
    } else if (what == "?") {
      expect_state(rest);
    } else {
      FAIL_CHECK("no line of a dialogue");
    }
  }

  void end() {
    start();
    settle();
    CHECK_FALSE(awaiting_);
    CHECK_FALSE(closed_);
  }

 private:
  bool set(std::string_view what, std::string_view rest) {
    const auto number = [&] { return static_cast<std::size_t>(std::stoul(std::string(rest))); };
    if (what == "offer") {
      offers_.emplace_back(rest);
    } else if (what == "recipients") {
      settings_.recipients_most = number();
    } else if (what == "commands") {
      settings_.commands_most = number();
    } else if (what == "errors") {
      settings_.errors_most = number();
    } else if (what == "bytes") {
      settings_.message_bytes_max = number();
    } else if (what == "tls-required") {
      settings_.tls_required = true;
    } else if (what == "tls-active") {
      settings_.tls_active = true;
    } else if (what == "refusal") {
      refusal_ = reply(rest);
    } else if (what == "early") {
      early_ = true;
    } else {
      return false;
    }
    return true;
  }

  void start() {
    if (machine_) return;
    settings_.offers = parse_extensions(offers_);
    machine_.emplace(settings_);
    if (!early_) said_ = machine_->greet(refusal_);
  }

  void client_says(std::string_view line) {
    const bool open = line.ends_with('\\');
    if (open) line.remove_suffix(1);
    std::size_t times = 1;
    if (line.starts_with("repeat ")) {
      const auto words = split(line, ' ');
      times = std::stoul(std::string(words[1]));
      line.remove_prefix(std::min(8 + words[1].size(), line.size()));
    }
    const std::string bytes = mail::unescaped(line);
    while (times-- > 0) group_ += bytes;
    if (!open) group_ += "\r\n";
  }

  /// One more piece, where the machine may be fed. False where nothing is left to do.
  bool pump() {
    if (event_ || awaiting_ || closed_) return false;
    const bool more = fed_ < group_.size();
    if (resumes_ && !(more && pieces_.by_chance())) {
      resumes_ = false;
      take(machine_->feed(""));
      return true;
    }
    if (!more) return false;
    resumes_ = false;
    take(machine_->feed(next_piece()));
    return true;
  }

  std::string_view next_piece() {
    const std::size_t size = pieces_.next(group_.size() - fed_);
    fed_ += size;
    return std::string_view(group_).substr(fed_ - size, size);
  }

  void pump_all() {
    while (pump()) {
    }
  }

  /// Before the client says more, everything has to have been expected.
  void settle() {
    pump_all();
    CHECK(shown(said_) == "");
    CHECK((event_ ? words_of(*event_) : "") == "");
    CHECK(problem_ == "");
    CHECK(fed_ == group_.size());
    group_.clear();
    fed_ = 0;
  }

  void take(ServerMachine::Step step) {
    said_ += step.replies;
    content_ += step.content;
    if (!step.problem.empty()) problem_ = step.problem;
    closed_ = step.close;
    if (step.close || (step.event && step.event->kind == Kind::reset)) content_.clear();
    event_ = std::move(step.event);
  }

  void expect_said(std::string_view line) {
    const std::string wanted = mail::unescaped(line) + "\r\n";
    while (said_.size() < wanted.size() && pump()) {
    }
    CHECK(shown(std::string_view(said_).substr(0, wanted.size())) == shown(wanted));
    said_.erase(0, wanted.size());
  }

  void expect_event(std::string_view words) {
    // Replies are said before the event is looked at.
    while (!event_ && pump()) {
    }
    CHECK(shown(said_) == "");
    REQUIRE(event_);
    CHECK(words_of(*event_) == mail::unescaped(words));
    if (needs_answer(event_->kind)) {
      awaiting_ = event_->kind;
    } else {
      resumes_ = true;
    }
    event_.reset();
  }

  void answer(std::string_view words) {
    REQUIRE(awaiting_);
    CHECK(shown(content_) == "");
    CHECK_FALSE(machine_->idle());
    // What the client has sent before it hears 354 is read before 354 is said; else it does not matter.
    while (fed_ < group_.size() && (awaiting_ == Kind::data || pieces_.by_chance())) {
      const auto step = machine_->feed(next_piece());
      CHECK(shown(step.replies + step.content) == "");
      CHECK((!step.event && !step.close));
    }
    awaiting_.reset();
    said_ += machine_->answer(reply(words));
    resumes_ = true;
  }

  void expect_content(const std::string& wanted) {
    CHECK(shown(std::string_view(content_).substr(0, wanted.size())) == shown(wanted));
    content_.erase(0, wanted.size());
  }

  void expect_close(std::string_view problem) {
    pump_all();
    CHECK(shown(said_) == "");
    CHECK_FALSE(event_);
    CHECK(closed_);
    CHECK(problem_ == problem);
    // Whatever comes then is not heard.
    const auto after = machine_->feed("NOOP\r\n");
    CHECK((after.close && !after.event && after.replies.empty() && after.content.empty() && after.problem.empty()));
    CHECK(machine_->idle());
    CHECK(machine_->goodbye("421 4.3.2 Bye") == "");
    closed_ = false;
    problem_.clear();
    group_.clear();
    fed_ = 0;
    resumes_ = false;
  }

  void expect_state(std::string_view state) {
    pump_all();
    if (state == "idle" || state == "busy") {
      CHECK(machine_->idle() == (state == "idle"));
    } else if (state == "within-line") {
      CHECK(machine_->within_line());
    } else if (state == "within-data") {
      CHECK(machine_->within_data());
    } else {
      FAIL_CHECK("no state: " << state);
    }
  }

  Pieces pieces_;
  ServerSettings settings_ = usual_settings();
  std::vector<std::string> offers_;
  Reply refusal_;
  bool early_ = false;
  std::optional<ServerMachine> machine_;
  std::string group_;  // what the client says at once
  std::size_t fed_ = 0;
  bool in_group_ = false;
  std::string said_, content_, problem_;
  std::optional<ServerMachine::Event> event_;  // not expected yet
  std::optional<Kind> awaiting_;               // not answered yet
  bool resumes_ = false;                       // after an event: what was kept is to be taken
  bool closed_ = false;
};

std::vector<fs::path> dialogues() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(BEADLE_TEST_DATA "/smtp/server")) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

void play(const fs::path& path, const Pieces& pieces) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  // What comes in one read cannot be told apart from what comes late, in pieces.
  if (pieces.kind() != Pieces::Kind::whole && !lines.empty() && lines[0] == "# whole only") return;
  Player player(pieces);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty() || lines[i].starts_with('#')) continue;
    INFO(path.filename().string() << ":" << i + 1 << " " << pieces.name() << ": " << lines[i]);
    player.play(lines[i]);
  }
  INFO(path.filename().string() << " " << pieces.name() << ": the end");
  player.end();
}

}  // namespace

TEST_CASE("dialogues of SMTP clients") {
  const auto paths = dialogues();
  REQUIRE(paths.size() >= 40);
  for (const fs::path& path : paths) {
    play(path, Pieces(Pieces::Kind::whole));
    play(path, Pieces(Pieces::Kind::bytes));
    for (unsigned seed = 1; seed <= 20; ++seed) play(path, Pieces(Pieces::Kind::random, seed));
  }
}

// Columns of smuggling.tsv: name; what the client writes within a message, in front of a second one that it wants to be taken for
// an honest one; what must happen: "refused" (550, closed) or "data" (all of it is one message).
TEST_CASE("no message is smuggled in another one") {
  const auto rows = mail::rows_of_file(BEADLE_TEST_DATA "/smtp/smuggling.tsv");
  REQUIRE(rows.size() >= 30);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 3);
    const std::string before = "Subject: one\r\n\r\nHello";
    const std::string after =
        "MAIL FROM:<mayor@harbridge.example>\r\nRCPT TO:<jo@fencing.example>\r\nDATA\r\nSubject: two\r\n\r\nPay him\r\n.\r\n";
    const std::string sent = before + row[1] + after;
    for (unsigned seed = 0; seed < 20; ++seed) {
      INFO(row[0] << " seed " << seed);
      Pieces pieces(seed == 0 ? Pieces::Kind::whole : seed == 1 ? Pieces::Kind::bytes : Pieces::Kind::random, seed);
      ServerMachine machine(usual_settings());
      machine.greet();
      machine.feed("EHLO client.example\r\n");
      machine.feed("MAIL FROM:<ed@fencing.example>\r\n");
      machine.answer(reply("250 2.1.0 Ok"));
      machine.feed("RCPT TO:<clerk@harbridge.example>\r\n");
      machine.answer(reply("250 2.1.5 Ok"));
      machine.feed("DATA\r\n");
      REQUIRE(machine.answer(reply("354 Go on")) == "354 Go on\r\n");
      std::string said, content;
      std::size_t messages = 0;
      bool closed = false;
      for (std::size_t fed = 0; fed < sent.size() && !closed;) {
        const std::size_t size = pieces.next(sent.size() - fed);
        auto step = machine.feed(std::string_view(sent).substr(fed, size));
        fed += size;
        said += step.replies;
        content += step.content;
        closed = step.close;
        if (!step.event) continue;
        // The end comes with the last byte or not at all, and nothing else does.
        REQUIRE(step.event->kind == Kind::message);
        CHECK(fed == sent.size());
        ++messages;
      }
      if (row[2] == "refused") {
        CHECK(messages == 0);
        CHECK(closed);
        CHECK(said.starts_with("550 5.5.2 Message refused: bare "));
        CHECK(std::count(said.begin(), said.end(), '\n') == 1);
      } else {
        REQUIRE(row[2] == "data");
        CHECK(messages == 1);
        CHECK_FALSE(closed);
        CHECK(said == "");
        std::string wanted = row[1] + after.substr(0, after.size() - 3);
        for (std::size_t at = 0; (at = wanted.find("\r\n.", at)) != std::string::npos; at += 2) wanted.erase(at + 2, 1);
        CHECK(shown(content) == shown(before + wanted));
      }
    }
  }
}

TEST_CASE("commands are counted, and what a long line leaves behind is not kept") {
  ServerMachine machine(usual_settings());
  CHECK(machine.idle());
  machine.greet();
  CHECK(machine.commands() == 0);
  machine.feed("NOOP\r\nNOOP\r\nNO");
  CHECK(machine.commands() == 2);
  CHECK(machine.within_line());
  CHECK_FALSE(machine.idle());
  machine.feed("OP\r\n");
  CHECK(machine.commands() == 3);
  CHECK(machine.idle());
  const std::string piece(100'000, 'x');
  for (int i = 0; i < 100; ++i) CHECK(machine.feed(piece).replies.empty());
  CHECK(machine.within_line());
  CHECK_FALSE(machine.idle());
  CHECK(machine.feed("\r").replies.empty());
  CHECK(machine.feed("\nNOOP\r\n").replies == "500 5.5.2 Line too long\r\n250 2.0.0 Ok\r\n");
  CHECK(machine.commands() == 5);
}

TEST_CASE("who the client is") {
  ServerSettings settings = usual_settings();
  settings.offers.starttls = true;
  ServerMachine machine(settings);
  machine.greet();
  CHECK(machine.helo_name() == "");
  CHECK_FALSE(machine.extended());
  CHECK_FALSE(machine.tls());
  machine.feed("EHLO client.example\r\n");
  CHECK(machine.helo_name() == "client.example");
  CHECK(machine.extended());
  machine.feed("STARTTLS\r\n");
  machine.tls_started();
  CHECK(machine.helo_name() == "");
  CHECK_FALSE(machine.extended());
  CHECK(machine.tls());
  machine.feed("HELO client.example\r\n");
  CHECK(machine.helo_name() == "client.example");
  CHECK_FALSE(machine.extended());
  settings.tls_active = true;
  CHECK(ServerMachine(settings).tls());
}

TEST_CASE("recipients that came with MAIL are known before it is answered, up to the first line that is none") {
  ServerSettings settings = usual_settings();
  settings.offers.pipelining = true;
  const std::string mail = "MAIL FROM:<a@b.example>\r\n", one = "RCPT TO:<one@d.example>\r\n", two = "rcpt to:<two@d.example> \r\n";
  const auto [rest, wanted] = GENERATE_REF(table<std::string, std::size_t>({
      {"", 0},
      {one, 1},
      {one + two + "DATA\r\n", 2},
      {one + "RCPT TO:<tw", 1},
      {one + two.substr(0, two.size() - 1), 1},
      {"DATA\r\n" + one, 0},
      {"RCPT TO:<>\r\n" + one, 0},
      {"RCPT TO:<a\tb@d.example>\r\n" + one, 0},
      {"RCPT TO:<one@d.example>\n" + two, 0},
      {"RCPT TO:<one@d.example> SIZE=1\r\n" + two, 0},
      {"RCPT TO:<" + std::string(limits::smtp_command_bytes_max, 'x') + "@d.example>\r\n" + one, 0},
      {one + two + one + two, 3},
  }));
  settings.recipients_most = 3;
  ServerMachine machine(settings);
  machine.greet();
  machine.feed("EHLO client.example\r\n");
  CHECK(machine.recipients_ahead(10).empty());
  const auto step = machine.feed(mail + rest);
  REQUIRE(step.event);
  const auto ahead = machine.recipients_ahead(10);
  INFO(shown(rest));
  REQUIRE(ahead.size() == wanted);
  CHECK(machine.recipients_ahead(1).size() == std::min<std::size_t>(1, wanted));
  machine.answer(reply("250 2.1.0 Ok"));
  // And each is an event of its own, in order.
  for (const PathCommand& expected : ahead) {
    const auto next = machine.feed("");
    REQUIRE(next.event);
    REQUIRE(next.event->kind == Kind::recipient);
    CHECK(to_command("RCPT", next.event->path) == to_command("RCPT", expected));
    CHECK(machine.recipients_ahead(10).empty());
    machine.answer(reply("250 2.1.5 Ok"));
  }
}
