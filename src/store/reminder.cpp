// Clauses that need time: opened and closed by mail, closed by hand, fallen due.
#include <algorithm>

#include "base/limits.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/held_id.h"
#include "store/notice.h"

namespace beadle::store {
namespace {

constexpr std::string_view columns =
    "id, clause, says, message_id, subject, writer, told, opened_ms, due_ms, noticed_ms, closed_ms, closed_by, closed_mail, reason";

Result<std::vector<std::string>> parties_of(Database& database, std::string_view id, std::string_view role) {
  Statement query = TRY(database.query("SELECT name FROM reminder_party WHERE reminder = ?1 AND role = ?2 ORDER BY position", id, role));
  std::vector<std::string> names;
  while (TRY(query.step())) names.push_back(query.text(0));
  return names;
}

Result<Reminder> reminder_of(Database& database, const Statement& row) {
  Reminder reminder;
  reminder.id = row.text(0);
  reminder.clause = row.text(1);
  reminder.says = row.text(2);
  reminder.message_id = row.text(3);
  reminder.subject = row.text(4);
  reminder.writer = row.text(5);
  reminder.told = row.integer(6) != 0;
  reminder.opened = row.time(7);
  reminder.due = row.time(8);
  reminder.noticed = row.maybe_time(9);
  reminder.closed = row.maybe_time(10);
  reminder.closed_by = row.text(11);
  reminder.closed_mail = row.text(12);
  reminder.reason = row.text(13);
  reminder.asked = TRY(parties_of(database, reminder.id, "asked"));
  reminder.untold = TRY(parties_of(database, reminder.id, "untold"));
  return reminder;
}

Result<std::vector<Reminder>> reminders_in(Database& database, Statement& query) {
  std::vector<Reminder> reminders;
  while (TRY(query.step())) reminders.push_back(TRY(reminder_of(database, query)));
  return reminders;
}

Result<void> add_parties(Database& database, std::string_view id, std::string_view role, const std::vector<std::string>& names) {
  Statement insert = TRY(database.prepare("INSERT INTO reminder_party (reminder, role, position, name) VALUES (?1, ?2, ?3, ?4)"));
  const std::size_t count = std::min(names.size(), limits::header_addresses_max);
  for (std::size_t i = 0; i < count; ++i) TRY(insert.with(id, role, i, names[i]).run());
  return {};
}

/// Joins a mail to the thread. Bounded: a thread in which people write every day must not grow for ever.
Result<void> add_mail(Database& database, std::string_view id, std::string_view message_id) {
  if (message_id.empty()) return {};
  const std::int64_t known = TRY(database.number("SELECT count(*) FROM reminder_mail WHERE reminder = ?1", id));
  if (known >= static_cast<std::int64_t>(limits::reminder_mails_max)) return {};
  TRY(database.run("INSERT OR IGNORE INTO reminder_mail (message_id, reminder) VALUES (?1, ?2)", message_id, id));
  return {};
}

Result<void> open_one(Database& database, const inspect::NewReminder& opened, Time now) {
  const std::string id = new_id(now);
  const std::int64_t made = TRY(database.run(
      "INSERT OR IGNORE INTO reminder (id, clause, says, message_id, subject, thread_subject, writer, told, opened_ms, due_ms) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      id, opened.clause, opened.says, opened.message_id, opened.subject, opened.thread_subject, opened.writer, opened.told, opened.opened, opened.due));
  if (made == 0) return {};  // the same mail in another transaction
  TRY(add_parties(database, id, "asked", opened.asked));
  TRY(add_parties(database, id, "untold", opened.untold));
  TRY(add_mail(database, id, opened.message_id));
  return append_audit(database, "reminder-opened", "beadle", "", json_object({{"reminder", id}, {"clause", opened.clause}, {"due", to_rfc3339(opened.due)}}), now);
}

Result<void> close(Database& database, std::string_view id, std::string_view who, std::string_view mail, std::string_view reason, Time now) {
  const std::int64_t closed = TRY(database.run(
      "UPDATE reminder SET closed_ms = ?2, closed_by = ?3, closed_mail = ?4, reason = ?5 WHERE id = ?1 AND closed_ms IS NULL", id, now, who, mail, reason));
  if (closed == 0) return {};
  return append_audit(database, "reminder-closed", who, "", json_object({{"reminder", std::string(id)}, {"reason", std::string(reason)}}), now);
}

Result<void> take_step(Database& database, const inspect::ReminderStep& step, std::string_view message_id, Time now) {
  // Another process may have purged it since it was looked up.
  if (TRY(database.number("SELECT count(*) FROM reminder WHERE id = ?1", step.id)) == 0) return {};
  TRY(add_mail(database, step.id, message_id));
  for (const std::string& group : step.told) {
    TRY(database.run("DELETE FROM reminder_party WHERE reminder = ?1 AND role = 'untold' AND name = ?2", step.id, group));
  }
  // Two mails at the same time may each have told one group.
  const bool all_told = !step.told.empty() && TRY(parties_of(database, step.id, "untold")).empty();
  if (step.closes || all_told) TRY(close(database, step.id, "beadle", message_id, "", now));
  return {};
}

}  // namespace

Result<std::vector<inspect::OpenReminder>> Store::reminders_of(const std::vector<std::string>& message_ids, std::string_view thread_subject) {
  auto database = content_->readings().access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  std::vector<inspect::OpenReminder> found;
  const auto add = [&](Statement& query, bool same_thread) -> Result<void> {
    while (found.size() < limits::reminders_of_mail_max && TRY(query.step())) {
      const std::string id = query.text(0);
      if (std::any_of(found.begin(), found.end(), [&](const auto& known) { return known.id == id; })) continue;
      inspect::OpenReminder open{.id = id, .clause = query.text(1), .writer = query.text(2), .asked = {}, .untold = {}, .same_thread = same_thread};
      open.asked = TRY(parties_of(*database, id, "asked"));
      open.untold = TRY(parties_of(*database, id, "untold"));
      found.push_back(std::move(open));
    }
    return {};
  };
  Statement by_mail = TRY(database->prepare(
      "SELECT id, clause, writer FROM reminder_mail JOIN reminder ON id = reminder WHERE reminder_mail.message_id = ?1 AND closed_ms IS NULL ORDER BY id"));
  const std::size_t count = std::min(message_ids.size(), limits::references_max + 1);
  for (std::size_t i = 0; i < count; ++i) {
    if (!message_ids[i].empty()) TRY(add(by_mail.with(message_ids[i]), true));
  }
  if (thread_subject.empty()) return found;
  // Of a subject that many use, the newest.
  Statement by_subject = TRY(database->query(
      "SELECT id, clause, writer FROM reminder WHERE thread_subject = ?1 AND thread_subject <> '' AND closed_ms IS NULL ORDER BY id DESC LIMIT ?2",
      thread_subject, limits::reminders_of_mail_max));
  TRY(add(by_subject, false));
  return found;
}

Result<void> Store::change_reminders(const inspect::ReminderChanges& changes, std::string_view message_id, Time now) {
  if (changes.empty()) return {};
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  for (const inspect::ReminderStep& step : changes.steps) TRY(take_step(*database, step, message_id, now));
  for (const inspect::NewReminder& opened : changes.opens) TRY(open_one(*database, opened, now));
  return transaction.commit();
}

Result<std::vector<Reminder>> Store::reminders(bool closed, std::size_t most) {
  auto database = content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  Statement query = TRY(database->query(
      "SELECT " + std::string(columns) + " FROM reminder WHERE ?1 OR closed_ms IS NULL ORDER BY closed_ms IS NOT NULL, due_ms, id LIMIT ?2", closed, most));
  return reminders_in(*database, query);
}

Result<Reminder> Store::reminder(std::string_view id) {
  auto database = content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  const std::string whole = TRY(find_reminder_id(*database, id));
  Statement query = TRY(database->query("SELECT " + std::string(columns) + " FROM reminder WHERE id = ?1", whole));
  if (!TRY(query.step())) return Error{ErrorKind::not_found, "no reminder " + whole};
  return reminder_of(*database, query);
}

Result<void> Store::close_reminder(std::string_view id, std::string_view who, std::string_view reason, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::string whole = TRY(find_reminder_id(*database, id));
  Statement query = TRY(database->query("SELECT closed_ms, closed_by FROM reminder WHERE id = ?1", whole));
  if (TRY(query.step()) && !query.is_null(0)) {
    return Error{ErrorKind::refused, "reminder " + whole + " was closed by " + query.text(1) + " at " + to_rfc3339(query.time(0))};
  }
  TRY(close(*database, whole, who, "", reason, now));
  return transaction.commit();
}

Result<std::vector<Reminder>> Store::fallen_due(Time now, std::size_t most) {
  auto database = content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  Statement query = TRY(database->query("SELECT " + std::string(columns) +
                                            " FROM reminder WHERE due_ms <= ?1 AND closed_ms IS NULL AND noticed_ms IS NULL ORDER BY due_ms, id LIMIT ?2",
                                        now, most));
  return reminders_in(*database, query);
}

Result<void> Store::note_fallen_due(std::string_view id, const std::vector<Notice>& notices, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  const std::int64_t noted = TRY(database->run("UPDATE reminder SET noticed_ms = ?2 WHERE id = ?1 AND closed_ms IS NULL AND noticed_ms IS NULL", id, now));
  if (noted == 0) return {};
  TRY(add_notices(*database, *content_->vault, "", notices, now));
  TRY(append_audit(*database, "reminder-due", "beadle", "", json_object({{"reminder", std::string(id)}, {"notices", std::to_string(notices.size())}}), now));
  return transaction.commit();
}

}  // namespace beadle::store
