#include "base/time.h"

#include <fmt/format.h>

namespace beadle {
namespace {

struct Parts {
  int year;
  unsigned month, day, weekday;
  std::int64_t hour, minute, second;
};

Parts parts_of(Time time) {
  using namespace std::chrono;
  const auto days = floor<std::chrono::days>(time);
  const year_month_day date(days);
  const auto seconds_of_day = floor<seconds>(time - days).count();
  return {int(date.year()), unsigned(date.month()), unsigned(date.day()), weekday(days).c_encoding(), seconds_of_day / 3600,
          seconds_of_day / 60 % 60, seconds_of_day % 60};
}

}  // namespace

std::string to_rfc3339(Time time) {
  const Parts p = parts_of(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", p.year, p.month, p.day, p.hour, p.minute, p.second);
}

std::string to_rfc5322(Time time) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Parts p = parts_of(time);
  return fmt::format("{}, {} {} {:04} {:02}:{:02}:{:02} +0000", days[p.weekday], p.day, months[p.month - 1], p.year, p.hour, p.minute, p.second);
}

}  // namespace beadle
