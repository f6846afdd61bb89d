// Reminders in the store: opened once, answered or closed by hand, noticed once when they fall due.
#include "base/limits.h"
#include "helpers.h"

namespace beadle::store {
namespace {

inspect::NewReminder enquiry(const std::string& message_id = "ask@town.example") {
  inspect::NewReminder opened;
  opened.clause = "marram/answer";
  opened.says = "Enquiries are answered.";
  opened.message_id = message_id;
  opened.subject = "The gate";
  opened.thread_subject = "the gate";
  opened.writer = "jane@town.example";
  opened.asked = {"olivia@town.example", "clerk@town.example"};
  opened.opened = at(0);
  opened.due = at(1000);
  return opened;
}

inspect::NewReminder report() {
  inspect::NewReminder opened = enquiry("report@town.example");
  opened.clause = "marram/groups";
  opened.untold = {"Blue", "Green"};
  return opened;
}

void open(Store& store, const inspect::NewReminder& opened, std::int64_t seconds = 1) {
  must(store.change_reminders({.opens = {opened}, .steps = {}}, opened.message_id, at(seconds)));
}

Reminder only(Store& store) {
  const auto all = must(store.reminders(true, 100));
  REQUIRE(all.size() == 1);
  return all.front();
}

inspect::ReminderChanges step(const std::string& id, bool closes, std::vector<std::string> told = {}) {
  return {.opens = {}, .steps = {{.id = id, .told = std::move(told), .closes = closes}}};
}

}  // namespace

TEST_CASE("what was opened is on record, whole, also for who opens the file again") {
  const Folder folder;
  {
    Store store = open_store(folder.database());
    open(store, enquiry());
  }
  Store store = open_store(folder.database());
  const Reminder reminder = only(store);
  CHECK(reminder.id.size() == 26);
  CHECK(reminder.clause == "marram/answer");
  CHECK(reminder.says == "Enquiries are answered.");
  CHECK(reminder.message_id == "ask@town.example");
  CHECK(reminder.subject == "The gate");
  CHECK(reminder.writer == "jane@town.example");
  CHECK(reminder.asked == std::vector<std::string>{"olivia@town.example", "clerk@town.example"});
  CHECK(reminder.opened == at(0));
  CHECK(reminder.due == at(1000));
  CHECK(reminder.told);
  CHECK_FALSE(reminder.closed);
  CHECK(acts(store).back() == "reminder-opened");
}

TEST_CASE("one mail opens a clause once, however often it comes by") {
  Store store = open_store(":memory:");
  open(store, enquiry());
  open(store, enquiry(), 2);
  CHECK(must(store.reminders(false, 100)).size() == 1);
  must(store.close_reminder(only(store).id, "sam", "by telephone", at(3)));
  open(store, enquiry(), 4);
  CHECK(only(store).closed);
  open(store, report());  // another clause
  CHECK(must(store.reminders(false, 100)).size() == 1);
}

TEST_CASE("a reminder is found by each mail of its thread, else by its subject") {
  Store store = open_store(":memory:");
  open(store, enquiry());
  const std::string id = only(store).id;
  CHECK(must(store.reminders_of({"other@town.example"}, "the fence")).empty());
  CHECK(must(store.reminders_of({"", "x"}, "")).empty());
  auto found = must(store.reminders_of({"new@town.example", "ask@town.example"}, "the gate"));
  REQUIRE(found.size() == 1);
  CHECK(found.front().same_thread);
  CHECK(found.front().id == id);
  CHECK(found.front().clause == "marram/answer");
  CHECK(found.front().writer == "jane@town.example");
  CHECK(found.front().asked.size() == 2);
  found = must(store.reminders_of({"new@town.example"}, "the gate"));
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found.front().same_thread);
  // A holding reply joins the thread: what answers it belongs to the enquiry.
  must(store.change_reminders(step(id, false), "holding@town.example", at(5)));
  CHECK(must(store.reminders_of({"y", "holding@town.example"}, "")).size() == 1);
  must(store.change_reminders(step(id, true), "answer@town.example", at(6)));
  CHECK(must(store.reminders_of({"ask@town.example"}, "the gate")).empty());
}

TEST_CASE("a thread is not remembered without bound") {
  Store store = open_store(":memory:");
  open(store, enquiry());
  const std::string id = only(store).id;
  for (std::size_t i = 0; i < limits::reminder_mails_max + 10; ++i) must(store.change_reminders(step(id, false), "m" + std::to_string(i), at(5)));
  CHECK(must(store.reminders_of({"m1"}, "")).size() == 1);
  CHECK(must(store.reminders_of({"m" + std::to_string(limits::reminder_mails_max + 5)}, "")).empty());
}

