// Who may sign in and who has, and what of it is never kept.
#include "store/accounts.h"

#include <algorithm>

#include "base/limits.h"
#include "helpers.h"

namespace beadle::store {
namespace {

Account account(const std::string& name, std::vector<std::string> roles = {"reviewer"}) {
  Account made;
  made.name = name;
  made.address = name + "@town.example";
  made.roles = std::move(roles);
  made.password_hash = "$argon2id$" + name;
  return made;
}

std::optional<Session> session(Store& store, const std::string& token, std::int64_t seconds) {
  return must(Accounts(store).session(token, at(seconds - 1800), at(seconds - 36'000), at(seconds)));
}

std::string audit_text(Store& store) {
  std::string text;
  for (const AuditRow& row : must(store.audit_rows(1, 1000))) text += row.act + " " + row.who + " " + row.detail + "\n";
  return text;
}

}  // namespace

TEST_CASE("an account comes back as it was added, once") {
  Store store = open_store(":memory:");
  Accounts accounts(store);
  must(accounts.add(account("jo", {"reviewer", "administrator"}), "root", at(1)));
  CHECK(failure(accounts.add(account("jo"), "root", at(2))).kind == ErrorKind::refused);
  const Account found = *must(accounts.find(" Jo "));
  CHECK(found.name == "jo");
  CHECK(found.address == "jo@town.example");
  CHECK(found.password_hash == "$argon2id$jo");
  CHECK(found.has_role("reviewer"));
  CHECK(found.has_role("administrator"));
  CHECK_FALSE(found.has_role("auditor"));
  CHECK_FALSE(found.disabled);
  CHECK(found.created == at(1));
  CHECK_FALSE(found.last_sign_in);
  CHECK_FALSE(must(accounts.find("ann")));
  must(accounts.add(account("ann", {}), "root", at(3)));
  CHECK(must(accounts.all()).size() == 2);
  CHECK(must(accounts.all()).front().name == "ann");
  CHECK(must(accounts.all()).front().roles.empty());
}

TEST_CASE("names and roles that there cannot be are refused") {
  Store store = open_store(":memory:");
  Accounts accounts(store);
  for (const std::string name : {"", "Jo", "jo smith", "j\xc3\xb6", "jo\n", "beadle", "sender", "a'b"}) {
    INFO(name);
    CHECK(failure(accounts.add(account(name), "root", at(1))).kind == ErrorKind::usage);
  }
  CHECK(failure(accounts.add(account(std::string(65, 'a')), "root", at(1))).kind == ErrorKind::usage);
  CHECK(failure(accounts.add(account("jo", {"god"}), "root", at(1))).kind == ErrorKind::usage);
  must(accounts.add(account(std::string(64, 'a')), "root", at(1)));
  CHECK(failure(accounts.set_roles(std::string(64, 'a'), {"reviewer", "root"}, "root", at(1))).kind == ErrorKind::usage);
}

TEST_CASE("changes are made and audited, and end what was begun") {
  Store store = open_store(":memory:");
  Accounts accounts(store);
  must(accounts.add(account("jo"), "root", at(1)));
  const auto signed_in = [&] { return session(store, "token", 3).has_value(); };
  const auto sign_in = [&] { must(accounts.begin_session("token", "jo", "csrf", at(2))); };
  sign_in();
  CHECK(signed_in());
  SECTION("password") {
    must(accounts.set_password("jo", "new", "root", at(3)));
    CHECK(must(accounts.find("jo"))->password_hash == "new");
    CHECK_FALSE(signed_in());
    CHECK(acts(store).back() == "password-set");
    CHECK(audit_text(store).find("new") == std::string::npos);
  }
  SECTION("roles") {
    must(accounts.set_roles("jo", {"auditor"}, "root", at(3)));
    CHECK(must(accounts.find("jo"))->roles == std::vector<std::string>{"auditor"});
    CHECK_FALSE(signed_in());
    CHECK(must(store.audit_rows(1, 100)).back().detail == R"({"account":"jo","roles":"auditor","before":"reviewer"})");
  }
  SECTION("disabled, and enabled again") {
    must(accounts.set_disabled("jo", true, "root", at(3)));
    CHECK_FALSE(signed_in());
    CHECK(failure(accounts.begin_session("other", "jo", "csrf", at(3))).kind == ErrorKind::refused);
    must(accounts.set_disabled("jo", false, "root", at(3)));
    CHECK_FALSE(signed_in());
    sign_in();
    CHECK(signed_in());
  }
  SECTION("second factor") {
    must(accounts.set_totp("jo", "SECRET", "jo", at(3)));
    CHECK(must(accounts.find("jo"))->totp_secret == "SECRET");
    CHECK(acts(store).back() == "second-factor-set");
    CHECK(audit_text(store).find("SECRET") == std::string::npos);
  }
  CHECK(must(store.verify_audit()).broken_at == 0);
}

TEST_CASE("who is not there cannot be changed") {
  Store store = open_store(":memory:");
  Accounts accounts(store);
  CHECK(failure(accounts.set_password("jo", "", "root", at(1))).kind == ErrorKind::not_found);
  CHECK(failure(accounts.set_roles("jo", {}, "root", at(1))).kind == ErrorKind::not_found);
  CHECK(failure(accounts.set_disabled("jo", true, "root", at(1))).kind == ErrorKind::not_found);
  CHECK(failure(accounts.set_totp("jo", "", "root", at(1))).kind == ErrorKind::not_found);
  CHECK(failure(accounts.begin_session("t", "jo", "c", at(1))).kind == ErrorKind::not_found);
  CHECK_FALSE(must(accounts.use_totp_step("jo", 5)));
  CHECK(acts(store) == std::vector<std::string>{"store-created"});
}

TEST_CASE("a time step is used once, and none before it after it") {
  Store store = open_store(":memory:");
  Accounts accounts(store);
  must(accounts.add(account("jo"), "root", at(1)));
  CHECK(must(accounts.use_totp_step("jo", 100)));
  CHECK_FALSE(must(accounts.use_totp_step("jo", 100)));
  CHECK_FALSE(must(accounts.use_totp_step("jo", 99)));
  CHECK(must(accounts.use_totp_step("jo", 101)));
}

TEST_CASE("sessions end by themselves, and tokens are not kept") {
  const Folder folder;
  Store store = open_store(folder.database());
  Accounts accounts(store);
  must(accounts.add(account("jo"), "root", at(1)));
  must(accounts.begin_session("TOKENTOKEN", "jo", "csrf", at(10)));
  CHECK_FALSE(session(store, "other", 11));
  CHECK_FALSE(session(store, "", 11));
  const Session found = *session(store, "TOKENTOKEN", 11);
  CHECK(found.account == "jo");
  CHECK(found.csrf == "csrf");
  CHECK(found.begun == at(10));
  CHECK(found.seen == at(10));  // within the minute
  CHECK(session(store, "TOKENTOKEN", 1'000)->seen == at(1'000));
  CHECK(session(store, "TOKENTOKEN", 2'800));
  CHECK_FALSE(session(store, "TOKENTOKEN", 4'601));  // idle
  CHECK(must(accounts.find("jo"))->last_sign_in == at(10));
  for (std::int64_t seconds = 2'800; seconds <= 36'000; seconds += 1'000) session(store, "TOKENTOKEN", seconds);
  CHECK_FALSE(session(store, "TOKENTOKEN", 36'011));  // too old, however busy
  for (const char* end : {"", "-wal"}) CHECK(read_file(folder.database() + end).find("TOKENTOKEN") == std::string::npos);
}

TEST_CASE("signing out ends one session and is audited once") {
  Store store = open_store(":memory:");
  Accounts accounts(store);
  must(accounts.add(account("jo"), "root", at(1)));
  must(accounts.begin_session("a", "jo", "c", at(2)));
  must(accounts.begin_session("b", "jo", "c", at(2)));
  must(accounts.end_session("a", "jo", at(3)));
  must(accounts.end_session("a", "jo", at(3)));
  CHECK_FALSE(session(store, "a", 4));
  CHECK(session(store, "b", 4));
  CHECK(acts(store) == std::vector<std::string>{"store-created", "account-added", "signed-in", "signed-in", "signed-out"});
}

TEST_CASE("who signs in in a loop keeps some sessions, the latest") {
  Store store = open_store(":memory:");
  Accounts accounts(store);
  must(accounts.add(account("jo"), "root", at(1)));
  for (int i = 0; i < 30; ++i) must(accounts.begin_session(std::to_string(i), "jo", "c", at(2 + i)));
  CHECK_FALSE(session(store, "0", 40));
  CHECK(session(store, "29", 40));
  CHECK(session(store, "10", 40));
}

TEST_CASE("failures count by name and host, whether there is such a name or not") {
  Store store = open_store(":memory:");
  Accounts accounts(store);
  must(accounts.add(account("jo"), "root", at(1)));
  for (int i = 0; i < 3; ++i) must(accounts.note_failure("jo", "192.0.2.1", at(10 + i)));
  must(accounts.note_failure("nobody", "192.0.2.1", at(20)));
  must(accounts.note_failure("JO", "192.0.2.2", at(21)));
  const auto count = [&](const std::string& name, const std::string& host, std::int64_t since) {
    const Accounts::Failures failures = must(accounts.failures(name, host, at(since)));
    return std::pair(failures.of_account, failures.of_host);
  };
  CHECK(count("jo", "192.0.2.1", 0) == std::pair<std::int64_t, std::int64_t>(4, 4));
  CHECK(count("jo", "192.0.2.1", 12) == std::pair<std::int64_t, std::int64_t>(2, 2));
  CHECK(count("nobody", "192.0.2.3", 0) == std::pair<std::int64_t, std::int64_t>(1, 0));
  must(accounts.forget_failures("jo"));
  CHECK(count("jo", "192.0.2.1", 0) == std::pair<std::int64_t, std::int64_t>(0, 1));
}

TEST_CASE("failures are audited for names that there are, not for what else was typed, and not without end") {
  const Folder folder;
  Store store = open_store(folder.database());
  Accounts accounts(store);
  must(accounts.add(account("jo"), "root", at(1)));
  must(accounts.note_failure("MyPassword123", "192.0.2.1", at(10)));
  CHECK(acts(store).back() == "account-added");
  for (const char* end : {"", "-wal"}) CHECK(read_file(folder.database() + end).find("MyPassword") == std::string::npos);
  for (int i = 0; i < 50; ++i) must(accounts.note_failure("jo", "192.0.2.1", at(20)));
  const std::vector<std::string> all = acts(store);
  CHECK(std::count(all.begin(), all.end(), "sign-in-failed") == limits::sign_in_failures_of_account_max + 1);
  CHECK(must(store.audit_rows(1, 100)).back().detail == R"({"host":"192.0.2.1"})");
}

TEST_CASE("a link is used once, until it expires") {
  const Folder folder;
  Store store = open_store(folder.database());
  Accounts accounts(store);
  const Link link{.held = "id", .purpose = "sender", .address = "clerk@town.example", .expires = at(100), .used = {}};
  must(accounts.add_link("LINKTOKEN", link, at(1)));
  must(accounts.add_link("late", link, at(1)));
  CHECK_FALSE(must(accounts.link("other")));
  CHECK_FALSE(must(accounts.use_link("other", at(2))));
  const Link found = *must(accounts.link("LINKTOKEN"));
  CHECK(found.held == "id");
  CHECK(found.purpose == "sender");
  CHECK(found.address == "clerk@town.example");
  CHECK(found.expires == at(100));
  CHECK_FALSE(found.used);
  CHECK(must(accounts.use_link("LINKTOKEN", at(3))));
  CHECK_FALSE(must(accounts.use_link("LINKTOKEN", at(4))));
  CHECK(must(accounts.link("LINKTOKEN"))->used == at(3));
  CHECK_FALSE(must(accounts.use_link("late", at(100))));
  CHECK(must(accounts.link("late")));
  for (const char* end : {"", "-wal"}) CHECK(read_file(folder.database() + end).find("LINKTOKEN") == std::string::npos);
}

TEST_CASE("a password that an administrator sets lets in whoever was locked out by guesses") {
  Store store = open_store(":memory:");
  Accounts accounts(store);
  must(accounts.add(account("jo"), "root", at(1)));
  must(accounts.add(account("ann"), "root", at(1)));
  for (int i = 0; i < 5; ++i) must(accounts.note_failure("jo", "h", at(2)));
  must(accounts.note_failure("ann", "h", at(2)));
  must(accounts.set_password("Jo", "new", "root", at(3)));
  CHECK(must(accounts.failures("jo", "x", at(1))).of_account == 0);
  CHECK(must(accounts.failures("ann", "h", at(1))).of_account == 1);
  CHECK(must(accounts.failures("ann", "h", at(1))).of_host == 1);
}

TEST_CASE("a notice brings its link") {
  Store store = open_store(":memory:");
  Notice notice = some_notice("held-sender", "…?t=token");
  notice.link_token = "token";
  const auto notices = [&](const std::string&) { return std::vector<Notice>{notice, some_notice("held-reviewer", "x")}; };
  const std::string id = must(store.hold(some_mail(), at(1), notices)).id;
  const Link link = *must(Accounts(store).link("token"));
  CHECK(link.held == id);
  CHECK(link.purpose == "sender");
  CHECK(link.address == notice.recipient);
  CHECK(link.expires == at(1) + std::chrono::milliseconds(limits::link_age_ms));
  CHECK_FALSE(must(Accounts(store).link("")));
}

TEST_CASE("what is of no use any more is purged") {
  const Folder folder;
  Store store = open_store(folder.database());
  Accounts accounts(store);
  must(accounts.add(account("jo"), "root", at(1)));
  must(accounts.begin_session("old", "jo", "c", at(2)));
  must(accounts.note_failure("jo", "h", at(2)));
  must(accounts.add_link("l", {.held = "id", .purpose = "sender", .address = "a", .expires = at(3), .used = {}}, at(2)));
  const auto rows = [&](const std::string& table) {
    Database database = must(Database::open(folder.database(), 1000));
    return must(database.number("SELECT count(*) FROM " + table));
  };
  const std::int64_t day = 86'400;
  must(accounts.begin_session("new", "jo", "c", at(day - 10)));
  must(store.purge({}, at(day)));
  CHECK(rows("session") == 1);
  CHECK(rows("failure") == 1);
  CHECK(rows("link") == 1);
  must(store.purge({}, at(day + 3)));
  CHECK(rows("failure") == 0);
  must(store.purge({}, at(90 * day + 3)));
  CHECK(rows("link") == 0);
  CHECK(rows("session") == 0);
  CHECK(must(accounts.find("jo")));
}

}  // namespace beadle::store
