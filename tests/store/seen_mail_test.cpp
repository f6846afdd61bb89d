// Which mail came by, by digests; and up to where mailboxes were looked at.
#include "store/seen_mail.h"

#include "helpers.h"
#include "store/cursors.h"

namespace beadle::store {
namespace {

using Known = SeenMail::Known;
Day day(const char* text) { return *day_from(text); }

std::int64_t count_in(const std::string& path, const std::string& sql) {
  Database database = must(Database::open(path, 1000));
  return must(database.number(sql));
}

}  // namespace

TEST_CASE("what came by a door is known, by digest, by the record, or held") {
  Store store = open_store(":memory:");
  SeenMail seen = must(SeenMail::open(store));
  CHECK(must(seen.look_up("one@x")) == Known::no);
  CHECK_FALSE(must(seen.since()));
  must(seen.add({"one@x", "two@x", "one@x"}, day("2026-03-02")));
  must(seen.add({"one@x"}, day("2026-03-05")));
  must(seen.add({}, day("2025-03-05")));
  CHECK(must(seen.look_up("one@x")) == Known::at_gateway);
  CHECK(must(seen.look_up("ONE@x")) == Known::no);
  CHECK(must(seen.look_up("")) == Known::no);
  CHECK(must(seen.since()) == day("2026-03-02"));

  inspect::EarlierMail earlier;
  earlier.message_id = "recorded@x";
  earlier.sender = "jane@x";
  must(store.remember(earlier, at(0)));
  CHECK(must(seen.look_up("recorded@x")) == Known::at_gateway);
  must(store.hold(some_mail(), at(0), nullptr));
  CHECK(must(seen.look_up(some_mail().message_id)) == Known::at_gateway);
}

TEST_CASE("digests are this installation's own, and hold no Message-ID") {
  const Folder folder;
  Store store = open_store(folder.database()), other = open_store(":memory:");
  SeenMail seen = must(SeenMail::open(store));
  CHECK(seen.digest_of("one@x") != must(SeenMail::open(other)).digest_of("one@x"));
  CHECK(seen.digest_of("one@x") == must(SeenMail::open(store)).digest_of("one@x"));
  must(seen.add({"very-long-message-id-that-would-be-found@x"}, day("2026-03-02")));
  CHECK(count_in(folder.database(), "SELECT count(*) FROM seen_mail WHERE typeof(digest) = 'integer'") == 1);
}

TEST_CASE("a cursor, what was audited and its digests stand or fall together") {
  const Folder folder;
  Store store = open_store(folder.database());
  Cursors cursors(store);
  SeenMail seen = must(SeenMail::open(store));
  const Cursor before = must(cursors.find("clerk@x", "Sent"));
  CHECK(before == Cursor{.mailbox = "clerk@x", .folder = "Sent"});
  Cursor after{.mailbox = "clerk@x", .folder = "Sent", .uid_validity = 4'000'000'000u, .uid = 4'294'967'295u, .messages = 5, .too_old = 1, .never_seen = 2,
               .without_id = 3, .too_large = 4, .findings = 6, .names_bcc = true, .looked = at(5)};
  must(cursors.advance(before, after, {{seen.digest_of("one@x"), R"({"uid":"1"})"}, {seen.digest_of("two@x"), ""}, {0, R"({"uid":"3"})"}}, at(5)));
  CHECK(must(cursors.find("clerk@x", "Sent")) == after);
  CHECK(must(cursors.all()) == std::vector<Cursor>{after});
  CHECK(must(seen.look_up("one@x")) == Known::audited);
  CHECK_FALSE(must(seen.since()));  // an audit does not make it known what came by
  CHECK(count_in(folder.database(), "SELECT count(*) FROM audit WHERE act = 'audited'") == 2);

  // Who comes too late changes nothing.
  Cursor late = after;
  late.uid = 7;
  const auto refused = cursors.advance(before, late, {{seen.digest_of("three@x"), R"({"uid":"9"})"}}, at(6));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::refused);
  CHECK(must(cursors.find("clerk@x", "Sent")) == after);
  CHECK(must(seen.look_up("three@x")) == Known::no);
  CHECK(count_in(folder.database(), "SELECT count(*) FROM audit WHERE act = 'audited'") == 2);

  // What came by a door later than its audit came by.
  must(seen.add({"one@x"}, day("2026-11-25")));
  CHECK(must(seen.look_up("one@x")) == Known::at_gateway);
  // … and an audit takes that from nobody.
  must(cursors.advance(after, late, {{seen.digest_of("one@x"), ""}}, at(7)));
  CHECK(must(seen.look_up("one@x")) == Known::at_gateway);
}

TEST_CASE("that a mail came by is forgotten with the record") {
  Store store = open_store(":memory:");
  SeenMail seen = must(SeenMail::open(store));
  must(seen.add({"old@x"}, day("2025-01-31")));
  must(seen.add({"kept@x"}, day("2025-02-01")));
  const Purged purged = must(store.purge({.record = *time_from("2025-02-01T12:00:00Z")}, at(0)));
  CHECK(purged.seen == 1);
  CHECK(purged.all() == 1);
  CHECK(must(seen.look_up("old@x")) == Known::no);
  CHECK(must(seen.look_up("kept@x")) == Known::at_gateway);
  CHECK(must(seen.since()) == day("2025-02-01"));
}

}  // namespace beadle::store
