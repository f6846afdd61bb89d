#include "store/schema.h"

#include <sys/stat.h>

#include "base/digest.h"
#include "helpers.h"

namespace beadle::store {
namespace {

std::int64_t version_of(const std::string& path) {
  Database database = must(Database::open(path, 1000));
  return must(database.number("PRAGMA user_version"));
}

void change(const std::string& path, const std::string& sql) {
  Database database = must(Database::open(path, 1000));
  must(database.script(sql));
}

Error open_failure(const std::string& path) {
  Result<Store> store = Store::open(path, at(0));
  if (store) FAIL("opened " + path);
  return store.error();
}

}  // namespace

TEST_CASE("steps are numbered 1, 2, 3 …") {
  int expected = 1;
  for (const Migration& step : migrations()) CHECK(step.version == expected++);
  CHECK(expected > 1);
}

TEST_CASE("a secret is made once and differs by name and by database") {
  const Folder folder, other;
  std::string secret;
  {
    Store store = open_store(folder.database());
    secret = must(store.secret("footer"));
    CHECK(secret.size() == 32);
    CHECK(must(store.secret("footer")) == secret);
    CHECK(must(store.secret("another")) != secret);
  }
  Store store = open_store(folder.database());
  CHECK(must(store.secret("footer")) == secret);
  Store elsewhere = open_store(other.database());
  CHECK(must(elsewhere.secret("footer")) != secret);
}

TEST_CASE("a new file is private, in WAL mode, ours, and made only once") {
  const Folder folder;
  Store store = open_store(folder.database());
  hold_one(store);
  for (const char* end : {"", "-wal", "-shm"}) {
    struct stat found {};
    REQUIRE(::stat((folder.database() + end).c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder / ""), {}) == 3);
  Database database = must(Database::open(folder.database(), 1000));
  Statement mode = must(database.query("PRAGMA journal_mode"));
  REQUIRE(must(mode.step()));
  CHECK(mode.text(0) == "wal");
  CHECK(must(database.number("PRAGMA application_id")) == application_id);
  CHECK(version_of(folder.database()) == migrations().back().version);
  Store again = open_store(folder.database());
  CHECK(acts(again) == std::vector<std::string>{"store-created", "held"});
}

TEST_CASE("an empty file is a new database") {
  const Folder folder;
  write_file(folder.database(), "");
  Store store = open_store(folder.database());
  CHECK(must(store.get(hold_one(store))).subject == "Minutes");
}

TEST_CASE("a newer database is refused, and not changed") {
  const Folder folder;
  { Store store = open_store(folder.database()); }
  change(folder.database(), "PRAGMA user_version = " + std::to_string(migrations().back().version + 1));
  const Error error = open_failure(folder.database());
  CHECK(error.kind == ErrorKind::bad_data);
  CHECK(error.what.find(folder.database()) == 0);
  CHECK(error.what.find("newer Beadle") != std::string::npos);
  CHECK(version_of(folder.database()) == migrations().back().version + 1);
}

TEST_CASE("the database of another program is refused, and not changed") {
  const Folder folder;
  write_file(folder.database(), "");
  const std::string by = GENERATE("CREATE TABLE theirs (x)", "PRAGMA application_id = 7", "PRAGMA user_version = 1");
  change(folder.database(), by);
  const std::string before = read_file(folder.database());
  const Error error = open_failure(folder.database());
  CHECK(error.kind == ErrorKind::bad_data);
  CHECK(error.what.find("another program") != std::string::npos);
  CHECK(read_file(folder.database()) == before);
}

TEST_CASE("a step that fails leaves the tables as they were; later it is taken up again") {
  const Folder folder;
  { Store store = open_store(folder.database()); }
  Database database = must(Database::open(folder.database(), 1000));
  const int next = migrations().back().version + 1;
  std::vector<Migration> steps(migrations().begin(), migrations().end());
  steps.push_back({next, "CREATE TABLE more (x INTEGER) STRICT; INSERT INTO nothing VALUES (1);"});
  CHECK_FALSE(bring_up_to_date(database, steps, at(1)));
  CHECK(must(database.number("PRAGMA user_version")) == next - 1);
  CHECK(must(database.number("SELECT count(*) FROM sqlite_schema WHERE name = 'more'")) == 0);
  steps.back().sql = "CREATE TABLE more (x INTEGER) STRICT;";
  must(bring_up_to_date(database, steps, at(2)));
  must(bring_up_to_date(database, steps, at(3)));
  CHECK(must(database.number("PRAGMA user_version")) == next);
  CHECK(must(database.number("SELECT count(*) FROM audit WHERE act = 'store-updated'")) == 1);
}

TEST_CASE("mail that was held before wishes about its delivery were kept has none") {
  const Folder folder;
  const std::string bytes = "Subject: x\r\n\r\nHello\r\n", sha256 = sha256_hex(bytes);
  write_file(folder.database(), "");
  {
    Database database = must(Database::open(folder.database(), 1000));
    must(bring_up_to_date(database, migrations().first(6), at(0)));
    must(database.script("INSERT INTO held (id, state, received_ms, from_address, sender, subject, intake_key) "
                         "VALUES ('0123456789abcdefghjkmnpqrs', 'held', 1, 'a@b', 'a@b', 'x', '')"));
    must(database.script("INSERT INTO recipient (held, position, address, state) VALUES ('0123456789abcdefghjkmnpqrs', 0, 'c@d', 'pending')"));
    must(database.run("INSERT INTO message VALUES ('0123456789abcdefghjkmnpqrs', 'smtp', '', 0, '', '', '', '', ?1, '', '{}', ?2, x'', '', '')", sha256,
                      Blob{bytes}));
  }
  Store store = open_store(folder.database());
  const Held held = must(store.get("0123456789abcdefghjkmnpqrs"));
  CHECK(held.bytes == bytes);
  CHECK(held.envelope.recipients == std::vector<std::string>{"c@d"});
  CHECK(held.envelope.dsn.empty());
  CHECK(held.envelope.recipient_dsn == std::vector<std::string>{""});
  CHECK(acts(store) == std::vector<std::string>{"store-created", "store-updated"});
}

TEST_CASE("processes that make the same new database at once all succeed") {
  const Folder folder;
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      Result<Store> store = Store::open(folder.database(), at(0));
      if (!store) {
        write_file(folder / "error", store.error().what);
        ::_exit(1);
      }
      ::_exit(store->hold(some_mail(), at(1), nullptr) ? 0 : 2);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    INFO(read_file(folder / "error"));
    CHECK(status == 0);
  }
  Store store = open_store(folder.database());
  CHECK(must(store.list({}, 10)).size() == 6);
  CHECK(must(store.verify_audit()).rows == 7);
}

TEST_CASE("where there is no directory, or no file can be, the error says so") {
  const Folder folder;
  Error error = open_failure(folder / "missing/beadle.db");
  CHECK(error.kind == ErrorKind::bad_settings);
  CHECK(error.what.find("missing: no such directory") != std::string::npos);
  write_file(folder / "file", "x");
  CHECK(open_failure(folder / "file/beadle.db").what.find("file") != std::string::npos);
  std::filesystem::create_directory(folder / "directory");
  CHECK(open_failure(folder / "directory").what.find("not a file") != std::string::npos);
  CHECK(open_failure("").kind == ErrorKind::bad_settings);
}

}  // namespace beadle::store
