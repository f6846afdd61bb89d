// What the tests of the store share: a folder of their own, mail to hold, times, processes that die.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "store/sqlite.h"
#include "store/store.h"

#include "catch.h"

namespace beadle::store {

/// 2026-11-24T09:00:00Z and some seconds.
inline Time at(std::int64_t seconds) { return from_ms(1795510800'000 + seconds * 1000); }

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "beadle-store-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  std::string database() const { return *this / "beadle.db"; }

 private:
  std::string path_;
};

inline NewHeld some_mail() {
  NewHeld held;
  held.door = "milter";
  held.envelope = {.sender = "clerk@town.example",
                   .recipients = {"ann@paper.example", "bob@paper.example"},
                   .login = "clerk",
                   .smtputf8 = true,
                   .body = "8BITMIME",
                   .dsn = "RET=HDRS ENVID=QQ314159",
                   .recipient_dsn = {"", "NOTIFY=SUCCESS ORCPT=rfc822;bob@paper.example"}};
  held.bytes = "From: clerk@town.example\r\nSubject: Minutes\r\n\r\nConfidential.\r\n";
  held.verdict_json = R"({"action": "hold"})";
  held.from = "clerk@town.example";
  held.subject = "Minutes";
  held.message_id = "one@town.example";
  held.queue_id = "4Xyz";
  held.client = "pc7.town.example [192.0.2.7]";
  held.clauses = {"exmouth/correspondence-4", "exmouth/correspondence-1"};
  return held;
}

inline Notice some_notice(const std::string& kind, const std::string& bytes) {
  Notice notice;
  notice.kind = kind;
  notice.recipient = "clerk@town.example";
  notice.bytes = bytes;
  return notice;
}

/// The value, or a failed test that says the error.
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

inline Store open_store(const std::string& path) { return must(Store::open(path, at(0))); }

inline std::string hold_one(Store& store, std::int64_t seconds = 1, const NewHeld& held = some_mail()) {
  return must(store.hold(held, at(seconds), nullptr)).id;
}

inline std::vector<std::string> acts(Store& store) {
  std::vector<std::string> names;
  for (const AuditRow& row : must(store.audit_rows(1, 10000))) names.push_back(row.act);
  return names;
}

inline std::vector<std::string> recipient_states(Store& store, const std::string& id) {
  std::vector<std::string> states;
  for (const RecipientOutcome& outcome : must(store.get(id)).outcomes) states.push_back(outcome.state);
  return states;
}

inline Error failure(Result<void> result) {
  if (result) FAIL("expected an error");
  return result.error();
}

inline void write_file(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs `what` in a process of its own, which ends without tidying up. Gives its status as waitpid(2) tells it.
inline int in_other_process(const std::function<int()>& what) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(what());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

}  // namespace beadle::store
