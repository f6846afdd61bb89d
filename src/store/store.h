// What must survive: held mail with exact bytes and envelope, its states, the record of earlier correspondence, notices to send,
// and the hash-chained audit trail. Only user of SQLite (WAL, synchronous FULL, STRICT tables). Every function is durable when it
// returns. Safe to call from several threads (a connection behind a lock, and one more for what every message looks up); other
// processes (the command line) may have it open too. Failures: try_later (locked, full disk), bad_data (not our database, damaged),
// refused (a state forbids the act; says who was first).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"
#include "inspect/envelope.h"
#include "inspect/history.h"
#include "inspect/verdict.h"
#include "store/recorded.h"

namespace beadle::store {

/// held → releasing → released · held → returned · held → withdrawn.
enum class HeldState { held, releasing, released, returned, withdrawn };
std::string_view to_string(HeldState state);
std::optional<HeldState> held_state_from(std::string_view text);

/// What a door hands over to be held.
struct NewHeld {
  std::string door;  // "milter", "smtp"
  inspect::Envelope envelope;
  std::string bytes;          // exactly as it came
  std::string release_bytes;  // what a release sends: with footer and trace where there are any; "" = bytes
  std::string verdict_json;
  std::string from;     // address of From, for lists and notices
  std::string subject;  // decoded
  std::string message_id;
  std::string queue_id;  // of the mail server
  std::string client;    // "name [address]" of the submitting host
  std::vector<std::string> clauses;
  std::string intake_key;  // same key = the same submission again: joins the existing hold
};

struct HeldSummary {
  std::string id;  // sortable by time, 26 characters, unguessable part ≥ 64 bit
  HeldState state = HeldState::held;
  Time received{};
  std::string from;
  std::string sender;  // envelope
  std::vector<std::string> recipients;
  std::string subject;
  std::vector<std::string> clauses;
  std::string decided_by;  // reviewer, "" while held
  std::optional<Time> decided;
  std::string reason;  // the reviewer's words
  std::optional<Time> purged;  // when its content was forgotten: then it has no subject and no bytes
};

/// A clause that waits for something, or did.
struct Reminder {
  std::string id;  // as of held mail
  std::string clause;
  std::string says;
  std::string message_id;  // of the mail that opened it
  std::string subject;
  std::string writer;               // addresses in comparable form
  std::vector<std::string> asked;
  std::vector<std::string> untold;  // political groups that are still to be told
  bool told = true;                 // whether people are told when it falls due
  Time opened{};
  Time due{};
  std::optional<Time> noticed;  // when it had fallen due
  std::optional<Time> closed;
  std::string closed_by;    // "beadle", or who closed it by hand
  std::string closed_mail;  // Message-ID of the answer
  std::string reason;       // of who closed it by hand
};

/// From when on each kind of what is kept is forgotten: what is older goes.
struct Retention {
  Time record{};        // earlier mail without fingerprints, and that a mail was seen
  Time fingerprints{};  // of marked mail, and the record of it
  Time reminders{};     // closed, or due and never closed
  Time decided{};       // content of mail that was released, returned or withdrawn
  Time notices{};       // never sent
};
struct Purged {
  std::size_t record = 0, fingerprints = 0, reminders = 0, decided = 0, notices = 0, seen = 0;
  std::size_t all() const { return record + fingerprints + reminders + decided + notices + seen; }
  bool operator==(const Purged&) const = default;
};

struct RecipientOutcome {
  std::string address;
  std::string state;  // pending sending delivered refused
  std::string reply;  // the mail server's words
  int tries = 0;
  std::optional<Time> next_try;
  std::optional<Time> changed;
};

struct Held : HeldSummary {
  std::string door;
  inspect::Envelope envelope;
  std::string bytes;
  std::string release_bytes;
  std::string verdict_json;
  std::string message_id;
  std::string queue_id;
  std::string client;
  std::string sha256;  // of bytes
  std::vector<RecipientOutcome> outcomes;
};

/// One row of the audit trail; `hash` covers everything before it.
struct AuditRow {
  std::int64_t number = 0;
  Time at{};
  std::string act;     // held joined released-asked delivered refused released returned withdrawn opened settings-loaded …
  std::string who;     // reviewer, "beadle" for the program itself
  std::string held;    // id, or ""
  std::string detail;  // JSON without content of mail
  std::string hash;    // 64 hexadecimal digits
};

/// A mail that Beadle itself wants to send.
struct Notice {
  std::int64_t number = 0;
  std::string held;  // id, or ""
  std::string kind;  // "held-sender" "held-reviewer" "released-sender" "returned-sender" "withdrawn-sender" "refused"
  std::string recipient;
  std::string bytes;
  int tries = 0;
  std::optional<Time> next_try;
  /// Secret of the single-use link that it carries (store/accounts.h, purpose "sender"), made by who wrote it; its hash is kept with the notice's
  /// mail, so that neither can be without the other. "": it carries none, as when it is read again.
  std::string link_token{};
};

class Vault;

class Store {
 public:
  /// Opens or creates the database and brings its tables up to date. `:memory:` for tests.
  /// A file that root makes belongs to the owner of its directory, who runs the daemon.
  /// error: bad_settings, where the directory is missing or on a network file system, or the file may not be opened by us (says whose it is).
  static Result<Store> open(const std::string& path, Time now);
  struct OpenOptions;
  static Result<Store> open(const std::string& path, Time now, const OpenOptions& options);
  /// What open() would say of the place, without opening or making anything.
  static Result<void> check_place(const std::string& path);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  struct HoldOutcome {
    std::string id;
    bool joined = false;  // the same submission was held already
  };
  /// Stores message, notices (their `held` is filled in) and audit row in one transaction.
  /// `notices` is called with the new id, before the commit; not called for a joined hold. It must not call the store.
  /// error: bad_data, where there is no recipient.
  Result<HoldOutcome> hold(const NewHeld& held, Time now,
                           const std::function<std::vector<Notice>(const std::string& id)>& notices);

