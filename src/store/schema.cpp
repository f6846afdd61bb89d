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

// The review desk. What can be sealed stands beside the id of its key, '' for plain (store/sealing.h); the index by key finds what is still to be
// sealed anew. search_word holds keyed digests of words, no words. audit_day says between which numbers the rows of a day (UTC, since 1970) stand:
// clocks are set back at times, so that rows are not quite in the order of their times.
constexpr const char* version_5 = R"sql(
ALTER TABLE message ADD COLUMN key_id TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN release_key TEXT NOT NULL DEFAULT '';
CREATE INDEX message_by_key ON message (key_id);
CREATE INDEX message_by_release_key ON message (release_key);
CREATE INDEX message_by_message_id ON message (message_id, held);
ALTER TABLE notice ADD COLUMN key_id TEXT NOT NULL DEFAULT '';
CREATE INDEX notice_by_key ON notice (key_id);
ALTER TABLE held ADD COLUMN subject_key TEXT NOT NULL DEFAULT '';
ALTER TABLE held ADD COLUMN reason_key TEXT NOT NULL DEFAULT '';
ALTER TABLE held ADD COLUMN words_key TEXT NOT NULL DEFAULT '';
ALTER TABLE held ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;
ALTER TABLE held ADD COLUMN legal_hold INTEGER NOT NULL DEFAULT 0;
CREATE INDEX held_by_subject_key ON held (subject_key) WHERE subject <> '';
CREATE INDEX held_by_reason_key ON held (reason_key) WHERE reason <> '';
CREATE INDEX held_by_words_key ON held (words_key, id) WHERE purged_ms IS NULL;
-- Narrow, so that figures need not walk through subjects.
CREATE INDEX held_outcome ON held (id, state, received_ms, decided_ms);
CREATE INDEX clause_by_clause ON clause (clause, held);
UPDATE held SET opened = 1 WHERE id IN (SELECT held FROM audit WHERE act = 'opened');

CREATE TABLE search_word (
  hash INTEGER NOT NULL,
  held TEXT NOT NULL REFERENCES held (id),
  PRIMARY KEY (hash, held)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_word_by_held ON search_word (held);

CREATE INDEX audit_by_held ON audit (held, number) WHERE held <> '';
CREATE INDEX audit_by_act ON audit (act, number);
CREATE INDEX audit_by_who ON audit (who, number);
CREATE INDEX audit_by_act_and_who ON audit (act, who, number);
CREATE TABLE audit_day (
  day INTEGER PRIMARY KEY,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT;
CREATE TRIGGER audit_day_kept AFTER INSERT ON audit BEGIN
  INSERT INTO audit_day VALUES (NEW.at_ms / 86400000, NEW.number, NEW.number)
    ON CONFLICT (day) DO UPDATE SET first = min(first, NEW.number), last = max(last, NEW.number);
END;
INSERT INTO audit_day SELECT at_ms / 86400000, min(number), max(number) FROM audit GROUP BY at_ms / 86400000;

CREATE TABLE account (
  name TEXT PRIMARY KEY,
  address TEXT NOT NULL,
  roles TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  totp BLOB NOT NULL,
  totp_key TEXT NOT NULL DEFAULT '',
  totp_step INTEGER NOT NULL DEFAULT 0,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL,
  last_sign_in_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
  token_sha256 TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (name),
  csrf TEXT NOT NULL,
  begun_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account, begun_ms);
-- The name as a short digest: people type their password into the wrong field.
CREATE TABLE failure (
  number INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  host TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX failure_by_account ON failure (account, at_ms);
CREATE INDEX failure_by_host ON failure (host, at_ms);
CREATE INDEX failure_by_time ON failure (at_ms);
CREATE TABLE link (
  token_sha256 TEXT PRIMARY KEY,
  held TEXT NOT NULL,
  purpose TEXT NOT NULL,
  address TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  used_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX link_by_age ON link (created_ms);

CREATE TABLE claim (
  held TEXT PRIMARY KEY REFERENCES held (id),
  who TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_by_who ON claim (who, held);
CREATE TABLE note (
  number INTEGER PRIMARY KEY,
  held TEXT NOT NULL REFERENCES held (id),
  who TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('note', 'explained', 'passed-on', 'legal-hold')),
  words BLOB NOT NULL,
  words_key TEXT NOT NULL DEFAULT '',
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX note_by_held ON note (held, kind);
CREATE INDEX note_by_key ON note (words_key);
CREATE TABLE break_glass (
  number INTEGER PRIMARY KEY,
  held TEXT NOT NULL REFERENCES held (id),
  who TEXT NOT NULL,
  reason BLOB NOT NULL,
  reason_key TEXT NOT NULL DEFAULT '',
  asked_ms INTEGER NOT NULL,
  agreed_by TEXT NOT NULL DEFAULT '',
  agreed_ms INTEGER,
  UNIQUE (held, who)
) STRICT;
CREATE INDEX break_glass_open ON break_glass (held) WHERE agreed_ms IS NULL;

CREATE TABLE counted (
  day INTEGER NOT NULL,
  action TEXT NOT NULL,
  role TEXT NOT NULL,
  clause TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (day, action, role, clause)
) STRICT, WITHOUT ROWID;
)sql";

// The audit of mailboxes: up to where each folder was looked at, and what came of it; and keyed digests of the Message-IDs that came by, at a door
// (gateway = 1) or in an audit only. Days are those of the United Kingdom since 1970.
constexpr const char* version_6 = R"sql(
CREATE TABLE mailbox_cursor (
  mailbox TEXT NOT NULL,
  folder TEXT NOT NULL,
  uid_validity INTEGER NOT NULL,
  uid INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  too_old INTEGER NOT NULL,
  never_seen INTEGER NOT NULL,
  without_id INTEGER NOT NULL,
  too_large INTEGER NOT NULL,
  findings INTEGER NOT NULL,
  names_bcc INTEGER NOT NULL,
  looked_ms INTEGER NOT NULL,
  PRIMARY KEY (mailbox, folder)
) STRICT, WITHOUT ROWID;
CREATE TABLE seen_mail (
  digest INTEGER PRIMARY KEY,
  day INTEGER NOT NULL,
  gateway INTEGER NOT NULL
) STRICT;
CREATE INDEX seen_mail_by_day ON seen_mail (gateway, day);
)sql";

// What the sender wants to hear of the delivery (RFC 3461): parameters of MAIL and RCPT, which a release offers to the next hop.
constexpr const char* version_7 = R"sql(
ALTER TABLE message ADD COLUMN dsn TEXT NOT NULL DEFAULT '';
ALTER TABLE recipient ADD COLUMN dsn TEXT NOT NULL DEFAULT '';
)sql";

constexpr Migration all_migrations[] = {{1, version_1}, {2, version_2}, {3, version_3}, {4, version_4}, {5, version_5}, {6, version_6}, {7, version_7}};

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
