#include "imap/events.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "base/text.h"

namespace beadle::imap {
namespace {

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& one) { return ascii_iequals(one, word); });
}

/// Digits (and a blank before them) at a place; -1 where they are none.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
  std::string_view piece = text.substr(at, count);
  if (count == 2 && piece.starts_with(' ')) piece.remove_prefix(1);
  int value = -1;
  if (piece.empty() || piece.find_first_not_of("0123456789") != std::string_view::npos) return -1;
  std::from_chars(piece.data(), piece.data() + piece.size(), value);
  return value;
}

}  // namespace

bool Capabilities::has(std::string_view name) const { return holds(names, name); }
bool Folder::has(std::string_view attribute) const { return holds(attributes, attribute); }

std::optional<Time> internal_date_from(std::string_view text) {
  static constexpr std::string_view shape = "dd-Mon-yyyy hh:mm:ss +zzzz";
  if (text.size() == shape.size() - 1) return internal_date_from(" " + std::string(text));  // a day of one digit without its blank
  if (text.size() != shape.size()) return std::nullopt;
  for (const std::size_t at : {2u, 6u}) {
    if (text[at] != '-') return std::nullopt;
  }
  if (text[11] != ' ' || text[14] != ':' || text[17] != ':' || text[20] != ' ' || (text[21] != '+' && text[21] != '-')) return std::nullopt;
  const auto month = std::find_if(months.begin(), months.end(), [&](std::string_view name) { return ascii_iequals(name, text.substr(3, 3)); });
  const int day = digits_at(text, 0, 2), year = digits_at(text, 7, 4), hour = digits_at(text, 12, 2), minute = digits_at(text, 15, 2),
            second = digits_at(text, 18, 2), zone_hour = digits_at(text, 22, 2), zone_minute = digits_at(text, 24, 2);
  if (month == months.end() || std::min({day, year, hour, minute, second, zone_hour, zone_minute}) < 0) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 60 || zone_minute > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const auto zone = std::chrono::minutes(zone_hour * 60 + zone_minute) * (text[21] == '-' ? -1 : 1);
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) - zone;
}

std::string to_internal_date(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  char text[64];
  std::snprintf(text, sizeof text, "%02u-%s-%04d %02d:%02d:%02d +0000", static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1].data(), static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return text;
}

}  // namespace beadle::imap
