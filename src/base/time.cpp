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

std::optional<Time> time_from(std::string_view text) {
  static constexpr std::string_view shape = "0000-00-00T00:00:00Z";
  if (text.size() != shape.size() && text.size() != 10) return std::nullopt;
  int numbers[6] = {0, 0, 0, 0, 0, 0}, field = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) return std::nullopt;
    if (digit) {
      numbers[field] = numbers[field] * 10 + (text[i] - '0');
    } else {
      ++field;
    }
  }
  using namespace std::chrono;
  const year_month_day date{year{numbers[0]}, month{static_cast<unsigned>(numbers[1])}, day{static_cast<unsigned>(numbers[2])}};
  if (!date.ok() || numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 59) return std::nullopt;
  return Time(sys_days(date)) + hours(numbers[3]) + minutes(numbers[4]) + seconds(numbers[5]);
}

}  // namespace beadle
