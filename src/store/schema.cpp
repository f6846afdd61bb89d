#include "store/schema.h"

#include <string>

#include "store/audit.h"

namespace beadle::store {
namespace {

// Times are milliseconds since 1970 UTC. The bytes of mail stand in a table of their own, so that lists stay fast, and behind
// its small columns, so that those are read without walking through a large mail.
constexpr const char* version_1 = R"sql(
CREATE TABLE held (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('held', 'releasing', 'released', 'returned', 'withdrawn')),
  received_ms INTEGER NOT NULL,
  from_address TEXT NOT NULL,
  sender TEXT NOT NULL,
  subject TEXT NOT NULL,
  decided_by TEXT NOT NULL DEFAULT '',
  decided_ms INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  intake_key TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX held_by_state ON held (state, id);
-- The same submission again joins only what is not settled yet.
CREATE UNIQUE INDEX held_by_intake_key ON held (intake_key) WHERE intake_key <> '' AND state IN ('held', 'releasing');

CREATE TABLE message (
  held TEXT NOT NULL UNIQUE REFERENCES held (id),
  door TEXT NOT NULL,
  login TEXT NOT NULL,
  smtputf8 INTEGER NOT NULL,
  body TEXT NOT NULL,
  message_id TEXT NOT NULL,
  queue_id TEXT NOT NULL,
  client TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  release_sha256 TEXT NOT NULL,
  verdict_json TEXT NOT NULL,
  bytes BLOB NOT NULL,
  release_bytes BLOB NOT NULL
) STRICT;

CREATE TABLE clause (
  held TEXT NOT NULL REFERENCES held (id),
  position INTEGER NOT NULL,
  clause TEXT NOT NULL,
  PRIMARY KEY (held, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE recipient (
  held TEXT NOT NULL REFERENCES held (id),
  position INTEGER NOT NULL,
  address TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'delivered', 'refused')),
  reply TEXT NOT NULL DEFAULT '',
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_ms INTEGER,
  changed_ms INTEGER,
  PRIMARY KEY (held, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX recipient_due ON recipient (next_try_ms) WHERE state = 'pending' AND next_try_ms IS NOT NULL;
CREATE INDEX recipient_sending ON recipient (held) WHERE state = 'sending';

CREATE TABLE notice (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  held TEXT NOT NULL,
  kind TEXT NOT NULL,
  recipient TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0,
  next_try_ms INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX notice_due ON notice (next_try_ms);

CREATE TABLE earlier_mail (
  number INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL UNIQUE,
  sender TEXT NOT NULL,
  marked INTEGER NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE earlier_address (
  mail INTEGER NOT NULL REFERENCES earlier_mail (number) ON DELETE CASCADE,
  field TEXT NOT NULL CHECK (field IN ('visible', 'recipient')),
  position INTEGER NOT NULL,
  address TEXT NOT NULL,
  PRIMARY KEY (mail, field, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  act TEXT NOT NULL,
  who TEXT NOT NULL,
  held TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
-- Number and hash of the last row: a trail that was cut at its end does not fit it any more.
CREATE TABLE audit_head (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  number INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
CREATE TRIGGER audit_never_changed BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed'); END;
CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit trail is never deleted'); END;
-- Also refuses INSERT OR REPLACE, which does not count as a deletion.
CREATE TRIGGER audit_in_order BEFORE INSERT ON audit WHEN NEW.number IS NOT (SELECT number + 1 FROM audit_head)
  BEGIN SELECT RAISE(ABORT, 'the audit trail only grows at its end'); END;
CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON audit_head WHEN NEW.number IS NOT OLD.number + 1
  BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
  BEGIN SELECT RAISE(ABORT, 'the audit trail is never deleted'); END;
)sql";

constexpr const char* version_2 = R"sql(
CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// Of marked mail: fingerprints of its passages (inspect/passages.h), by which they are known again. No text.
constexpr const char* version_3 = R"sql(
ALTER TABLE earlier_mail ADD COLUMN consent INTEGER NOT NULL DEFAULT 0;
CREATE INDEX earlier_mail_by_age ON earlier_mail (at_ms);
CREATE TABLE fingerprint (
  hash INTEGER NOT NULL,
  mail INTEGER NOT NULL REFERENCES earlier_mail (number) ON DELETE CASCADE,
  PRIMARY KEY (hash, mail)
) STRICT, WITHOUT ROWID;
CREATE INDEX fingerprint_by_mail ON fingerprint (mail);
)sql";

// Clauses that need time: what is open, whom it waits for, and the mails that belong to it. The subject is kept because nobody finds an enquiry by
// its date; no other text. Of decided mail, when its content was purged.
constexpr const char* version_4 = R"sql(
CREATE TABLE reminder (
  id TEXT PRIMARY KEY,
  clause TEXT NOT NULL,
  says TEXT NOT NULL,
  message_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  thread_subject TEXT NOT NULL,
  writer TEXT NOT NULL,
  told INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  noticed_ms INTEGER,
  closed_ms INTEGER,
  closed_by TEXT NOT NULL DEFAULT '',
  closed_mail TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX reminder_by_mail ON reminder (clause, message_id) WHERE message_id <> '';
CREATE INDEX reminder_by_subject ON reminder (thread_subject) WHERE closed_ms IS NULL AND thread_subject <> '';
CREATE INDEX reminder_due ON reminder (due_ms) WHERE closed_ms IS NULL AND noticed_ms IS NULL;
CREATE TABLE reminder_party (
  reminder TEXT NOT NULL REFERENCES reminder (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('asked', 'untold')),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (reminder, role, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE reminder_mail (
  message_id TEXT NOT NULL,
  reminder TEXT NOT NULL REFERENCES reminder (id) ON DELETE CASCADE,
  PRIMARY KEY (message_id, reminder)
) STRICT, WITHOUT ROWID;
CREATE INDEX reminder_mail_by_reminder ON reminder_mail (reminder);
ALTER TABLE held ADD COLUMN purged_ms INTEGER;
CREATE INDEX held_by_decision ON held (decided_ms) WHERE purged_ms IS NULL AND decided_ms IS NOT NULL;
)sql";

constexpr Migration all_migrations[] = {{1, version_1}, {2, version_2}, {3, version_3}, {4, version_4}};

}  // namespace

std::span<const Migration> migrations() { return all_migrations; }

Result<void> check_identity(Database& database, int known_version) {
  const std::int64_t id = TRY(database.number("PRAGMA application_id"));
  const std::int64_t version = TRY(database.number("PRAGMA user_version"));
  if (id == application_id) {
    if (version > known_version) {
      return Error{ErrorKind::bad_data, "was written by a newer Beadle (tables of version " + std::to_string(version) +
                                            ", this program knows " + std::to_string(known_version) +
                                            "): install that one again"};
    }
    if (version < 1) return Error{ErrorKind::bad_data, "damaged: says no version of its tables"};
    return {};
  }
  // An empty database is a new one, or what a crash left while it was being made.
  const std::int64_t tables = TRY(database.number("SELECT count(*) FROM sqlite_schema"));
  if (id != 0 || version != 0 || tables != 0) return Error{ErrorKind::bad_data, "is the database of another program"};
  return {};
}

Result<void> bring_up_to_date(Database& database, std::span<const Migration> steps, Time now) {
  const int newest = steps.empty() ? 0 : steps.back().version;
  if (TRY(database.number("PRAGMA user_version")) == newest) return {};  // without a write lock, as nearly always
  Transaction transaction = TRY(Transaction::begin_write(database));
  TRY(check_identity(database, newest));  // another process may have been faster
  const std::int64_t before = TRY(database.number("PRAGMA user_version"));
  for (const Migration& step : steps) {
    if (step.version > before) TRY(database.script(step.sql));
  }
  if (before < newest) {
    TRY(database.script("PRAGMA application_id = " + std::to_string(application_id)));
    TRY(database.script("PRAGMA user_version = " + std::to_string(newest)));
    TRY(append_audit(database, before == 0 ? "store-created" : "store-updated", "beadle", "",
                     json_object({{"version", std::to_string(newest)}}), now));
  }
  return transaction.commit();
}

}  // namespace beadle::store