  /// Newest first; of every state where `states` is empty.
  Result<std::vector<HeldSummary>> list(const std::vector<HeldState>& states, std::size_t most);
  /// not_found where there is none. `id` may be a unique beginning or end of at least 6 characters, here and in the acts of
  /// people below. bad_data, where it is that of several (says which), or where the bytes are not those that were stored.
  Result<Held> get(std::string_view id);

  /// Compare-and-swap from held (or, with `again`, of refused recipients of a releasing one). refused: says who was first.
  Result<void> ask_release(std::string_view id, std::string_view who, std::string_view reason, bool again, Time now);
  /// From held, or from releasing while no recipient has it and none is being sent it.
  Result<void> return_to_sender(std::string_view id, std::string_view who, std::string_view words, Time now,
                                const std::vector<Notice>& notices);
  /// `done_for`: in whose name ("sender"), for the audit trail; "": in one's own.
  Result<void> withdraw(std::string_view id, std::string_view who, std::string_view reason, Time now, const std::vector<Notice>& notices = {},
                        std::string_view done_for = "");
  /// As ask_release, with the copy disclosed: `release_bytes` (the message with the line; "": as they are) are what is sent, `notices` say who was
  /// copied where no line can. `detail_json`: who is named, for the audit trail.
  Result<void> ask_release_disclosed(std::string_view id, std::string_view who, std::string_view reason, std::string_view release_bytes,
                                     const std::vector<Notice>& notices, std::string_view detail_json, Time now);
  /// Notes that a person looked at the content.
  Result<void> opened(std::string_view id, std::string_view who, Time now);

  // The release loop.
  /// Ids of releasing messages with a recipient that is due.
  Result<std::vector<std::string>> due_releases(Time now, std::size_t most);
  /// After a start: recipients that were being sent when the program ended; they become pending again, and the audit trail
  /// says that they may be delivered twice. Gives (id, address).
  Result<std::vector<std::pair<std::string, std::string>>> recover_interrupted(Time now);
  /// All or none: refused, where one of them is not pending (another process sends it).
  Result<void> mark_sending(std::string_view id, const std::vector<std::string>& addresses, Time now);
  struct Delivery {
    std::string address;
    enum class Outcome { delivered, deferred, refused } outcome = Outcome::deferred;
    std::string reply;
  };
  /// Keeps each outcome; the message becomes released when every recipient is delivered (then gives true). `notices` go with it.
  Result<bool> record_deliveries(std::string_view id, const std::vector<Delivery>& deliveries, Time now,
                                 const std::function<std::vector<Notice>(bool released)>& notices);

