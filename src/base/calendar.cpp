#include "base/calendar.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/limits.h"
#include "base/text.h"

namespace beadle {
namespace {

/// Digits only, at most as many as an int holds.
std::optional<int> number_from(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool digits = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || !digits || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Period> period_from(std::string_view text) {
  text = trimmed(text);
  const std::size_t blank = text.find(' ');
  const auto days = number_from(text.substr(0, blank));
  if (blank == std::string_view::npos || !days || *days < 1 || *days > limits::period_days_most) return std::nullopt;
  std::string_view unit = trimmed(text.substr(blank));
  const bool working = unit.starts_with("working ");
  if (working) unit = trimmed(unit.substr(std::string_view("working ").size()));
  if (unit != "day" && unit != "days") return std::nullopt;
  return Period{*days, working};
}

std::string to_string(const Period& period) {
  return std::to_string(period.days) + (period.working ? " working" : "") + (period.days == 1 ? " day" : " days");
}

bool Calendar::is_working_day(Day day) const {
  const std::chrono::weekday weekday(day);
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday && !holidays_.contains(day);
}

bool Calendar::covers(Day day) const {
  const auto year = std::chrono::year_month_day(day).year();
  return std::any_of(holidays_.begin(), holidays_.end(), [&](Day holiday) { return std::chrono::year_month_day(holiday).year() == year; });
}

Time Calendar::end_of(const Period& period, Time opened) const {
  Day day = day_of(opened);
  // A calendar of nothing but holidays must not keep us: no real one has so many in a row.
  int idle = 0;
  for (int left = period.days; left > 0 && idle < limits::holidays_in_a_row_most;) {
    day += std::chrono::days(1);
    const bool counts = !period.working || is_working_day(day);
    left -= counts ? 1 : 0;
    idle = counts ? 0 : idle + 1;
  }
  return beginning_of(day + std::chrono::days(1));
}

std::optional<Calendar> parse_holidays(std::string_view text, std::string_view file, Problems& problems) {
  std::set<Day> holidays;
  bool wrong = false;
  int number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    const std::string_view words = trimmed(line.substr(0, line.find('#')));
    if (words.empty()) continue;
    const std::string_view date = words.substr(0, words.find(' '));
    const auto day = day_from(date);
    if (day && holidays.insert(*day).second) continue;
    wrong = true;
    const std::string shown = "\"" + shortened(printable(date), 80) + "\"";
    problems.push_back({Problem::Severity::error, std::string(file), {number, 1}, shown + (day ? " stands twice" : " is no day"),
                        day ? "" : "a day and its name, as in 2026-12-25 Christmas Day"});
  }
  if (wrong) return std::nullopt;
  return Calendar(std::move(holidays));
}

bool is_summer_time(Time time) {
  using namespace std::chrono;
  const year this_year = year_month_day(floor<days>(time)).year();
  const Time begin = sys_days(this_year / March / Sunday[last]) + hours(1);
  const Time end = sys_days(this_year / October / Sunday[last]) + hours(1);
  return begin <= time && time < end;
}

Day day_of(Time time) { return std::chrono::floor<std::chrono::days>(is_summer_time(time) ? time + std::chrono::hours(1) : time); }

Time beginning_of(Day day) {
  // Clocks change at 01:00 UTC, so no midnight is doubled or left out.
  const Time summer = Time(day) - std::chrono::hours(1);
  return is_summer_time(summer) ? summer : Time(day);
}

std::optional<Day> day_from(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = number_from(text.substr(0, 4)), month = number_from(text.substr(5, 2)), day = number_from(text.substr(8));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  return date.ok() ? std::optional<Day>(date) : std::nullopt;
}

std::string to_string(Day day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

}  // namespace beadle
