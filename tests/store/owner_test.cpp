// Whose the database is, and what is said where it may not be opened. Only root can give files away: skipped by others.
#include <sys/stat.h>

#include "helpers.h"

namespace beadle::store {
namespace {

constexpr uid_t somebody = 65'534;  // nobody, who is on every machine
constexpr uid_t another = 1;

bool is_root() {
  if (::geteuid() == 0) return true;
  WARN("skipped: needs root");
  return false;
}

/// What opening says to another user.
Error refused_to(uid_t user, const std::string& path) {
  REQUIRE(::seteuid(user) == 0);
  const Result<Store> store = Store::open(path, at(0));
  const Result<void> place = Store::check_place(path);
  REQUIRE(::seteuid(0) == 0);
  REQUIRE(!store);
  REQUIRE(!place);
  CHECK(place.error().what == store.error().what);
  return store.error();
}

}  // namespace

TEST_CASE("what root makes belongs to the owner of the directory, who runs the daemon") {
  if (!is_root()) return;
  const Folder folder;
  REQUIRE(::chown((folder / "").c_str(), somebody, another) == 0);
  const Store store = open_store(folder.database());
  for (const char* beside : {"", "-wal", "-shm"}) {
    INFO(beside);
    struct stat found {};
    REQUIRE(::stat((folder.database() + beside).c_str(), &found) == 0);
    CHECK(found.st_uid == somebody);
    CHECK(found.st_gid == another);
    CHECK((found.st_mode & 0777) == 0600);
  }
  REQUIRE(::seteuid(somebody) == 0);
  const Result<Store> theirs = Store::open(folder.database(), at(0));
  REQUIRE(::seteuid(0) == 0);
  CHECK(theirs.has_value());
}

TEST_CASE("a database of another user is a mistake of the settings, which says whose it is and what to do") {
  if (!is_root()) return;
  const Folder folder;
  REQUIRE(::chmod((folder / "").c_str(), 0755) == 0);
  { const Store store = open_store(folder.database()); }
  SECTION("made by root in the daemon's directory") {
    REQUIRE(::chown((folder / "").c_str(), somebody, somebody) == 0);
    const Error error = refused_to(somebody, folder.database());
    CHECK(error.kind == ErrorKind::bad_settings);
    CHECK(error.what == folder.database() + ": belongs to root, and user nobody may not open it: chown nobody: " + folder.database() + "*");
  }
  SECTION("opened by whom it does not belong to") {
    REQUIRE(::chmod((folder / "").c_str(), 0777) == 0);
    const Error error = refused_to(somebody, folder.database());
    CHECK(error.kind == ErrorKind::bad_settings);
    CHECK(error.what == folder.database() + ": belongs to root, and user nobody may not open it: run beadle as root, or, where nobody is to run it: chown nobody: " +
                            (folder / "").substr(0, (folder / "").size() - 1) + " " + folder.database() + "*");
  }
  SECTION("the file beside it") {
    REQUIRE(::chown((folder / "").c_str(), somebody, somebody) == 0);
    REQUIRE(::chown(folder.database().c_str(), somebody, somebody) == 0);
    write_file(folder.database() + "-wal", "");
    REQUIRE(::chmod((folder.database() + "-wal").c_str(), 0600) == 0);
    CHECK(refused_to(somebody, folder.database()).what.find("beadle.db-wal: belongs to root") != std::string::npos);
  }
  SECTION("the directory, in which SQLite makes the files beside it") {
    REQUIRE(::chown(folder.database().c_str(), somebody, somebody) == 0);
    const Error error = refused_to(somebody, folder.database());
    CHECK(error.kind == ErrorKind::bad_settings);
    CHECK(error.what.find("the directory belongs to root, and user nobody may make no file there") != std::string::npos);
  }
  SECTION("in a directory that is closed to us") {
    REQUIRE(::chmod((folder / "").c_str(), 0700) == 0);
    const Error error = refused_to(somebody, folder.database());
    CHECK(error.kind == ErrorKind::bad_settings);
    CHECK(error.what.find("user nobody may not look into the directory") != std::string::npos);
  }
}

TEST_CASE("where we may make no file, the error says whose the directory is") {
  if (!is_root()) return;
  const Folder folder;
  REQUIRE(::chmod((folder / "").c_str(), 0755) == 0);
  REQUIRE(::seteuid(somebody) == 0);
  const Result<Store> store = Store::open(folder.database(), at(0));
  REQUIRE(::seteuid(0) == 0);
  REQUIRE(!store);
  CHECK(store.error().kind == ErrorKind::bad_settings);
  CHECK(store.error().what == folder.database() + ": the directory belongs to root, and user nobody may make no file there: run beadle as root, or, where nobody is to run it: "
                                                  "chown nobody: " + (folder / "").substr(0, (folder / "").size() - 1));
}

}  // namespace beadle::store