  Result<std::vector<Notice>> due_notices(Time now, std::size_t most);
  Result<void> notice_sent(std::int64_t number, Time now);
  /// Tried again later; given up where `for_good`, or after five days.
  Result<void> notice_failed(std::int64_t number, std::string_view why, bool for_good, Time now);

  // The record.
  Result<inspect::History> look_up(const std::vector<std::string>& message_ids);
  /// Adds a mail, or adds the recipients up where the Message-ID is known (RFC 5322 §3.6.4 and split transactions).
  /// `fingerprints` are those of a marked mail (inspect/passages.h).
  Result<void> remember(const inspect::EarlierMail& mail, Time now, const std::vector<std::uint64_t>& fingerprints = {});
  /// The same, together with what others remember at the moment: not durable before Recorded::wait().
  Recorded remember_soon(inspect::EarlierMail mail, Time now, std::vector<std::uint64_t> fingerprints = {});
  /// Whether any marked mail is on record: without one, nobody has to make fingerprints.
  Result<bool> has_fingerprints();
  /// Marked mails that share passages, most first; what stands in more than limits::fingerprint_mails_most of them is a form of words.
  Result<std::vector<inspect::SharedPassages>> look_up_passages(const std::vector<inspect::Fingerprint>& fingerprints);

  // Clauses that need time.
  /// Open reminders whose thread has one of those ids, or whose subject is that one; at most limits::reminders_of_mail_max.
  Result<std::vector<inspect::OpenReminder>> reminders_of(const std::vector<std::string>& message_ids, std::string_view thread_subject);
  /// What a mail changes, with its audit rows. Safe to be called again for the same mail: a clause is opened once by one Message-ID.
  Result<void> change_reminders(const inspect::ReminderChanges& changes, std::string_view message_id, Time now);
  /// The soonest due first; closed ones too where `closed`.
  Result<std::vector<Reminder>> reminders(bool closed, std::size_t most);
  /// `id` may be a unique beginning or end, as of held mail.
  Result<Reminder> reminder(std::string_view id);
  /// By hand. refused, where it is closed already: says by whom.
  Result<void> close_reminder(std::string_view id, std::string_view who, std::string_view reason, Time now);
  /// Open, due, and not noticed yet.
  Result<std::vector<Reminder>> fallen_due(Time now, std::size_t most);
  /// Notes that it fell due, with the notices about it; nothing where it was closed or noticed meanwhile.
  Result<void> note_fallen_due(std::string_view id, const std::vector<Notice>& notices, Time now);

  /// Forgets what is older, in one transaction; an audit row says how many of what, where there was any. Held mail that nobody decided about stays,
  /// and so does mail on its way out.
  Result<Purged> purge(const Retention& retention, Time now);

  // The audit trail.
  Result<void> audit(std::string_view act, std::string_view who, std::string_view held, std::string_view detail_json, Time now);
  /// An act and the notices about it, in one transaction.
  Result<void> announce(std::string_view act, std::string_view who, std::string_view held, std::string_view detail_json,
                        const std::vector<Notice>& notices, Time now);
  Result<std::vector<AuditRow>> audit_rows(std::int64_t from_number, std::size_t most);
  struct AuditProof {
    std::int64_t rows = 0;
    std::string head;            // hash of the last row
    std::int64_t broken_at = 0;  // 0: whole; else the first row that does not fit
    std::string what;
  };
  Result<AuditProof> verify_audit();

  /// Seals what is not sealed, or by an old key (or opens it, where the vault has no key but old ones), some rows at a time: gives how many were
  /// changed; 0 when there is nothing left to do. With audit rows.
  Result<std::size_t> reseal(std::size_t most, Time now);

  /// 32 random bytes, made when they are first asked for and the same ever after: for digests that only this installation makes.
  Result<std::string> secret(std::string_view name);

  /// Counts by state, for health and metrics.
  Result<std::vector<std::pair<HeldState, std::int64_t>>> counts();

 private:
  friend class Accounts;
  friend class Cursors;
  friend class Desk;
  friend class Figures;
  friend class SeenMail;
  struct Content;
  explicit Store(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

/// What content is sealed with, and for tests: how the world may fail sooner.
struct Store::OpenOptions {
  std::shared_ptr<const Vault> vault = nullptr;  // store/vault.h; nullptr: nothing is sealed
  int busy_timeout_ms = limits::store_busy_timeout_ms;
  std::int64_t pages_max = 0;  // of 4 kB; more is a full disk; 0: no bound
};

}  // namespace beadle::store