TEST_CASE("an answer closes it, and the audit trail says so") {
  Store store = open_store(":memory:");
  open(store, enquiry());
  must(store.change_reminders(step(only(store).id, true), "answer@town.example", at(7)));
  const Reminder reminder = only(store);
  CHECK(reminder.closed == at(7));
  CHECK(reminder.closed_by == "beadle");
  CHECK(reminder.closed_mail == "answer@town.example");
  CHECK(must(store.reminders(false, 100)).empty());
  CHECK(acts(store).back() == "reminder-closed");
  must(store.change_reminders(step(reminder.id, true), "later@town.example", at(8)));
  CHECK(only(store).closed_mail == "answer@town.example");
  CHECK(must(store.verify_audit()).broken_at == 0);
}

TEST_CASE("groups are told one after the other; the last one closes it") {
  Store store = open_store(":memory:");
  open(store, report());
  const std::string id = only(store).id;
  must(store.change_reminders(step(id, false, {"Green"}), "one@town.example", at(2)));
  CHECK(only(store).untold == std::vector<std::string>{"Blue"});
  CHECK_FALSE(only(store).closed);
  // Each of two mails at the same time knows only of the group that it told.
  must(store.change_reminders(step(id, false, {"Blue"}), "two@town.example", at(3)));
  CHECK(only(store).closed == at(3));
}

TEST_CASE("closed by hand: who and why are kept, and the second one hears who was first") {
  Store store = open_store(":memory:");
  open(store, enquiry());
  const std::string id = only(store).id;
  must(store.close_reminder(id.substr(0, 20), "sam", "by telephone", at(5)));
  CHECK(only(store).closed_by == "sam");
  CHECK(only(store).reason == "by telephone");
  const Error second = failure(store.close_reminder(id, "tess", "me too", at(6)));
  CHECK(second.kind == ErrorKind::refused);
  CHECK(second.what.find("closed by sam") != std::string::npos);
  CHECK(failure(store.close_reminder("zzzzzz", "sam", "x", at(7))).kind == ErrorKind::not_found);
  CHECK(failure(store.close_reminder("01k", "sam", "x", at(7))).kind == ErrorKind::usage);
  const auto rows = must(store.audit_rows(1, 100));
  CHECK(rows.back().who == "sam");
  CHECK(rows.back().detail.find("by telephone") != std::string::npos);
}

TEST_CASE("as the clock moves it falls due, and is noticed once") {
  Store store = open_store(":memory:");
  open(store, enquiry());
  const std::string id = only(store).id;
  CHECK(must(store.fallen_due(at(999), 10)).empty());
  REQUIRE(must(store.fallen_due(at(1000), 10)).size() == 1);
  must(store.note_fallen_due(id, {some_notice("due-asked", "one"), some_notice("due-reviewer", "two")}, at(1000)));
  CHECK(must(store.due_notices(at(1000), 10)).size() == 2);
  CHECK(must(store.fallen_due(at(5000), 10)).empty());
  must(store.note_fallen_due(id, {some_notice("due-asked", "one")}, at(1001)));
  CHECK(must(store.due_notices(at(5000), 10)).size() == 2);
  CHECK(only(store).noticed == at(1000));
  CHECK_FALSE(only(store).closed);  // an answer may still come
}

TEST_CASE("what was answered in time does not fall due") {
  Store store = open_store(":memory:");
  open(store, enquiry());
  must(store.change_reminders(step(only(store).id, true), "answer@town.example", at(900)));
  CHECK(must(store.fallen_due(at(5000), 10)).empty());
}

TEST_CASE("the soonest due stands first, what is closed last") {
  Store store = open_store(":memory:");
  for (const auto& [id, due] : {std::pair<const char*, int>{"late", 300}, {"soon", 100}, {"done", 50}}) {
    inspect::NewReminder opened = enquiry(id);
    opened.due = at(due);
    open(store, opened);
  }
  const auto soonest = must(store.reminders(false, 1));
  CHECK(soonest.front().message_id == "done");
  must(store.close_reminder(soonest.front().id, "sam", "x", at(4)));
  const auto all = must(store.reminders(true, 10));
  REQUIRE(all.size() == 3);
  CHECK(all[0].message_id == "soon");
  CHECK(all[1].message_id == "late");
  CHECK(all[2].message_id == "done");
}

}  // namespace beadle::store
