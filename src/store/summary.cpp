#include "store/summary.h"

#include "store/sealing.h"

namespace beadle::store {
namespace {

Result<std::vector<std::string>> texts(Statement& query) {
  std::vector<std::string> found;
  while (TRY(query.step())) found.push_back(query.text(0));
  return found;
}

Result<std::string> opened(Result<std::string> plain, Unreadable unreadable) {
  if (!plain && unreadable == Unreadable::left_out) return std::string();
  return plain;
}

}  // namespace

Result<SummaryReader> SummaryReader::prepare(Database& database, const Vault& vault) {
  return SummaryReader(vault,
                       TRY(database.prepare("SELECT id, state, received_ms, from_address, sender, subject, subject_key, decided_by, decided_ms, "
                                            "reason, reason_key, purged_ms FROM held WHERE id = ?1")),
                       TRY(database.prepare("SELECT address FROM recipient WHERE held = ?1 ORDER BY position")),
                       TRY(database.prepare("SELECT clause FROM clause WHERE held = ?1 ORDER BY position")));
}

Result<HeldSummary> SummaryReader::read(const std::string& id, Unreadable unreadable) {
  if (!TRY(row_.with(id).step())) return Error{ErrorKind::not_found, "no held message " + id};
  const std::optional<HeldState> state = held_state_from(row_.text(1));
  if (!state) return Error{ErrorKind::bad_data, "held message " + id + " has an unknown state"};
  HeldSummary summary;
  summary.id = row_.text(0);
  summary.state = *state;
  summary.received = row_.time(2);
  summary.from = row_.text(3);
  summary.sender = row_.text(4);
  summary.subject = TRY(opened(unsealed(*vault_, row_.text(6), row_.text(5), sealed_subject, 0, id), unreadable));
  summary.decided_by = row_.text(7);
  summary.decided = row_.maybe_time(8);
  summary.reason = TRY(opened(unsealed(*vault_, row_.text(10), row_.text(9), sealed_reason, 0, id), unreadable));
  summary.purged = row_.maybe_time(11);
  summary.recipients = TRY(texts(recipients_.with(id)));
  summary.clauses = TRY(texts(clauses_.with(id)));
  return summary;
}

}  // namespace beadle::store
