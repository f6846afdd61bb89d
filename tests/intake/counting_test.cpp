// Every verdict is counted: once a mail, by what was done and who wrote, and never at the cost of a mail.
#include <cstdlib>
#include <filesystem>

#include "base/log.h"
#include "intake/town.h"

namespace beadle::intake {

TEST_CASE("a door is told that its message may go, and not of one that is held") {
  Town town;
  CHECK(town.send(jane, olivia, "open").kind == Answer::Kind::accept);
  CHECK(town.went() == 1);
  CHECK(town.send(jane, stranger, "secret").kind == Answer::Kind::held);
  CHECK(town.went() == 1);
}

TEST_CASE("verdicts are counted by what was done and who wrote, once a minute or when asked") {
  Town town;
  town.send(jane, olivia, "open0");  // the first one is written at once
  CHECK(town.written("pass", "councillor") == 1);
  town.send(jane, olivia, "open1");
  town.send(olivia, jane, "open2");
  town.send(stranger, jane, "open3");
  CHECK(town.send(jane, stranger, "secret").kind == Answer::Kind::held);
  CHECK(town.written("pass", "councillor") == 1);  // not yet
  SECTION("when a minute is over, with the next mail") {
    town.pass(std::chrono::minutes(1));
    town.send(jane, olivia, "open4");
    CHECK(town.written("pass", "councillor") == 3);
  }
  SECTION("when asked, and once only") {
    town.intake().flush();
    town.intake().flush();
    CHECK(town.written("pass", "councillor") == 2);
  }
  CHECK(town.written("pass", "officer") == 1);
  CHECK(town.written("pass", "other") == 1);
  CHECK(town.written("hold", "councillor") == 1);
  CHECK(town.written("hold", "councillor", "marram/1") == 1);
  CHECK(town.written("pass", "councillor", "marram/1") == 0);
}

TEST_CASE("the same submission again is counted once") {
  Town town;
  CHECK(town.send(jane, stranger, "secret").kind == Answer::Kind::held);
  CHECK(town.send(jane, stranger, "secret").kind == Answer::Kind::held);
  town.intake().flush();
  CHECK(town.written("hold", "councillor") == 1);
}

TEST_CASE("numbers that cannot be written defer no mail and are written later") {
  char name[] = "/tmp/beadle-counting-XXXXXX";
  REQUIRE(::mkdtemp(name) != nullptr);
  const std::string path = std::string(name) + "/beadle.db";
  {
    Town town({.vault = nullptr, .busy_timeout_ms = 1, .pages_max = 0}, path);
    town.send(stranger, stranger, "open0");
    {
      store::Database other = must(store::Database::open(path, 1000));
      store::Transaction lock = must(store::Transaction::begin_write(other));
      for (int minute = 0; minute < 3; ++minute) {
        town.pass(std::chrono::minutes(1));
        // Mail between strangers is not recorded, so that nothing else has to be written.
        CHECK(town.send(stranger, stranger, "open").kind == Answer::Kind::accept);
      }
      town.intake().flush();
    }
    CHECK(town.written("pass", "other") == 1);
    town.intake().flush();
    CHECK(town.written("pass", "other") == 4);
  }
  std::filesystem::remove_all(name);
}

}  // namespace beadle::intake
