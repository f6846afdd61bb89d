// Numbers without names: how many mails, findings by clause, week and kind of sender, how long people took, what they let go. Counted when a verdict
// falls, so that they need no content and outlive its purge.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/result.h"
#include "store/store.h"

namespace beadle::store {

/// What one mail adds to the numbers.
struct Counted {
  std::string action;  // as done: "pass" "flag" "annotate" "hold"; "protected": counted only
  std::string role;    // of the sender: "councillor" "officer" "other"
  std::vector<std::string> clauses;  // each once
};

/// Many of them, added up in memory.
class Tally {
 public:
  struct Row {
    Day day{};
    std::string action, role, clause;  // clause "": the mail itself
    std::int64_t count = 0;
  };

  /// false, where something was not counted because there are too many different numbers already.
  bool add(const Counted& counted, Time now);
  bool add(const Row& row);
  bool empty() const { return rows_.empty(); }
  const std::vector<Row>& rows() const { return rows_; }
  void clear() { rows_.clear(); }

 private:
  std::vector<Row> rows_;
};

struct WeekRow {
  Day week{};  // its Monday
  std::string action, role, clause;
  std::int64_t count = 0;
};

/// Held mails of one clause in a period, by what became of them.
struct Outcomes {
  std::string clause;  // "": all
  std::int64_t held = 0, released = 0, returned = 0, withdrawn = 0, waiting = 0;
};

/// Hours from being held to being decided.
struct HoldingTime {
  std::int64_t decided = 0;
  double median_hours = 0, ninth_decile_hours = 0, longest_hours = 0;
};

class Figures {
 public:
  explicit Figures(Store& store) : store_(store) {}

  Result<void> add(const Tally& tally);
  /// Days from `from` to before `until`, added up by week.
  Result<std::vector<WeekRow>> weeks(Day from, Day until);
  /// Of mail received in those days (in the United Kingdom): all of it first, then by clause. A release is a hold overturned.
  Result<std::vector<Outcomes>> outcomes(Day from, Day until);
  Result<HoldingTime> holding_time(Day from, Day until);
  /// Received when, of the oldest that waits; nullopt where nothing does.
  Result<std::optional<Time>> oldest_waiting();

 private:
  Store& store_;
};

}  // namespace beadle::store
