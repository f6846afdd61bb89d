// Plays tests/data/smtp/*.dlg into the client machine, whole and byte by byte. First what is to be sent:
//   from ADDRESS · to ADDRESS · 8bit · utf8 · helo NAME · text BYTES (\r \n \xHH; repeat N BYTES)
// then the dialogue:
//   > line   the server says it (\r\n is added; a backslash at the end leaves it out)     < line   we say it
//   ! why    the connection is lost         = ADDRESS OUTCOME REPLY   what became of a recipient, at the end
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "smtp/client.h"

#include "catch.h"

namespace fs = std::filesystem;
using namespace beadle;
using namespace beadle::smtp;

namespace {

enum class Pieces { whole, bytes };

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
    } else if (const char c = text[++i]; c == 'x') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += c == 'r' ? '\r' : c == 'n' ? '\n' : c == '0' ? '\0' : c;
    }
  }
  return out;
}

/// `repeat N BYTES` or bytes.
std::string bytes_of(std::string_view text) {
  if (!text.starts_with("repeat ")) return unescaped(text);
  const auto words = split(text, ' ');
  const std::string once = unescaped(text.substr(8 + words[1].size()));
  std::string out;
  for (int i = std::stoi(std::string(words[1])); i > 0; --i) out += once;
  return out;
}

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

class Player {
 public:
  explicit Player(Pieces pieces) : pieces_(pieces) {}

  void play(std::string_view line) {
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string_view what = line.substr(0, blank);
    const std::string_view rest = line.substr(std::min(blank + 1, line.size()));
    if (what == "from")
      mail_.sender = unescaped(rest);
    else if (what == "to")
      mail_.recipients.push_back(unescaped(rest));
    else if (what == "8bit")
      mail_.eight_bit = true;
    else if (what == "utf8")
      mail_.smtputf8 = true;
    else if (what == "helo")
      helo_ = rest;
    else if (what == "text")
      mail_.bytes += bytes_of(rest);
    else if (what == ">")
      hear(rest);
    else if (what == "<")
      expect_said(unescaped(rest) + "\r\n");
    else if (what == "!")
      lose(rest);
    else if (what == "=")
      expect_outcome(rest);
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
    if (!machine_) machine_.emplace(helo_, mail_);
  }

  void hear(std::string_view line) {
    start();
    // Whatever was said has to be expected before the server says more.
    CHECK(said_ == "");
    CHECK_FALSE(machine_->finished());
    const bool open = line.ends_with('\\');
    pending_ += bytes_of(open ? line.substr(0, line.size() - 1) : line) + (open ? "" : "\r\n");
    if (open) return;
    const std::string bytes = std::move(pending_);
    pending_.clear();
    if (pieces_ == Pieces::whole) {
      said_ += machine_->feed(bytes);
    } else {
      for (const char& byte : bytes) said_ += machine_->feed(std::string_view(&byte, 1));
    }
  }

  void lose(std::string_view why) {
    start();
    CHECK(said_ == "");
    machine_->connection_lost(why);
  }

  void expect_said(const std::string& wanted) {
    CHECK(said_.substr(0, wanted.size()) == wanted);
    said_.erase(0, wanted.size());
  }

  void expect_outcome(std::string_view text) {
    start();
    const auto words = split(text, ' ');
    REQUIRE(words.size() >= 2);
    REQUIRE(outcomes_seen_ < machine_->outcomes().size());
    const RecipientReply& outcome = machine_->outcomes()[outcomes_seen_++];
    CHECK(outcome.address == unescaped(words[0]));
    CHECK(word(outcome.outcome) == words[1]);
    CHECK(outcome.reply == text.substr(std::min(words[0].size() + words[1].size() + 2, text.size())));
  }

  Pieces pieces_;
  std::string helo_ = "mail.harbridge.example";
  OutgoingMail mail_;
  std::optional<ClientMachine> machine_;
  std::string pending_, said_;
  std::size_t outcomes_seen_ = 0;
};

std::vector<fs::path> dialogues() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(BEADLE_TEST_DATA "/smtp")) {
    if (entry.path().extension() == ".dlg") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

TEST_CASE("SMTP dialogues") {
  const auto paths = dialogues();
  REQUIRE(paths.size() >= 20);
  for (const fs::path& path : paths) {
    for (const Pieces pieces : {Pieces::whole, Pieces::bytes}) {
      std::ifstream file(path);
      std::vector<std::string> lines;
      for (std::string line; std::getline(file, line);) lines.push_back(line);
      // What comes in one read cannot be told apart from what comes late, byte by byte.
      if (pieces == Pieces::bytes && !lines.empty() && lines[0] == "# whole only") continue;
      Player player(pieces);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].empty() || lines[i].starts_with('#')) continue;
        INFO(path.filename().string() << ":" << i + 1 << (pieces == Pieces::bytes ? " byte by byte: " : ": ") << lines[i]);
        player.play(lines[i]);
      }
      INFO(path.filename().string() << ": the end");
      player.end();
    }
  }
}
