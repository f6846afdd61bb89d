// What is forgotten when its time is up, and what never is.
#include "store/schema.h"

#include "helpers.h"

namespace beadle::store {
namespace {

Retention everything_before(Time then) { return {.record = then, .fingerprints = then, .reminders = then, .decided = then, .notices = then}; }

inspect::EarlierMail mail_at(const std::string& message_id, std::int64_t seconds, bool marked = false) {
  return {.message_id = message_id, .sender = "clerk@town.example", .visible = {}, .recipients = {"a@x.example"}, .marked = marked, .at = at(seconds)};
}

bool knows(Store& store, const std::string& message_id) { return !must(store.look_up({message_id})).same.empty(); }

std::string open_one(Store& store, const std::string& message_id, std::int64_t due) {
  inspect::NewReminder opened;
  opened.clause = "marram/answer";
  opened.message_id = message_id;
  opened.opened = at(1);
  opened.due = at(due);
  must(store.change_reminders({.opens = {opened}, .steps = {}}, message_id, at(1)));
  for (const Reminder& reminder : must(store.reminders(true, 100))) {
    if (reminder.message_id == message_id) return reminder.id;
  }
  return "";
}

}  // namespace

TEST_CASE("the record goes by age; marked mail stays as long as its fingerprints") {
  Store store = open_store(":memory:");
  must(store.remember(mail_at("old", 100), at(100)));
  must(store.remember(mail_at("marked", 100, true), at(100), {1, 2, 3}));
  must(store.remember(mail_at("new", 200), at(200)));
  Retention retention{};
  retention.record = at(150);
  CHECK(must(store.purge(retention, at(1000))) == Purged{.record = 1});
  CHECK_FALSE(knows(store, "old"));
  CHECK(knows(store, "marked"));
  CHECK(knows(store, "new"));
  CHECK(must(store.has_fingerprints()));
  retention.fingerprints = at(150);
  CHECK(must(store.purge(retention, at(1000))) == Purged{.record = 1, .fingerprints = 3});
  CHECK_FALSE(knows(store, "marked"));
  CHECK_FALSE(must(store.has_fingerprints()));
  CHECK(knows(store, "new"));
}

TEST_CASE("fingerprints may go before the record of their mail") {
  Store store = open_store(":memory:");
  must(store.remember(mail_at("marked", 100, true), at(100), {1, 2}));
  Retention retention{};
  retention.fingerprints = at(150);
  CHECK(must(store.purge(retention, at(1000))) == Purged{.fingerprints = 2});
  CHECK(knows(store, "marked"));
}

TEST_CASE("reminders go by when they were closed, or fell due if nobody closed them") {
  Store store = open_store(":memory:");
  const std::string closed = open_one(store, "closed", 50);
  open_one(store, "due", 100);
  open_one(store, "open", 500);
  must(store.close_reminder(closed, "sam", "done", at(300)));
  Retention retention{};
  retention.reminders = at(200);
  CHECK(must(store.purge(retention, at(400))) == Purged{.reminders = 1});
  CHECK(must(store.reminders(true, 10)).size() == 2);
  retention.reminders = at(301);
  CHECK(must(store.purge(retention, at(500))) == Purged{.reminders = 1});
  CHECK(must(store.reminders(true, 10)).front().message_id == "open");
  CHECK(must(store.reminders_of({"closed", "due"}, "")).empty());
}

TEST_CASE("the content of decided mail goes; who decided what stays") {
  Store store = open_store(":memory:");
  const std::string id = hold_one(store);
  must(store.withdraw(id, "sam", "a mistake", at(10)));
  CHECK(must(store.purge(everything_before(at(10)), at(20))) == Purged{});
  CHECK(must(store.purge(everything_before(at(11)), at(20))) == Purged{.decided = 1});
  const Held held = must(store.get(id));
  CHECK(held.bytes.empty());
  CHECK(held.release_bytes.empty());
  CHECK(held.verdict_json.empty());
  CHECK(held.subject.empty());
  CHECK(held.purged == at(20));
  CHECK(held.state == HeldState::withdrawn);
  CHECK(held.decided_by == "sam");
  CHECK(held.reason == "a mistake");
  CHECK(held.clauses == some_mail().clauses);
  CHECK(held.recipients == some_mail().envelope.recipients);
  CHECK(must(store.purge(everything_before(at(11)), at(21))) == Purged{});  // once
  CHECK(must(store.list({}, 10)).front().purged == at(20));
}

TEST_CASE("released mail goes too, and never what is held or on its way") {
  Store store = open_store(":memory:");
  const std::string held = hold_one(store, 1);
  NewHeld other = some_mail();
  other.message_id = "two@town.example";
  const std::string releasing = hold_one(store, 2, other);
  const std::string released = hold_one(store, 3, other);
  for (const std::string& id : {releasing, released}) must(store.ask_release(id, "sam", "", false, at(5)));
  const std::vector<std::string> recipients = some_mail().envelope.recipients;
  must(store.mark_sending(released, recipients, at(6)));
  must(store.record_deliveries(released, {{recipients[0], Store::Delivery::Outcome::delivered, "250 ok"}, {recipients[1], Store::Delivery::Outcome::delivered, "250 ok"}}, at(7),
                               nullptr));
  CHECK(must(store.purge(everything_before(at(1'000'000'000)), at(1'000'000'000))) == Purged{.decided = 1});
  CHECK(must(store.get(held)).bytes == some_mail().bytes);
  CHECK(must(store.get(releasing)).bytes == some_mail().bytes);
  CHECK(must(store.get(released)).purged);
}

TEST_CASE("notices that nobody took are forgotten") {
  Store store = open_store(":memory:");
  must(store.hold(some_mail(), at(1), [](const std::string&) { return std::vector<Notice>{some_notice("held-sender", "x")}; }));
  CHECK(must(store.purge(everything_before(at(1)), at(2))).notices == 0);
  CHECK(must(store.purge(everything_before(at(2)), at(2))).notices == 1);
  CHECK(must(store.due_notices(at(100), 10)).empty());
}

TEST_CASE("the audit trail says how many of what, and nothing where there was nothing") {
  Store store = open_store(":memory:");
  must(store.remember(mail_at("old", 100), at(100)));
  const std::size_t before = acts(store).size();
  must(store.purge(everything_before(at(50)), at(1000)));
  CHECK(acts(store).size() == before);
  must(store.purge(everything_before(at(150)), at(1000)));
  const AuditRow row = must(store.audit_rows(1, 100)).back();
  CHECK(row.act == "purged");
  CHECK(row.who == "beadle");
  CHECK(row.detail == R"({"record":"1","fingerprints":"0","reminders":"0","decided":"0","notices":"0","seen":"0"})");
  CHECK(must(store.verify_audit()).broken_at == 0);
}

TEST_CASE("a database of tables before reminders is brought up to date with its mail") {
  const Folder folder;
  write_file(folder.database(), "");
  {
    Database database = must(Database::open(folder.database(), 1000));
    must(bring_up_to_date(database, migrations().first(3), at(0)));
    must(database.script("INSERT INTO earlier_mail (message_id, sender, marked, at_ms) VALUES ('old', 'a', 0, 1)"));
  }
  Store store = open_store(folder.database());
  CHECK(knows(store, "old"));
  CHECK(must(store.reminders(true, 10)).empty());
  CHECK(acts(store).back() == "store-updated");
  CHECK_FALSE(must(store.get(hold_one(store))).purged);
}

}  // namespace beadle::store
