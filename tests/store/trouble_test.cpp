// What the world may do to a database: damage, a full disk, a lock that is not given back, death at any point.
#include <signal.h>
#include <sys/resource.h>

#include "base/digest.h"
#include "helpers.h"

namespace beadle::store {
namespace {

using Outcome = Store::Delivery::Outcome;

/// A database with a few mails, closed cleanly: everything is in the one file.
std::string whole_file(const Folder& folder, std::vector<std::string>* ids = nullptr) {
  {
    Store store = open_store(folder.database());
    NewHeld mail = some_mail();
    mail.bytes.append(100'000, 'x');
    for (int i = 0; i < 5; ++i) {
      const std::string id = hold_one(store, i, mail);
      if (ids != nullptr) ids->push_back(id);
    }
  }
  return read_file(folder.database());
}

/// Every read and one write; gives the first error, if any.
std::optional<Error> use(const std::string& path) {
  Result<Store> store = Store::open(path, at(0));
  if (!store) return store.error();
  const auto listed = store->list({}, 100);
  if (!listed) return listed.error();
  for (const HeldSummary& summary : *listed) {
    const auto held = store->get(summary.id);
    if (!held) return held.error();
  }
  const auto proof = store->verify_audit();
  if (!proof) return proof.error();
  if (proof->broken_at != 0) return Error{ErrorKind::bad_data, proof->what};
  const auto held = store->hold(some_mail(), at(9), nullptr);
  if (!held) return held.error();
  return std::nullopt;
}

}  // namespace

TEST_CASE("a damaged file is told from a whole one, and nothing crashes") {
  const Folder folder;
  const std::string whole = whole_file(folder);
  const std::string path = folder / "damaged.db";
  SECTION("other bytes altogether") {
    write_file(path, random_bytes(50'000));
    REQUIRE(use(path));
    CHECK(use(path)->kind == ErrorKind::bad_data);
    CHECK(use(path)->what.find(path) != std::string::npos);
  }
  SECTION("text") {
    write_file(path, "This is no database.\n");
    REQUIRE(use(path));
    CHECK(use(path)->kind == ErrorKind::bad_data);
  }
  SECTION("cut off") {
    for (const std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{4096}, whole.size() / 2, whole.size() - 1}) {
      INFO(size);
      write_file(path, whole.substr(0, size));
      REQUIRE(use(path));
      CHECK(use(path)->kind == ErrorKind::bad_data);
    }
  }
  SECTION("one page overwritten") {
    // A page that nothing reads may be lost unseen; what must not happen is a crash, or bytes that are not those stored.
    int noticed = 0;
    const std::string noise = random_bytes(4096);
    for (std::size_t page = 0; page * 4096 < whole.size(); ++page) {
      std::string bytes = whole;
      bytes.replace(page * 4096, 4096, noise);
      write_file(path, bytes);
      const std::optional<Error> error = use(path);
      if (error) CHECK(error->kind == ErrorKind::bad_data);
      noticed += error ? 1 : 0;
      std::filesystem::remove(path + "-wal");
      std::filesystem::remove(path + "-shm");
    }
    CHECK(noticed > 20);
  }
}

TEST_CASE("bytes that are not those stored are never given out") {
  const Folder folder;
  std::vector<std::string> ids;
  std::string whole = whole_file(folder, &ids);
  const std::size_t place = whole.find("xxxxxxxxxxxxxxxxxxxxxxxx");
  REQUIRE(place != std::string::npos);
  whole[place + 5] = 'y';
  write_file(folder.database(), whole);
  Store store = open_store(folder.database());
  int damaged = 0;
  for (const std::string& id : ids) {
    const Result<Held> held = store.get(id);
    if (held) continue;
    ++damaged;
    CHECK(held.error().kind == ErrorKind::bad_data);
    CHECK(held.error().what.find(id) != std::string::npos);
  }
  CHECK(damaged == 1);
  CHECK(must(store.list({}, 10)).size() == 5);
}

TEST_CASE("an emptied file with its log beside it is not taken for a new one") {
  const Folder folder;
  Store store = open_store(folder.database());
  hold_one(store);
  write_file(folder / "copy.db", "");
  std::filesystem::copy_file(folder.database() + "-wal", folder / "copy.db-wal");
  const Result<Store> copy = Store::open(folder / "copy.db", at(0));
  REQUIRE_FALSE(copy);
  CHECK(copy.error().kind == ErrorKind::bad_data);
  CHECK(copy.error().what.find("keep that file") != std::string::npos);
  CHECK(std::filesystem::file_size(folder / "copy.db-wal") > 0);
}

TEST_CASE("a full disk is try_later, keeps what was held, and lets go when there is room") {
  const Folder folder;
  Store store = must(Store::open(folder.database(), at(0), {.busy_timeout_ms = 1000, .pages_max = 150}));
  std::vector<std::string> ids;
  NewHeld mail = some_mail();
  mail.bytes.append(50'000, 'x');
  std::optional<Error> error;
  for (int i = 0; i < 100 && !error; ++i) {
    const auto outcome = store.hold(mail, at(i), nullptr);
    if (outcome) {
      ids.push_back(outcome->id);
    } else {
      error = outcome.error();
    }
  }
  REQUIRE(error);
  CHECK(error->kind == ErrorKind::try_later);
  CHECK(error->what.find("no room") != std::string::npos);
  CHECK(error->what.find(folder.database()) != std::string::npos);
  CHECK(ids.size() > 2);
  CHECK(must(store.list({}, 100)).size() == ids.size());
  for (const std::string& id : ids) CHECK(must(store.get(id)).bytes == mail.bytes);
  CHECK(must(store.verify_audit()).rows == static_cast<std::int64_t>(ids.size()) + 1);
  Store roomy = open_store(folder.database());
  CHECK(roomy.hold(mail, at(200), nullptr));
}

TEST_CASE("a file that may not grow is try_later, and keeps what was held") {
  const Folder folder;
  whole_file(folder);
  const int status = in_other_process([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit bound{.rlim_cur = 300'000, .rlim_max = 300'000};
    ::setrlimit(RLIMIT_FSIZE, &bound);
    Result<Store> store = Store::open(folder.database(), at(0));
    if (!store) return store.error().kind == ErrorKind::try_later ? 7 : 1;
    NewHeld mail = some_mail();
    mail.bytes.append(400'000, 'x');
    const auto outcome = store->hold(mail, at(9), nullptr);
    if (outcome) return 2;
    return outcome.error().kind == ErrorKind::try_later ? 7 : 3;
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
  Store store = open_store(folder.database());
  CHECK(must(store.list({}, 10)).size() == 5);
  CHECK(must(store.verify_audit()).broken_at == 0);
}

TEST_CASE("while another has the lock: writing is try_later, reading goes on") {
  const Folder folder;
  Store store = must(Store::open(folder.database(), at(0), {.busy_timeout_ms = 1, .pages_max = 0}));
  const std::string id = hold_one(store);
  Database other = must(Database::open(folder.database(), 1000));
  {
    Transaction transaction = must(Transaction::begin_write(other));
    const auto outcome = store.hold(some_mail(), at(2), nullptr);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::try_later);
    CHECK(outcome.error().what.find("locked") != std::string::npos);
    CHECK(failure(store.ask_release(id, "jo", "", false, at(2))).kind == ErrorKind::try_later);
    CHECK(must(store.get(id)).state == HeldState::held);
    CHECK(must(store.look_up({"a"})).same.empty());
  }
  must(store.ask_release(id, "jo", "", false, at(3)));
}

TEST_CASE("killed after any step: what had returned is there, and nothing else") {
  // Each step is one call; the child does the first `count` of them and kills itself.
  const auto steps = [](Store& store, int count) {
    const auto tell = [](const std::string&) { return std::vector<Notice>{some_notice("held-sender", "words")}; };
    std::string id;
    const auto done = [&](int step, const auto& act) {
      if (step <= count && !act()) ::_exit(step);
    };
    done(1, [&] {
      auto outcome = store.hold(some_mail(), at(1), tell);
      if (outcome) id = outcome->id;
      return outcome.has_value();
    });
    done(2, [&] { return store.remember({"m", "s", {}, {"r"}, true, false, at(2)}, at(2)).has_value(); });
    done(3, [&] { return store.ask_release(id, "jo", "", false, at(3)).has_value(); });
    done(4, [&] { return store.mark_sending(id, {"ann@paper.example", "bob@paper.example"}, at(4)).has_value(); });
    done(5, [&] {
      return store.record_deliveries(id, {{"ann@paper.example", Outcome::delivered, "250"}}, at(5), nullptr).has_value();
    });
    done(6, [&] {
      return store.record_deliveries(id, {{"bob@paper.example", Outcome::delivered, "250"}}, at(6), nullptr).has_value();
    });
    done(7, [&] { return store.notice_sent(1, at(7)).has_value(); });
  };
  const std::vector<std::string> all_acts = {"store-created", "held",      "released-asked", "sending",
                                             "delivered",     "delivered", "released",       "notice-sent"};
  const std::size_t acts_after[] = {1, 2, 2, 3, 4, 5, 7, 8};
  const char* state_after[] = {"", "held", "held", "releasing", "releasing", "releasing", "released", "released"};
  const std::size_t interrupted_after[] = {0, 0, 0, 0, 2, 1, 0, 0};
  for (int count = 0; count <= 7; ++count) {
    INFO("killed after step " << count);
    const Folder folder;
    const int status = in_other_process([&] {
      Result<Store> store = Store::open(folder.database(), at(0));
      if (!store) return 99;
      steps(*store, count);
      ::kill(::getpid(), SIGKILL);
      return 98;
    });
    REQUIRE(WIFSIGNALED(status));
    Store store = open_store(folder.database());
    CHECK(acts(store) ==
          std::vector<std::string>(all_acts.begin(), all_acts.begin() + static_cast<std::ptrdiff_t>(acts_after[count])));
    const std::vector<HeldSummary> held = must(store.list({}, 10));
    REQUIRE(held.size() == (count == 0 ? 0u : 1u));
    if (count > 0) CHECK(to_string(held[0].state) == state_after[count]);
    if (count > 0) CHECK(must(store.get(held[0].id)).bytes == some_mail().bytes);
    CHECK(must(store.due_notices(at(9), 10)).size() == (count >= 1 && count < 7 ? 1u : 0u));
    CHECK(must(store.look_up({"m"})).same.size() == (count >= 2 ? 1u : 0u));
    CHECK(must(store.recover_interrupted(at(9))).size() == interrupted_after[count]);
    CHECK(must(store.verify_audit()).broken_at == 0);
  }
}

TEST_CASE("killed within a call: everything that was acknowledged is there") {
  const Folder folder;
  { Store store = open_store(folder.database()); }
  for (int round = 0; round < 5; ++round) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      Result<Store> store = Store::open(folder.database(), at(0));
      NewHeld mail = some_mail();
      mail.bytes.append(200'000, 'x');
      while (store) {
        const auto outcome = store->hold(mail, at(round), nullptr);
        if (!outcome || ::write(ends[1], outcome->id.data(), 26) != 26) break;
      }
      ::_exit(1);
    }
    ::close(ends[1]);
    // Kill while it is at the next one, and read what it said before.
    std::string told(26 * static_cast<std::size_t>(5 + round), '\0');
    for (std::size_t got = 0; got < told.size();) {
      const ssize_t count = ::read(ends[0], told.data() + got, told.size() - got);
      REQUIRE(count > 0);
      got += static_cast<std::size_t>(count);
    }
    ::kill(child, SIGKILL);
    char more[26];
    while (::read(ends[0], more, sizeof more) == sizeof more) told.append(more, sizeof more);
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    Store store = open_store(folder.database());
    for (std::size_t i = 0; i < told.size(); i += 26) CHECK(must(store.get(told.substr(i, 26))).bytes.size() > 200'000);
    CHECK(must(store.verify_audit()).broken_at == 0);
    std::size_t held_rows = 0;
    for (const std::string& act : acts(store)) held_rows += act == "held" ? 1 : 0;
    CHECK(must(store.list({}, 10000)).size() == held_rows);
  }
}

TEST_CASE("a callback that throws leaves nothing behind") {
  Store store = open_store(":memory:");
  const auto thrower = [](const std::string&) -> std::vector<Notice> { throw std::runtime_error("template"); };
  CHECK_THROWS_AS(store.hold(some_mail(), at(1), thrower), std::runtime_error);
  CHECK(must(store.list({}, 10)).empty());
  CHECK(hold_one(store).size() == 26);
}

}  // namespace beadle::store
