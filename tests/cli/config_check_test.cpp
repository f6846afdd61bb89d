// beadle config check: what would keep `beadle serve` from starting is said before, with the same exit code.
#include <sys/stat.h>
#include <unistd.h>

#include "town.h"

namespace beadle::cli {
namespace {

Ran checked(const Town& town) { return town.run("config check beadle.toml"); }

void says(const Town& town, const std::string& words) {
  const Ran ran = checked(town);
  INFO(ran.out + ran.err);
  CHECK(ran.code == exit_config);
  CHECK(ran.out == "");
  CHECK(ran.err.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("settings with which serve would start can be used, and are left as they were") {
  const Town town;
  const Ran ran = checked(town);
  INFO(ran.err);
  CHECK(ran.code == exit_ok);
  CHECK(ran.err == "");
  CHECK(ran.out.starts_with("beadle.toml: can be used; protocol marram, mode observe, rules "));
  CHECK_FALSE(std::filesystem::exists(town / "beadle.db"));
}

TEST_CASE("what is missing is said as serve would say it") {
  Town town;
  SECTION("the folder of the database") {
    std::string text = town.read("beadle.toml");
    text.replace(text.find("\"beadle.db\""), 11, "\"away/beadle.db\"");
    town.write("beadle.toml", text);
    says(town, ":12: away: no such directory: create it, owned by the user that runs Beadle");
  }
  SECTION("the folder of the spool") {
    town.settings("[smtp]\nnext-hop = \"inet:127.0.0.1:10026\"\nspool = \"away\"\n");
    says(town, "smtp.spool: away: no such folder");
    // Without the door nobody needs it.
    town.settings("[smtp]\nspool = \"away\"\n");
    CHECK(checked(town).code == exit_ok);
  }
  SECTION("the templates of notices") {
    std::string text = town.read("beadle.toml");
    const std::string folder = std::string(BEADLE_SOURCE_DIR) + "/config/notices";
    text.replace(text.find(folder), folder.size(), "nowhere");
    town.write("beadle.toml", text);
    says(town, ":13: nowhere: no such folder of notices (copy config/notices there");
    std::filesystem::create_directories(town / "nowhere");
    says(town, "nowhere/held-sender.txt: this notice template is missing");
  }
  SECTION("a file that is no database") {
    town.write("beadle.db", "x");
    says(town, "not a database, or damaged: too short");
  }
  SECTION("the key of the store") {
    town.settings("key = \"store.key\"\n");
    says(town, "store.key: No such file or directory");
    // systemd hands this one over; whoever checks has not been started by it.
    town.settings("key = \"credential:beadle-key\"\n");
    CHECK(checked(town).code == exit_ok);
  }
  SECTION("certificates, passwords and secrets of the SMTP door") {
    const std::string door = "[smtp]\nspool = \".\"\nlisten = \"inet:127.0.0.1:10025\"\nnext-hop = \"inet:127.0.0.1:10026\"\n";
    town.settings(door);
    CHECK(checked(town).code == exit_ok);
    town.settings(door + "certificate = \"chain.pem\"\nkey = \"key.pem\"\n");
    says(town, "chain.pem");
    town.settings(door + "user = \"beadle\"\npassword-file = \"password\"\n");
    says(town, "password: cannot be read");
    town.settings(door + "require-field = \"X-Route\"\nrequire-field-file = \"route\"\n");
    says(town, "route: cannot be read");
    town.write("route", "short\n");
    says(town, "can be guessed");
  }
}

TEST_CASE("reviewers that the roster does not know, and councillors, are odd") {
  const Town town;
  std::string text = town.read("beadle.toml");
  const std::size_t theirs = text.find("reviewers =");
  if (theirs != std::string::npos) text.erase(theirs, text.find('\n', theirs) + 1 - theirs);
  text.insert(text.find("protocol ="), "reviewers = [\"clerk@marram.example\", \"nell.barrow@marram.example\",\n  \"clerk@maram.example\"]\n");
  town.write("beadle.toml", text);
  const Ran ran = checked(town);
  CHECK(ran.code == exit_ok);
  CHECK(ran.err ==
        "beadle.toml:3:38: odd: reviewers: \"nell.barrow@marram.example\" is Nell Barrow, a councillor "
        "(held mail is decided about by officers: clerk, monitoring officer, deputy)\n"
        "beadle.toml:4:3: odd: reviewers: \"clerk@maram.example\" is the address of nobody in the roster (a slip of typing? Else put the person into the roster, "
        "so that it is known which mail he or she has a part in)\n");
}

TEST_CASE("a database that root makes belongs to the user whose folder it stands in") {
  if (::geteuid() != 0) {
    WARN("skipped: needs root");
    return;
  }
  const Town town;
  REQUIRE(::chown((town / "").c_str(), 65'534, 65'534) == 0);
  REQUIRE(town.user("list").code == exit_ok);
  struct stat found = {};
  REQUIRE(::stat((town / "beadle.db").c_str(), &found) == 0);
  CHECK(found.st_uid == 65'534);
}

}  // namespace beadle::cli
