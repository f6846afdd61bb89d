// When a period ends: tests/data/base/periods.tsv has a case a line (opened, period, first moment after it, why), with the holidays as shipped.
#include "base/calendar.h"

#include <fstream>
#include <iterator>

#include "base/text.h"
#include "catch.h"

using namespace beadle;

namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Calendar shipped() {
  Problems problems;
  const auto calendar = parse_holidays(read_file(BEADLE_SOURCE_DIR "/config/holidays.txt"), "holidays.txt", problems);
  INFO(to_string(problems));
  REQUIRE(calendar);
  return *calendar;
}

}  // namespace

TEST_CASE("periods end as people count them") {
  const Calendar calendar = shipped();
  std::size_t seen = 0;
  const std::string table = read_file(BEADLE_TEST_DATA "/base/periods.tsv");
  for (const std::string_view line : split(table, '\n')) {
    if (line.empty() || line.starts_with('#')) continue;
    INFO(line);
    const auto fields = split(line, '\t');
    REQUIRE(fields.size() == 4);
    const auto opened = time_from(fields[0]);
    const auto period = period_from(fields[1]);
    REQUIRE(opened);
    REQUIRE(period);
    CHECK(to_rfc3339(calendar.end_of(*period, *opened)) == fields[2]);
    ++seen;
  }
  CHECK(seen > 10);
}

TEST_CASE("the holidays as shipped are those of 2025 to 2027, none on a weekend") {
  const Calendar calendar = shipped();
  std::size_t holidays = 0;
  for (Day day = *day_from("2025-01-01"); day < *day_from("2028-01-01"); day += std::chrono::days(1)) {
    const std::chrono::weekday weekday(day);
    holidays += !calendar.is_working_day(day) && weekday != std::chrono::Saturday && weekday != std::chrono::Sunday ? 1 : 0;
  }
  CHECK(holidays == 24);
  CHECK(calendar.covers(*day_from("2027-12-31")));
  CHECK_FALSE(calendar.covers(*day_from("2028-01-01")));
  CHECK_FALSE(Calendar().covers(*day_from("2026-01-01")));
}

TEST_CASE("a calendar without a working day ends all the same") {
  std::set<Day> holidays;
  for (int i = 0; i < 400; ++i) holidays.insert(*day_from("2026-01-01") + std::chrono::days(i));
  CHECK(Calendar(holidays).end_of({10, true}, *time_from("2026-01-01")) < *time_from("2026-03-01"));
}

TEST_CASE("periods are read and written") {
  CHECK(period_from("10 working days") == Period{10, true});
  CHECK(period_from(" 1  day ") == Period{1, false});
  CHECK(to_string(Period{10, true}) == "10 working days");
  CHECK(to_string(Period{1, false}) == "1 day");
  for (const char* wrong : {"", "10", "ten days", "0 days", "-1 days", "1001 days", "10 workdays", "10working days", "99999999999 days"}) {
    INFO(wrong);
    CHECK_FALSE(period_from(wrong));
  }
}

TEST_CASE("mistakes among holidays are told with their line") {
  Problems problems;
  CHECK_FALSE(parse_holidays("2026-12-25 Christmas Day\n# no\n2026-02-30 Never\n2026-12-25\n25 December\n", "h.txt", problems));
  REQUIRE(problems.size() == 3);
  CHECK(to_string(problems[0]).starts_with("h.txt:3:1: \"2026-02-30\" is no day"));
  CHECK(to_string(problems[1]).starts_with("h.txt:4:1: \"2026-12-25\" stands twice"));
  CHECK(to_string(problems[2]).starts_with("h.txt:5:1: \"25\" is no day"));
}

TEST_CASE("days change at midnight in the United Kingdom") {
  CHECK(to_string(day_of(*time_from("2026-06-30T22:59:59Z"))) == "2026-06-30");
  CHECK(to_string(day_of(*time_from("2026-06-30T23:00:00Z"))) == "2026-07-01");
  CHECK(to_string(day_of(*time_from("2026-11-30T23:59:59Z"))) == "2026-11-30");
  for (const char* day : {"2026-03-29", "2026-03-30", "2026-10-25", "2026-10-26", "2026-01-01"}) {
    INFO(day);
    CHECK(day_of(beginning_of(*day_from(day))) == *day_from(day));
    CHECK(day_of(beginning_of(*day_from(day)) - std::chrono::milliseconds(1)) == *day_from(day) - std::chrono::days(1));
  }
}

TEST_CASE("times are read as RFC 3339 writes them") {
  for (const char* time : {"2026-11-24T14:03:05Z", "1970-01-01T00:00:00Z"}) CHECK(to_rfc3339(*time_from(time)) == time);
  CHECK(to_rfc3339(*time_from("2026-11-24")) == "2026-11-24T00:00:00Z");
  for (const char* wrong : {"", "2026-11-24T", "2026-11-24T24:00:00Z", "2026-11-24T14:03Z", "2026-11-24 14:03:05Z", "2026-13-01", "2026-11-24T14:03:05"}) {
    INFO(wrong);
    CHECK_FALSE(time_from(wrong));
  }
}
