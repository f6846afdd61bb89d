// Plays tests/data/smtp/*.dlg into the client machine, whole and byte by byte, then over a socket to send_mail. First what is to
// be sent:
//   from ADDRESS · to ADDRESS · 8bit · utf8 · helo NAME · text BYTES (\r \n \xHH; repeat N BYTES)
//   dsn PARAMETERS   what the sender asked for (RFC 3461), behind "to" for that recipient
// then the dialogue:
//   > line   the server says it (\r\n is added; a backslash at the end leaves it out)     < line   we say it
//   ! why    the connection is lost         = ADDRESS OUTCOME REPLY   what became of a recipient, at the end
#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"
#include "smtp/client_machine.h"
#include "smtp/script.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;

namespace {

enum class Pieces { whole, bytes };

std::string word(RecipientReply::Outcome outcome) {
  switch (outcome) {
    case RecipientReply::Outcome::delivered:
      return "delivered";
    case RecipientReply::Outcome::deferred:
      return "deferred";
    case RecipientReply::Outcome::refused:
      return "refused";
  }
  return "";
}

void check_outcome(const RecipientReply& outcome, std::string_view text) {
  const auto words = split(text, ' ');
  REQUIRE(words.size() >= 2);
  CHECK(outcome.address == unescaped(words[0]));
  CHECK(word(outcome.outcome) == words[1]);
  CHECK(outcome.reply == text.substr(std::min(words[0].size() + words[1].size() + 2, text.size())));
}

/// What is to be sent, as the first lines of a file say; false: the line is of the dialogue.
struct Sent {
  std::string helo = "mail.harbridge.example";
  OutgoingMail mail;
  bool take(const Line& line) {
    if (line.what == "from")
      mail.sender = unescaped(line.rest);
    else if (line.what == "to")
      mail.recipients.push_back(unescaped(line.rest));
    else if (line.what == "dsn" && mail.recipients.empty())
      mail.dsn = bytes_of(line.rest);
    else if (line.what == "dsn") {
      mail.recipient_dsn.resize(mail.recipients.size());
      mail.recipient_dsn.back() = bytes_of(line.rest);
    } else if (line.what == "8bit")
      mail.eight_bit = true;
    else if (line.what == "utf8")
      mail.smtputf8 = true;
    else if (line.what == "helo")
      helo = line.rest;
    else if (line.what == "text")
      mail.bytes += bytes_of(line.rest);
    else
      return false;
    return true;
  }
};

class Player {
 public:
  explicit Player(Pieces pieces) : pieces_(pieces) {}

  void play(const Line& line) {
    if (sent_.take(line)) return;
    start();
    if (line.what == ">")
      hear(line.rest);
    else if (line.what == "<")
      expect_said(unescaped(line.rest) + "\r\n");
    else if (line.what == "!")
      lose(line.rest);
    else if (line.what == "=")
      expect_outcome(line.rest);
    else
      FAIL_CHECK("no line of a dialogue");
  }

  void end() {
    start();
    CHECK(said_ == "");
    CHECK(machine_->finished());
    CHECK(machine_->settled());
    CHECK(outcomes_seen_ == machine_->outcomes().size());
  }

 private:
  void start() {
    if (!machine_) machine_.emplace(sent_.helo, sent_.mail);
  }

  void hear(std::string_view line) {
    // Whatever was said has to be expected before the server says more.
    CHECK(said_ == "");
    CHECK_FALSE(machine_->finished());
    pending_ += heard_of(line);
    if (line.ends_with('\\')) return;
    const std::string bytes = std::move(pending_);
    pending_.clear();
    if (pieces_ == Pieces::whole) {
      said_ += machine_->feed(bytes);
    } else {
      for (const char& byte : bytes) said_ += machine_->feed(std::string_view(&byte, 1));
    }
  }

  void lose(std::string_view why) {
    CHECK(said_ == "");
    machine_->connection_lost(why);
  }

  void expect_said(const std::string& wanted) {
    CHECK(said_.substr(0, wanted.size()) == wanted);
    said_.erase(0, wanted.size());
  }

  void expect_outcome(std::string_view text) {
    REQUIRE(outcomes_seen_ < machine_->outcomes().size());
    check_outcome(machine_->outcomes()[outcomes_seen_++], text);
  }

  Pieces pieces_;
  Sent sent_;
  std::optional<ClientMachine> machine_;
  std::string pending_, said_;
  std::size_t outcomes_seen_ = 0;
};

void play_live(const Script& script) {
  ScriptedPeer peer(script);
  Sent sent;
  for (const Line& line : script.lines) sent.take(line);
  const auto outcomes = send_mail(peer.endpoint(), sent.helo, sent.mail, nullptr);
  CHECK(peer.trouble() == "");
  std::size_t seen = 0;
  for (const Line& line : script.lines) {
    if (line.what != "=") continue;
    INFO(line.number << ": " << line.whole);
    REQUIRE(seen < outcomes.size());
    // A socket has words of its own for a connection that is lost.
    const RecipientReply& outcome = outcomes[seen++];
    const bool lost = script.has("!") && outcome.reply == "beadle: the mail server closed the connection";
    check_outcome(outcome, lost ? line.rest.substr(0, line.rest.find("beadle:")) + outcome.reply : line.rest);
  }
  CHECK(seen == outcomes.size());
}

}  // namespace

TEST_CASE("SMTP dialogues") {
  const auto all = scripts(BEADLE_TEST_DATA "/smtp", ".dlg");
  REQUIRE(all.size() >= 20);
  for (const Script& script : all) {
    for (const Pieces pieces : {Pieces::whole, Pieces::bytes}) {
      if (pieces == Pieces::bytes && script.whole_only) continue;
      Player player(pieces);
      for (const Line& line : script.lines) {
        INFO(script.name << ":" << line.number << (pieces == Pieces::bytes ? " byte by byte: " : ": ") << line.whole);
        player.play(line);
      }
      INFO(script.name << ": the end");
      player.end();
    }
  }
}

TEST_CASE("SMTP dialogues over a socket") {
  for (const Script& script : scripts(BEADLE_TEST_DATA "/smtp", ".dlg")) {
    INFO(script.name);
    play_live(script);
  }
}
