// Days as people count them: the clock on the wall in the United Kingdom, working days, bank holidays, and when a period ends.
// Pure: which days are holidays is handed in. A day that the calendar does not know of is taken for a working day, unless it is a Saturday or Sunday.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/problem.h"
#include "base/time.h"

namespace beadle {

using Day = std::chrono::sys_days;

/// "10 working days", "5 days".
struct Period {
  int days = 0;
  bool working = false;
  bool operator==(const Period&) const = default;
};
/// nullopt where it is none; at most limits::period_days_most.
std::optional<Period> period_from(std::string_view text);
std::string to_string(const Period& period);

class Calendar {
 public:
  Calendar() = default;
  explicit Calendar(std::set<Day> holidays) : holidays_(std::move(holidays)) {}

  /// Neither Saturday nor Sunday nor a bank holiday.
  bool is_working_day(Day day) const;
  /// Whether the holidays of that year are known.
  bool covers(Day day) const;
  /// The first moment after the period. The day of `opened` does not count, nor does any part of it: the next day (or working day) is the first.
  /// Days begin and end at midnight in the United Kingdom.
  Time end_of(const Period& period, Time opened) const;

 private:
  std::set<Day> holidays_;
};

/// Lines "2026-12-25 Christmas Day"; # begins a comment. nullopt where something is wrong; every mistake is in `problems`.
std::optional<Calendar> parse_holidays(std::string_view text, std::string_view file, Problems& problems);

/// British Summer Time: last Sunday of March to last Sunday of October, 01:00 UTC both (Summer Time Order 2002).
bool is_summer_time(Time time);
/// The day that it is in the United Kingdom.
Day day_of(Time time);
/// The midnight that a day begins with there.
Time beginning_of(Day day);
/// "2026-12-25", a day that there is.
std::optional<Day> day_from(std::string_view text);
std::string to_string(Day day);

}  // namespace beadle
