// The register: every act, found by what, who, which message and when; and what a message has to do with others.
#include <algorithm>

#include "base/limits.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/desk.h"
#include "store/held_id.h"
#include "store/inbox.h"
#include "store/intersection.h"

namespace beadle::store {
namespace {

// Only for the unforeseen: of the sets that are walked through together, one is always the few acts on one message.
constexpr std::size_t register_steps_most = 200'000;
constexpr std::size_t history_rows_most = 10'000;    // a mail that somebody opens every minute for a week
constexpr std::size_t acts_most = 1'000;

using Number = std::int64_t;
using Found = std::optional<Number>;

Result<Seek<Number>> set_of(Database& database, const SetQuery& query, const std::string& value, const std::string& second = "") {
  const auto statement = std::make_shared<Statement>(TRY(database.prepare(sql_of(query, false))));
  const bool two = !query.second_column.empty();
  return Seek<Number>([statement, value, second, two](const Number& from, bool strictly) -> Result<Found> {
    const std::int64_t not_this = strictly ? from : 0;  // numbers begin at 1
    two ? statement->with(value, from, not_this, second) : statement->with(value, from, not_this);
    return TRY(statement->step()) ? Found(statement->integer(0)) : Found();
  });
}

struct Range {
  Number first = 0, last = INT64_MAX;
};

/// Between which numbers the rows of a time stand: of whole days, and wider where a clock was set back.
Result<Range> range_of(Database& database, const std::optional<Time>& from, const std::optional<Time>& until) {
  Range range;
  if (!from && !until) return range;
  const Number first_day = from ? audit_day_of(*from) : INT64_MIN;
  const Number last_day = until ? audit_day_of(*until) : INT64_MAX;
  Statement row = TRY(database.query("SELECT min(first), max(last) FROM audit_day WHERE day BETWEEN ?1 AND ?2", first_day, last_day));
  if (TRY(row.step()) && !row.is_null(0)) return Range{.first = row.integer(0), .last = row.integer(1)};
  return Range{.first = 1, .last = 0};
}

AuditRow audit_row(const Statement& row) {
  return {.number = row.integer(0),
          .at = row.time(1),
          .act = row.text(2),
          .who = row.text(3),
          .held = row.text(4),
          .detail = row.text(5),
          .hash = row.text(6)};
}

/// Takes a row into the list, where its time is asked for.
Result<void> take(Statement& query, Number number, const RegisterQuery& wanted, std::vector<AuditRow>& rows) {
  if (!TRY(query.with(number).step())) return {};
  AuditRow row = audit_row(query);
  if ((!wanted.from || row.at >= *wanted.from) && (!wanted.until || row.at < *wanted.until)) rows.push_back(std::move(row));
  return {};
}

}  // namespace

Result<std::vector<AuditRow>> Desk::history(std::string_view id) {
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  Statement query = TRY(database->query("SELECT number, at_ms, act, who, held, detail, hash FROM audit WHERE held = ?1 AND held <> '' ORDER BY number LIMIT ?2",
                                        TRY(find_id(*database, id)), history_rows_most));
  std::vector<AuditRow> rows;
  while (TRY(query.step())) rows.push_back(audit_row(query));
  return rows;
}

Result<std::vector<AuditRow>> Desk::register_rows(const RegisterQuery& query) {
  const std::size_t most = std::min(query.most, limits::page_rows_max);
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  const Range range = TRY(range_of(*database, query.from, query.until));
  std::vector<Seek<Number>> sets;
  if (!query.held.empty()) sets.push_back(TRY(set_of(*database, audit_of_held, query.held)));
  if (!query.who.empty() && !query.act.empty()) {
    sets.push_back(TRY(set_of(*database, audit_of_act_and_who, query.act, query.who)));
  } else if (!query.who.empty()) {
    sets.push_back(TRY(set_of(*database, audit_of_who, query.who)));
  } else if (!query.act.empty()) {
    sets.push_back(TRY(set_of(*database, audit_of_act, query.act)));
  }
  if (sets.empty()) sets.push_back(TRY(set_of(*database, audit_of_all, std::string())));
  const Number before = std::min(query.before, range.last == INT64_MAX ? INT64_MAX : range.last + 1);
  Intersection<Number> numbers(std::move(sets), before, register_steps_most);
  Statement read = TRY(database->prepare("SELECT number, at_ms, act, who, held, detail, hash FROM audit WHERE number = ?1"));
  std::vector<AuditRow> rows;
  while (rows.size() < most) {
    const Found number = TRY(numbers.next());
    if (!number || *number < range.first) break;
    TRY(take(read, *number, query, rows));
  }
  return rows;
}

Result<std::vector<std::string>> Desk::acts() {
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  Statement next = TRY(database->prepare("SELECT act FROM audit WHERE act > ?1 ORDER BY act LIMIT 1"));
  std::vector<std::string> acts;
  while (acts.size() < acts_most && TRY(next.with(acts.empty() ? std::string() : acts.back()).step())) acts.push_back(next.text(0));
  return acts;
}

}  // namespace beadle::store
