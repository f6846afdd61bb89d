// A small council in a folder of its own, for commands that need a database with held mail: settings, roster, two rules that load at once.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/exit.h"
#include "store/store.h"

#include "catch.h"

namespace beadle::cli {

constexpr std::string_view town_pack = R"(
[protocol]
name = "marram"
title = "Protocol"
council = "Marram Town Council"
[[rule]]
clause = "7-orders"
family = "member-obligation"
action = "hold"
says = "Councillors place no orders."
[[rule.when]]
sender = ["councillor"]
[[rule.matches]]
from = "councillor"
text = "Hello."
[[rule.passes]]
from = "clerk"
text = "Hello."
)";


struct Ran {
  int code = -1;
  std::string out, err;
  nlohmann::json json() const { return nlohmann::json::parse(out, nullptr, false); }
};

class Town {
 public:
  Town() {
    std::string name = (std::filesystem::temp_directory_path() / "beadle-town-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    std::filesystem::create_directories(folder_ + "/rules/lexicon");
    write("rules/marram.toml", town_pack);
    std::filesystem::copy_file(std::string(BEADLE_TEST_DATA) + "/review/roster.toml", folder_ + "/roster.toml");
    settings("");
  }
  Town(const Town&) = delete;
  Town& operator=(const Town&) = delete;
  ~Town() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  /// `more` goes into [store].
  void settings(const std::string& more) {
    const std::string source = BEADLE_SOURCE_DIR;
    write("beadle.toml", "[council]\nroster = \"roster.toml\"\nprotocol = \"marram\"\nreviewers = [\"tess.orme@marram.example\"]\n"
                         "[rules]\ndirectory = \"rules\"\n[documents]\nenabled = false\n"
                         "[notices]\nfrom = \"mail-review@marram.example\"\ndirectory = \"" + source + "/config/notices\"\n"
                         "[reminders]\nholidays = \"" + source + "/config/holidays.txt\"\n[store]\ndatabase = \"beadle.db\"\n" + more);
  }
  std::string operator/(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, std::string_view text) const { std::ofstream(folder_ + "/" + name, std::ios::binary | std::ios::trunc) << text; }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  /// "beadle …" with the settings of the town, in its folder; `words` are for the shell.
  Ran run(const std::string& words, const std::string& input = "") const {
    write("in", input);
    const std::string command = "cd '" + folder_ + "' && " + BEADLE_PROGRAM + " " + words + " <in >out 2>err";
    const int status = std::system(command.c_str());  // NOLINT
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read("out"), read("err")};
  }
  /// The same, as who became root with sudo.
  Ran run_as(const std::string& login, const std::string& words) const {
    ::setenv("SUDO_USER", login.c_str(), 1);
    const Ran ran = run(words);
    ::unsetenv("SUDO_USER");
    return ran;
  }
  Ran held(const std::string& words) const { return run("held " + words + " --config beadle.toml"); }
  Ran user(const std::string& words, const std::string& input = "") const { return run("user " + words + " --config beadle.toml --by root", input); }

  /// A councillor's order; gives its id.
  std::string hold(const std::vector<std::string>& recipients, const std::string& subject = "The fence at Gull Lane") {
    auto store = store::Store::open(folder_ + "/beadle.db", system_now());
    REQUIRE(store);
    store::NewHeld held;
    held.door = "milter";
    held.envelope = {.sender = "nell.barrow@marram.example", .recipients = recipients, .login = "", .smtputf8 = false, .body = ""};
    held.bytes = "From: Nell Barrow <nell.barrow@marram.example>\r\nTo: Quay Fencing <orders@quay.example>\r\nSubject: " + subject +
                 "\r\nMessage-ID: <fence@marram.example>\r\n\r\nPlease go ahead, the council will pay.\r\n";
    held.verdict_json = R"({"action": "hold", "footer": [], "findings": []})";
    held.from = held.envelope.sender;
    held.subject = subject;
    held.message_id = "fence@marram.example";
    held.clauses = {"marram/7-orders"};
    held.intake_key = std::to_string(++held_);
    const auto outcome = store->hold(held, system_now(), nullptr);
    REQUIRE(outcome);
    return outcome->id;
  }
  void add_user(const std::string& name, const std::string& address, const std::string& role) const {
    const Ran added = user("add " + name + " --address " + address + " --role " + role + " --password-stdin", "three-random-words\n");
    INFO(added.err);
    REQUIRE(added.code == 0);
  }

 private:
  std::string folder_;
  int held_ = 0;
};

}  // namespace beadle::cli
