// Plays tests/data/milter/*.dlg into the session, whole and byte by byte. Lines:
//   > packet      we hear it                       < packet   we say it              >> hex   we hear these bytes
//   = what value  what intake is handed            : what …   what intake answers, or : give-up REPLY in the midst of a message
//   ! problem     the connection ends; "! closed" without a problem
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "milter/packets.h"
#include "milter/session.h"

#include "catch.h"

namespace fs = std::filesystem;
using namespace beadle;
using namespace beadle::milter;

namespace {

enum class Pieces { whole, bytes };

std::string shown(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      out += std::string("\\x") + "0123456789abcdef"[static_cast<unsigned char>(c) >> 4] + "0123456789abcdef"[c & 15];
    }
  }
  return shortened(out, 400);
}

class Player {
 public:
  explicit Player(Pieces pieces) : pieces_(pieces) {}

  void play(std::string_view line) {
    const std::string_view rest = line.size() > 2 ? line.substr(2) : "";
    if (line.starts_with(">> ")) {
      for (std::size_t i = 3; i + 1 < line.size(); i += 2) heard_ += unescaped("\\x" + std::string(line.substr(i, 2)));
    } else if (line.starts_with("> ")) {
      if (arrival_) answer();
      heard_ += packet(rest);
    } else {
      flush();
      if (line.starts_with("= ")) return expect_arrival(rest);
      if (line.starts_with(": ")) return take_answer(rest);
      if (arrival_ && answered_) answer();
      if (line.starts_with("< ")) return expect_said(packet(rest));
      if (line.starts_with("! ")) return expect_end(rest);
      FAIL_CHECK("no line of a dialogue: " << line);
    }
  }

  void end() {
    flush();
    if (arrival_) answer();
    CHECK(shown(said_) == "");
    CHECK(problem_ == "");
    CHECK_FALSE(closed_);
  }

 private:
  void feed(std::string_view bytes) {
    auto step = session_.feed(bytes);
    said_ += step.replies;
    if (step.arrival) {
      REQUIRE_FALSE(arrival_);
      arrival_ = std::move(step.arrival);
      CHECK_FALSE(session_.idle());
    }
    if (step.close) closed_ = true;
    if (!step.problem.empty()) problem_ = step.problem;
  }

  void flush() {
    const std::string heard = std::move(heard_);
    heard_.clear();
    if (heard.empty()) return;
    if (pieces_ == Pieces::whole) return feed(heard);
    for (const char& byte : heard) feed(std::string_view(&byte, 1));
  }

  void answer() {
    arrival_.reset();
    said_ += session_.answer(answer_);
    answer_ = {};
    answered_ = false;
    feed("");
  }

  void expect_arrival(std::string_view text) {
    REQUIRE(arrival_);
    const std::string what = take_token(text);
    const std::string value = take_token(text);
    if (what == "sender")
      CHECK(arrival_->envelope.sender == value);
    else if (what == "recipients")
      CHECK(joined(arrival_->envelope.recipients, ",") == value);
    else if (what == "login")
      CHECK(arrival_->envelope.login == value);
    else if (what == "smtputf8")
      CHECK(std::string(arrival_->envelope.smtputf8 ? "yes" : "no") == value);
    else if (what == "body")
      CHECK(arrival_->envelope.body == value);
    else if (what == "dsn")
      CHECK(arrival_->envelope.dsn == value);
    else if (what == "recipient-dsn")
      CHECK(joined(arrival_->envelope.recipient_dsn, "|") == value);
    else if (what == "client")
      CHECK(arrival_->client == value);
    else if (what == "queue-id")
      CHECK(arrival_->queue_id == value);
    else if (what == "bytes")
      CHECK(shown(arrival_->bytes) == shown(value));
    else if (what == "size")
      CHECK(std::to_string(arrival_->bytes.size()) == value);
    else
      FAIL_CHECK("nothing to expect of an arrival: " << what);
    CHECK(arrival_->door == "milter");
  }

  void take_answer(std::string_view text) {
    const std::string what = take_token(text);
    if (what == "give-up") return session_.give_up(trimmed(text));
    REQUIRE(arrival_);
    answered_ = true;
    if (what == "accept")
      answer_.kind = intake::Answer::Kind::accept;
    else if (what == "held")
      answer_.kind = intake::Answer::Kind::held;
    else if (what == "try-later")
      answer_.reply = take_token(text);
    else if (what == "edited")
      answer_.edited = take_token(text);
    else if (what == "remove")
      answer_.remove_fields.push_back(take_token(text));
    else if (what == "add") {
      const std::string name = take_token(text);
      answer_.add_fields.emplace_back(name, take_token(text));
    } else
      FAIL_CHECK("no answer of intake: " << what);
  }

  void expect_said(const std::string& wanted) {
    CHECK(shown(std::string_view(said_).substr(0, wanted.size())) == shown(wanted));
    said_.erase(0, wanted.size());
  }

  void expect_end(std::string_view problem) {
    CHECK(closed_);
    CHECK(problem_ == (problem == "closed" ? "" : problem));
    closed_ = false;
    problem_.clear();
    CHECK(session_.idle());
    feed("anything");
    CHECK(closed_);
    closed_ = false;
    CHECK(session_.bytes_held() == 0);
  }

  Pieces pieces_;
  Session session_;
  std::string heard_, said_, problem_;
  bool closed_ = false;
  std::optional<intake::Arrival> arrival_;
  intake::Answer answer_;
  bool answered_ = false;
};

std::vector<fs::path> dialogues() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(BEADLE_TEST_DATA "/milter")) {
    if (entry.path().extension() == ".dlg") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

TEST_CASE("milter dialogues") {
  const auto paths = dialogues();
  REQUIRE(paths.size() >= 20);
  for (const fs::path& path : paths) {
    for (const Pieces pieces : {Pieces::whole, Pieces::bytes}) {
      std::ifstream file(path);
      Player player(pieces);
      std::size_t number = 0;
      for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.empty() || line.starts_with('#')) continue;
        INFO(path.filename().string() << ":" << number << (pieces == Pieces::bytes ? " byte by byte: " : ": ") << line);
        player.play(line);
      }
      INFO(path.filename().string() << (pieces == Pieces::bytes ? " byte by byte" : "") << ": the end");
      player.end();
    }
  }
}
