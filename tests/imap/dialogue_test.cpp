// Conversations with mail servers, honest and hostile, as files: tests/data/imap/*.dlg. Each is played twice, whole and byte by byte.
//   do COMMAND …   what is begun: capabilities, namespaces, list, examine F, select F, search A B, summaries U…, bodies U…, append F TEXT,
//                  move F U…, fields U…, find-id ID, create F, subscribe F, answered U…, remove U…, idle, end-idle, noop, logout
//   C: line        what we say          S: line   what the server says (\xHH for a byte)      S~ text   the same without CR LF
//   S#N text       N times              ! words   the next event, or "problem …"; "unoffered" where a command could not begin
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/text.h"
#include "base/time.h"
#include "catch.h"
#include "imap/machine.h"

namespace fs = std::filesystem;
using namespace beadle;
using namespace beadle::imap;

namespace {

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] == 'x') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 2, 2)), nullptr, 16));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Shown {
  std::string operator()(const Capabilities& event) const { return "capabilities " + joined(event.names, " "); }
  std::string operator()(const Folder& event) const {
    return "folder " + event.name + " " + (event.separator == '\0' ? std::string("-") : std::string(1, event.separator)) + " " + joined(event.attributes, " ");
  }
  std::string operator()(const Namespaces& event) const {
    std::string out = "namespaces";
    for (const auto* kind : {&event.own, &event.others, &event.shared}) {
      out += " |";
      for (const Namespace& one : *kind) out += " <" + one.prefix + ">";
    }
    return out;
  }
  std::string operator()(const Found& event) const { return "found " + uid_set(event.uids); }
  std::string operator()(const Item& event) const {
    std::string out = "item " + std::to_string(event.uid) + " size " + std::to_string(event.size) + " flags " + joined(event.flags, " ");
    if (event.received) out += " at " + to_rfc3339(*event.received);
    if (event.header) out += " header " + std::string(trimmed(*event.header));
    if (event.body) out += " body " + std::to_string(event.body->size()) + " " + printable(event.body->substr(0, 40));
    return out;
  }
  std::string operator()(const Changed& event) const { return "changed " + std::to_string(event.exists); }
  std::string operator()(const Idling&) const { return "idling"; }
  std::string operator()(const Completed& event) const {
    static constexpr const char* words[] = {"ok", "no", "bad"};
    return words[static_cast<std::size_t>(event.status)] + std::string(event.code.empty() ? "" : " [" + event.code + "]");
  }
  std::string operator()(const Bye& event) const { return "bye " + event.words; }
};

class Player {
 public:
  Player(const fs::path& file, std::size_t piece) : piece_(piece) {
    std::ifstream in(file, std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line.starts_with('#')) continue;
      INFO(file.filename().string() << ": " << line.substr(0, 150));
      step(line);
    }
    deliver();
    CHECK(events_.empty());
    CHECK(said_.empty());
  }

 private:
  void step(const std::string& line) {
    if (line.starts_with("S: ")) {
      heard_ += unescaped(std::string_view(line).substr(3)) + "\r\n";
    } else if (line.starts_with("S~ ")) {
      heard_ += unescaped(std::string_view(line).substr(3));
    } else if (line.starts_with("S#")) {
      const std::size_t blank = line.find(' ');
      const std::string text = unescaped(std::string_view(line).substr(blank + 1));
      for (int i = std::stoi(line.substr(2, blank - 2)); i > 0; --i) heard_ += text;
    } else if (line.starts_with("do ")) {
      deliver();
      run(line.substr(3));
    } else if (line.starts_with("C: ")) {
      deliver();
      const std::string expected = unescaped(std::string_view(line).substr(3)) + "\r\n";
      REQUIRE(said_.substr(0, expected.size()) == expected);
      said_.erase(0, expected.size());
    } else if (line.starts_with("! ")) {
      deliver();
      if (events_.empty() && !machine_.problem().empty()) {
        CHECK("problem " + machine_.problem() == line.substr(2));
        return;
      }
      REQUIRE_FALSE(events_.empty());
      CHECK(events_.front() == line.substr(2));
      events_.pop_front();
    } else {
      FAIL("what is this?");
    }
  }

  void deliver() {
    for (std::string_view left = heard_; !left.empty() && machine_.problem().empty();) {
      machine_.feed(left.substr(0, piece_));
      left.remove_prefix(std::min(piece_, left.size()));
      while (auto event = machine_.next_event()) events_.push_back(std::visit(Shown(), *event));
    }
    heard_.clear();
    said_ += machine_.take_output();
  }

  void run(const std::string& command) {
    std::istringstream in(command);
    std::string name, folder;
    in >> name;
    const auto read_folder = [&] {
      in >> folder;
      std::replace(folder.begin(), folder.end(), '_', ' ');
    };
    const auto read_uids = [&] { return std::vector<std::uint32_t>(std::istream_iterator<std::uint32_t>(in), {}); };
    bool offered = true;
    if (name == "capabilities") machine_.ask_capabilities();
    if (name == "namespaces") machine_.ask_namespaces();
    if (name == "list") machine_.list_folders();
    if (name == "examine" || name == "select") {
      read_folder();
      machine_.open_folder(folder, name == "examine");
    }
    if (name == "search") {
      const auto bounds = read_uids();
      machine_.search(bounds.at(0), bounds.at(1));
    }
    if (name == "summaries") machine_.fetch_summaries(read_uids());
    if (name == "bodies") machine_.fetch_bodies(read_uids());
    if (name == "append") {
      read_folder();
      std::string text;
      in >> text;
      machine_.append(folder, {"\\Seen"}, Time(std::chrono::sys_days(std::chrono::year(2026) / 3 / 9)), unescaped(text));
    }
    if (name == "move") {
      read_folder();
      offered = machine_.move(read_uids(), folder);
    }
    if (name == "fields") machine_.fetch_fields(read_uids(), "BEADLE-HELD-ID MESSAGE-ID");
    if (name == "find-id") {
      in >> folder;
      machine_.search_message_id(folder);
    }
    if (name == "create" || name == "subscribe") {
      read_folder();
      name == "create" ? machine_.create(folder) : machine_.subscribe(folder);
    }
    if (name == "answered") machine_.add_flag(read_uids(), "\\Answered");
    if (name == "remove") offered = machine_.remove(read_uids());
    if (name == "idle") offered = machine_.idle();
    if (name == "end-idle") machine_.end_idle();
    if (name == "noop") machine_.noop();
    if (name == "logout") machine_.log_out();
    if (!offered) events_.push_back("unoffered");
    said_ += machine_.take_output();
  }

  Machine machine_;
  std::size_t piece_;
  std::string heard_, said_;
  std::deque<std::string> events_;
};

}  // namespace

TEST_CASE("conversations go as written down, whole and byte by byte") {
  std::size_t played = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(BEADLE_TEST_DATA) / "imap")) {
    if (entry.path().extension() != ".dlg") continue;
    ++played;
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 30}) Player(entry.path(), piece);
  }
  CHECK(played >= 30);
}
