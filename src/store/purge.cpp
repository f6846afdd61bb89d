// What is forgotten when its time is up. Which time that is, the settings say (config/beadle.toml, [retention]).
#include <chrono>

#include "base/calendar.h"
#include "base/limits.h"
#include "store/audit.h"
#include "store/content.h"

namespace beadle::store {
namespace {

using std::chrono::days;

// Links are long dead by then (limits::link_age_ms); kept a while so that a page can still say what became of one.
constexpr days links_kept{90};
constexpr days failures_kept{1};

// Bytes, verdict and subject go, and what people said of them and found them by; who, to whom, when, which clause and what was decided stay beside
// the audit trail, which names it. A legal hold keeps everything.
Result<std::size_t> purge_decided(Database& database, Time then, Time now) {
  const std::string old =
      "state IN ('released', 'returned', 'withdrawn') AND decided_ms < ?1 AND decided_ms IS NOT NULL AND purged_ms IS NULL AND legal_hold = 0";
  const std::string of_old = " WHERE held IN (SELECT id FROM held WHERE " + old + ")";
  for (const std::string_view table : {"message", "note", "search_word"}) TRY(database.run("DELETE FROM " + std::string(table) + of_old, then));
  TRY(database.run("UPDATE break_glass SET reason = x'', reason_key = ''" + of_old, then));
  return static_cast<std::size_t>(
      TRY(database.run("UPDATE held SET purged_ms = ?2, subject = '', subject_key = '', words_key = '' WHERE " + old, then, now)));
}

/// What is of no use any more: not worth a word in the audit trail, which says who signed in and who failed to.
Result<void> purge_signing_in(Database& database, Time now) {
  using std::chrono::milliseconds;
  TRY(database.run("DELETE FROM session WHERE seen_ms < ?1 OR begun_ms < ?2", now - milliseconds(limits::session_idle_ms),
                   now - milliseconds(limits::session_age_ms)));
  TRY(database.run("DELETE FROM link WHERE created_ms < ?1", now - links_kept));
  TRY(database.run("DELETE FROM failure WHERE at_ms < ?1", now - failures_kept));
  return {};
}

}  // namespace

Result<Purged> Store::purge(const Retention& retention, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  Purged purged;
  const auto run = [&](std::string_view sql, Time then) -> Result<std::size_t> { return static_cast<std::size_t>(TRY(database->run(sql, then))); };
  purged.fingerprints = TRY(run("DELETE FROM fingerprint WHERE mail IN (SELECT number FROM earlier_mail WHERE at_ms < ?1)", retention.fingerprints));
  // A marked mail is known by its fingerprints as long as they are kept.
  purged.record = TRY(run("DELETE FROM earlier_mail WHERE at_ms < ?1 AND NOT EXISTS (SELECT 1 FROM fingerprint WHERE mail = number)", retention.record));
  purged.reminders = TRY(run("DELETE FROM reminder WHERE coalesce(closed_ms, due_ms) < ?1", retention.reminders));
  purged.decided = TRY(purge_decided(*database, retention.decided, now));
  purged.notices = TRY(run("DELETE FROM notice WHERE created_ms < ?1", retention.notices));
  const std::int64_t seen_until = day_of(retention.record).time_since_epoch().count();
  purged.seen = static_cast<std::size_t>(TRY(database->run("DELETE FROM seen_mail WHERE gateway IN (0, 1) AND day < ?1", seen_until)));
  TRY(purge_signing_in(*database, now));
  if (purged.all() > 0) {
    TRY(append_audit(*database, "purged", "beadle", "",
                     json_object({{"record", std::to_string(purged.record)},
                                  {"fingerprints", std::to_string(purged.fingerprints)},
                                  {"reminders", std::to_string(purged.reminders)},
                                  {"decided", std::to_string(purged.decided)},
                                  {"notices", std::to_string(purged.notices)},
                                  {"seen", std::to_string(purged.seen)}}),
                     now));
  }
  TRY(transaction.commit());
  return purged;
}

}  // namespace beadle::store
