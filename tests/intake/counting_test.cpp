// Every verdict is counted: once a mail, by what was done and who wrote, and never at the cost of a mail.
#include <cstdlib>
#include <filesystem>

#include "base/log.h"
#include "intake/intake.h"
#include "inspect/waiting.h"
#include "store/figures.h"
#include "store/sqlite.h"

#include "catch.h"

namespace beadle::intake {
namespace {

const std::string jane = "councillor@council.example", olivia = "officer@council.example", stranger = "someone@elsewhere.example";

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

class Town {
 public:
  explicit Town(const store::Store::OpenOptions& options = {}, const std::string& path = ":memory:")
      : policy_(std::make_shared<const inspect::Policy>(tests::waiting_policy())),
        store_(must(store::Store::open(path, now_, options))),
        intake_(store_, policy_, [](const auto&...) { return std::vector<store::Notice>{}; }, [this] { return now_; }) {}

  void pass(std::chrono::milliseconds time) { now_ += time; }

  Answer send(const std::string& from, const std::string& to, const std::string& text) {
    Arrival arrival;
    arrival.door = "milter";
    arrival.envelope = {.sender = from, .recipients = {to}, .login = "", .smtputf8 = false, .body = ""};
    arrival.bytes = "From: " + from + "\r\nTo: " + to + "\r\nMessage-ID: <" + text + "@x>\r\nSubject: The gate\r\n\r\n" + text + "\r\n";
    arrival.may_go = [this] { ++went_; };
    return intake_.receive(std::move(arrival));
  }

  std::int64_t written(const std::string& action, const std::string& role, const std::string& clause = "") {
    std::int64_t sum = 0;
    for (const store::WeekRow& row : must(store::Figures(store_).weeks(*day_from("2025-12-01"), *day_from("2026-02-01")))) {
      if (row.action == action && row.role == role && row.clause == clause) sum += row.count;
    }
    return sum;
  }

  int went() const { return went_; }
  Intake& intake() { return intake_; }
  store::Store& store() { return store_; }

 private:
  int went_ = 0;  // doors that were told that their message may go
  Time now_ = *time_from("2025-12-15T10:00:00Z");
  std::shared_ptr<const inspect::Policy> policy_;
  store::Store store_;
  Intake intake_;
};

}  // namespace

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
