#include "store/figures.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "store/content.h"
#include "store/held_id.h"

namespace beadle::store {
namespace {

// Distinct numbers that wait to be written: some weeks of every clause, kind of sender and action. More are not counted.
constexpr std::size_t tally_rows_most = 5'000;

constexpr double ms_per_hour = 3'600'000;

std::int64_t number_of(Day day) { return day.time_since_epoch().count(); }
Day day_numbered(std::int64_t number) { return Day(std::chrono::days(number)); }

void count(Outcomes& outcomes, HeldState state) {
  ++outcomes.held;
  switch (state) {
    case HeldState::held: ++outcomes.waiting; return;
    case HeldState::releasing:
    case HeldState::released: ++outcomes.released; return;
    case HeldState::returned: ++outcomes.returned; return;
    case HeldState::withdrawn: ++outcomes.withdrawn; return;
  }
}

/// With the number of the last mail that was counted, since one mail may name a clause twice.
struct Counting : Outcomes {
  std::int64_t mail = 0;
};
using Countings = std::map<std::string, Counting, std::less<>>;

void count_once(Countings& by_clause, std::string_view clause, HeldState state, std::int64_t mail) {
  auto known = by_clause.find(clause);
  if (known == by_clause.end()) known = by_clause.emplace(clause, Counting()).first;
  if (std::exchange(known->second.mail, mail) != mail) count(known->second, state);
}

std::vector<Outcomes> listed(const Outcomes& all, const Countings& by_clause) {
  std::vector<Outcomes> found = {all};
  for (const auto& [clause, counting] : by_clause) {
    found.push_back(counting);
    found.back().clause = clause;
  }
  return found;
}

double hours(std::int64_t ms) { return static_cast<double>(ms) / ms_per_hour; }

/// The value that `share` of all are not above: nearest rank, so that it is one that there was.
double quantile(std::vector<std::int64_t>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::max(1.0, std::ceil(share * static_cast<double>(sorted.size()))));
  return hours(sorted[std::min(rank, sorted.size()) - 1]);
}

}  // namespace

bool Tally::add(const Row& row) {
  const auto same = [&](const Row& known) {
    return known.day == row.day && known.action == row.action && known.role == row.role && known.clause == row.clause;
  };
  const auto known = std::find_if(rows_.begin(), rows_.end(), same);
  if (known != rows_.end()) {
    known->count += row.count;
    return true;
  }
  if (rows_.size() >= tally_rows_most) return false;
  rows_.push_back(row);
  return true;
}

bool Tally::add(const Counted& counted, Time now) {
  const Day day = day_of(now);
  bool all = add(Row{.day = day, .action = counted.action, .role = counted.role, .clause = "", .count = 1});
  for (const std::string& clause : counted.clauses) {
    all = add(Row{.day = day, .action = counted.action, .role = counted.role, .clause = clause, .count = 1}) && all;
  }
  return all;
}

Result<void> Figures::add(const Tally& tally) {
  if (tally.empty()) return {};
  auto database = store_.content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  Statement upsert = TRY(database->prepare("INSERT INTO counted (day, action, role, clause, count) VALUES (?1, ?2, ?3, ?4, ?5) "
                                           "ON CONFLICT (day, action, role, clause) DO UPDATE SET count = count + ?5"));
  for (const Tally::Row& row : tally.rows()) TRY(upsert.with(number_of(row.day), row.action, row.role, row.clause, row.count).run());
  return transaction.commit();
}

Result<std::vector<WeekRow>> Figures::weeks(Day from, Day until) {
  auto database = store_.content_->database.access();
  // 1970-01-01 was a Thursday, and % keeps the sign, so that a week is added to days before it.
  Statement row = TRY(database->query("SELECT day - ((day + 3) % 7 + 7) % 7 AS week, action, role, clause, sum(count) FROM counted "
                                      "WHERE day >= ?1 AND day < ?2 GROUP BY week, action, role, clause ORDER BY week, action, role, clause",
                                      number_of(from), number_of(until)));
  std::vector<WeekRow> weeks;
  while (TRY(row.step())) {
    weeks.push_back({.week = day_numbered(row.integer(0)), .action = row.text(1), .role = row.text(2), .clause = row.text(3), .count = row.integer(4)});
  }
  return weeks;
}

Result<std::vector<Outcomes>> Figures::outcomes(Day from, Day until) {
  const std::string first = first_id_at(beginning_of(from)), last = first_id_at(beginning_of(until));
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  Statement held = TRY(database->query("SELECT id, state FROM held INDEXED BY held_outcome WHERE id >= ?1 AND id < ?2 ORDER BY id", first, last));
  Statement clause = TRY(database->query("SELECT held, clause FROM clause WHERE held >= ?1 AND held < ?2 ORDER BY held, position", first, last));
  // Both in the order of ids, so that each is walked through once.
  Countings by_clause;
  Outcomes all;
  bool more = TRY(clause.step());
  while (TRY(held.step())) {
    const std::optional<HeldState> state = held_state_from(held.view(1));
    if (!state) return Error{ErrorKind::bad_data, "held message " + held.text(0) + " has an unknown state"};
    count(all, *state);
    for (; more && clause.view(0) <= held.view(0); more = TRY(clause.step())) {
      if (clause.view(0) == held.view(0)) count_once(by_clause, clause.view(1), *state, all.held);
    }
  }
  return listed(all, by_clause);
}

Result<HoldingTime> Figures::holding_time(Day from, Day until) {
  auto database = store_.content_->database.access();
  Statement row = TRY(database->query("SELECT max(0, decided_ms - received_ms) FROM held INDEXED BY held_outcome WHERE id >= ?1 AND id < ?2 AND "
                                      "decided_ms IS NOT NULL AND state <> 'held'",
                                      first_id_at(beginning_of(from)), first_id_at(beginning_of(until))));
  std::vector<std::int64_t> all;
  while (TRY(row.step())) all.push_back(row.integer(0));
  HoldingTime time;
  time.decided = static_cast<std::int64_t>(all.size());
  if (all.empty()) return time;
  std::sort(all.begin(), all.end());
  time.median_hours = quantile(all, 0.5);
  time.ninth_decile_hours = quantile(all, 0.9);
  time.longest_hours = hours(all.back());
  return time;
}

Result<std::optional<Time>> Figures::oldest_waiting() {
  auto database = store_.content_->database.access();
  Statement row = TRY(database->query("SELECT received_ms FROM held WHERE state = 'held' ORDER BY id LIMIT 1"));
  if (!TRY(row.step())) return std::optional<Time>();
  return std::optional<Time>(row.time(0));
}

}  // namespace beadle::store
