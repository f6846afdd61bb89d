#include "replay/date.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/text.h"

namespace beadle::replay {
namespace {

constexpr int year_least = 1980, year_most = 2100;

std::optional<int> number_in(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

/// Words between blanks, comments left out; at most `most`.
std::vector<std::string_view> words_in(std::string_view field, std::size_t most) {
  std::vector<std::string_view> words;
  int depth = 0;
  std::size_t begin = std::string_view::npos;
  for (std::size_t i = 0; i <= field.size() && words.size() < most; ++i) {
    const char c = i < field.size() ? field[i] : ' ';
    const bool blank = depth > 0 || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == '(';
    if (!blank && begin == std::string_view::npos) begin = i;
    if (blank && begin != std::string_view::npos) {
      words.push_back(field.substr(begin, i - begin));
      begin = std::string_view::npos;
    }
    if (c == '(') ++depth;
    if (c == ')' && depth > 0) --depth;
  }
  return words;
}

std::optional<unsigned> month_in(std::string_view word) {
  static constexpr std::string_view months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  for (unsigned i = 0; i < 12; ++i) {
    if (ascii_istarts_with(word, months[i])) return i + 1;
  }
  return std::nullopt;
}

std::optional<std::chrono::seconds> time_of_day(std::string_view word) {
  const auto fields = split(word, ':');
  if (fields.size() < 2 || fields.size() > 3) return std::nullopt;
  const auto hour = number_in(fields[0]), minute = number_in(fields[1]), second = fields.size() == 3 ? number_in(fields[2]) : 0;
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

/// How far the zone is ahead of UTC.
std::chrono::minutes zone_in(std::string_view word) {
  static constexpr std::pair<std::string_view, int> names[] = {{"BST", 1}, {"CET", 1}, {"CEST", 2}, {"EST", -5}, {"EDT", -4}, {"CST", -6},
                                                               {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};
  for (const auto& [name, hours] : names) {
    if (ascii_iequals(word, name)) return std::chrono::hours(hours);
  }
  if (word.size() != 5 || (word[0] != '+' && word[0] != '-')) return {};
  const auto digits = number_in(word.substr(1));
  if (!digits || *digits / 100 > 14 || *digits % 100 > 59) return {};
  const auto ahead = std::chrono::hours(*digits / 100) + std::chrono::minutes(*digits % 100);
  return word[0] == '-' ? -ahead : ahead;
}

std::optional<int> year_in(std::string_view word) {
  const auto year = number_in(word);
  if (!year) return std::nullopt;
  if (word.size() == 2) return *year + (*year < 50 ? 2000 : 1900);  // RFC 5322 §4.3
  if (word.size() == 3) return *year + 1900;
  return year;
}

}  // namespace

std::optional<Time> date_from(std::string_view field) {
  constexpr std::size_t words_most = 6;  // day of the week, day, month, year, time, zone
  auto words = words_in(field, words_most);
  if (!words.empty() && !number_in(words.front())) words.erase(words.begin());
  if (words.size() < 4) return std::nullopt;
  const auto day = number_in(words[0]);
  const auto month = month_in(words[1]);
  const auto year = year_in(words[2]);
  const auto time = time_of_day(words[3]);
  if (!day || !month || !year || !time || *year < year_least || *year > year_most) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(*month), std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + *time - (words.size() > 4 ? zone_in(words[4]) : std::chrono::minutes(0));
}

std::string month_of(Time time) { return to_rfc3339(time).substr(0, 7); }

}  // namespace beadle::replay
