// beadle store: the key that content is sealed with.
#include <sys/stat.h>

#include "town.h"

namespace beadle::cli {

TEST_CASE("a key is written for its owner alone, and never over a file that is there") {
  const Town town;
  CHECK(town.run("store new-key store.key").code == 0);
  struct stat status = {};
  REQUIRE(::stat((town / "store.key").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const std::string key = town.read("store.key");
  CHECK(key.size() > 32);
  const Ran again = town.run("store new-key store.key");
  CHECK(again.code == exit_unavailable);
  CHECK(again.err == "beadle: store.key is there already: a key is never written over\n");
  CHECK(town.read("store.key") == key);
  CHECK(town.run("store new-key other.key").code == 0);
  CHECK(town.read("other.key") != key);
  CHECK(town.run("store new-key nowhere/store.key").code == exit_try_later);
  CHECK(town.run("store new-key").code == exit_usage);
  // Nor over what a link leads to.
  std::filesystem::create_symlink("store.key", town / "link.key");
  CHECK(town.run("store new-key link.key").code == exit_unavailable);
  CHECK(town.read("store.key") == key);
}

TEST_CASE("content is sealed, sealed anew with another key, and opened again") {
  Town town;
  const std::string id = town.hold({"orders@quay.example"});
  town.add_user("sam", "sam.reed@marram.example", "reviewer");
  const std::string words = "the council will pay";
  const auto raw = [&] { return town.run("held show " + id + " --raw --by sam --config beadle.toml"); };
  const auto seal = [&] { return town.run("store seal --config beadle.toml"); };
  REQUIRE(town.run("store new-key one.key").code == 0);
  REQUIRE(town.run("store new-key two.key").code == 0);
  CHECK(seal().out.find("there is no key in [store]") != std::string::npos);

  town.settings("key = \"one.key\"\n");
  const Ran sealed = seal();
  CHECK(sealed.code == 0);
  CHECK(sealed.out.find("sealed with the key of [store]") != std::string::npos);
  CHECK(sealed.out.substr(0, 2) != "0 ");
  CHECK(raw().out.find(words) != std::string::npos);
  CHECK(seal().out.starts_with("0 rows sealed"));
  CHECK(town.run("held list --search fence --json --config beadle.toml").json().size() == 1);

  // Without the key nothing comes out, and nothing is lost.
  town.settings("");
  const Ran without = raw();
  CHECK(without.code != 0);
  CHECK(without.out.empty());
  town.settings("key = \"two.key\"\n");
  CHECK(raw().code != 0);
  const Ran blind = seal();
  CHECK(blind.err.find("sealed-with-missing-key") != std::string::npos);
  CHECK(blind.out.find("everything") == std::string::npos);  // or somebody would take the old key away for good

  town.settings("key = \"two.key\"\nold-keys = [\"one.key\"]\n");
  CHECK(raw().out.find(words) != std::string::npos);
  CHECK(seal().code == 0);
  town.settings("key = \"two.key\"\n");
  CHECK(raw().out.find(words) != std::string::npos);

  town.settings("old-keys = [\"two.key\"]\n");
  CHECK(seal().code == 0);
  town.settings("");
  CHECK(raw().out.find(words) != std::string::npos);
  CHECK(town.run("audit verify --config beadle.toml").code == 0);
}

TEST_CASE("a key that is not there, or is none, is said") {
  Town town;
  town.hold({"orders@quay.example"});
  town.write("short.key", "abc\n");
  for (const char* key : {"absent.key", "short.key", "credential:absent"}) {
    INFO(key);
    town.settings("key = \"" + std::string(key) + "\"\n");
    const Ran ran = town.run("store seal --config beadle.toml");
    CHECK(ran.code != 0);
    CHECK(ran.err.starts_with("beadle: "));
    CHECK(town.held("list").code != 0);
  }
}

}  // namespace beadle::cli
