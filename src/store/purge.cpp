// What is forgotten when its time is up. Which time that is, the settings say (config/beadle.toml, [retention]).
#include "store/audit.h"
#include "store/content.h"

namespace beadle::store {
namespace {

// Bytes, verdict and subject go; who, to whom, when, which clause and what was decided stay beside the audit trail, which names it.
Result<std::size_t> purge_decided(Database& database, Time then, Time now) {
  constexpr std::string_view old = "state IN ('released', 'returned', 'withdrawn') AND decided_ms < ?1 AND decided_ms IS NOT NULL AND purged_ms IS NULL";
  TRY(database.run("DELETE FROM message WHERE held IN (SELECT id FROM held WHERE " + std::string(old) + ")", then));
  return static_cast<std::size_t>(TRY(database.run("UPDATE held SET purged_ms = ?2, subject = '' WHERE " + std::string(old), then, now)));
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
  if (purged.all() > 0) {
    TRY(append_audit(*database, "purged", "beadle", "",
                     json_object({{"record", std::to_string(purged.record)},
                                  {"fingerprints", std::to_string(purged.fingerprints)},
                                  {"reminders", std::to_string(purged.reminders)},
                                  {"decided", std::to_string(purged.decided)},
                                  {"notices", std::to_string(purged.notices)}}),
                     now));
  }
  TRY(transaction.commit());
  return purged;
}

}  // namespace beadle::store
