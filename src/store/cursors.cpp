#include "store/cursors.h"

#include "base/calendar.h"
#include "store/audit.h"
#include "store/content.h"

namespace beadle::store {
namespace {

constexpr std::string_view select_cursors =
    "SELECT mailbox, folder, uid_validity, uid, messages, too_old, never_seen, without_id, too_large, findings, names_bcc, looked_ms FROM mailbox_cursor";

Cursor cursor_of(const Statement& row) {
  Cursor cursor;
  cursor.mailbox = row.text(0);
  cursor.folder = row.text(1);
  cursor.uid_validity = static_cast<std::uint32_t>(row.integer(2));
  cursor.uid = static_cast<std::uint32_t>(row.integer(3));
  cursor.messages = row.integer(4);
  cursor.too_old = row.integer(5);
  cursor.never_seen = row.integer(6);
  cursor.without_id = row.integer(7);
  cursor.too_large = row.integer(8);
  cursor.findings = row.integer(9);
  cursor.names_bcc = row.integer(10) != 0;
  cursor.looked = row.time(11);
  return cursor;
}

}  // namespace

Result<Cursor> Cursors::find(std::string_view mailbox, std::string_view folder) {
  auto database = store_.content_->database.access();
  Statement row = TRY(database->query(std::string(select_cursors) + " WHERE mailbox = ?1 AND folder = ?2", mailbox, folder));
  if (TRY(row.step())) return cursor_of(row);
  Cursor cursor;
  cursor.mailbox = std::string(mailbox);
  cursor.folder = std::string(folder);
  return cursor;
}

Result<std::vector<Cursor>> Cursors::all() {
  auto database = store_.content_->database.access();
  Statement row = TRY(database->query(std::string(select_cursors) + " ORDER BY mailbox, folder"));
  std::vector<Cursor> found;
  while (TRY(row.step())) found.push_back(cursor_of(row));
  return found;
}

Result<void> Cursors::advance(const Cursor& before, const Cursor& cursor, const std::vector<Audited>& audited, Time now) {
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  Statement row = TRY(database->query("SELECT uid_validity, uid FROM mailbox_cursor WHERE mailbox = ?1 AND folder = ?2", cursor.mailbox, cursor.folder));
  const bool known = TRY(row.step());
  if ((known ? row.integer(0) : 0) != before.uid_validity || (known ? row.integer(1) : 0) != before.uid) {
    return Error{ErrorKind::refused, "another audit is looking at this folder"};
  }
  TRY(database->run("INSERT INTO mailbox_cursor VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT (mailbox, folder) DO UPDATE SET "
                    "uid_validity = ?3, uid = ?4, messages = ?5, too_old = ?6, never_seen = ?7, without_id = ?8, too_large = ?9, findings = ?10, "
                    "names_bcc = ?11, looked_ms = ?12",
                    cursor.mailbox, cursor.folder, cursor.uid_validity, cursor.uid, cursor.messages, cursor.too_old, cursor.never_seen, cursor.without_id,
                    cursor.too_large, cursor.findings, cursor.names_bcc, now));
  const std::int64_t day = day_of(now).time_since_epoch().count();
  for (const Audited& one : audited) {
    if (one.digest != 0) {
      TRY(database->run("INSERT INTO seen_mail (digest, day, gateway) VALUES (?1, ?2, 0) ON CONFLICT (digest) DO NOTHING", one.digest, day));
    }
    if (!one.detail_json.empty()) TRY(append_audit(*database, "audited", "beadle", "", one.detail_json, now));
  }
  return transaction.commit();
}

}  // namespace beadle::store
