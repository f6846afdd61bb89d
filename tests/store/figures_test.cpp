// Numbers that outlive the mail they count.
#include "store/figures.h"

#include "helpers.h"

namespace beadle::store {
namespace {

Day day(const char* text) { return *day_from(text); }
Time time(const char* text) { return *time_from(text); }

Counted counted(const std::string& action, const std::string& role, std::vector<std::string> clauses = {}) {
  return {.action = action, .role = role, .clauses = std::move(clauses)};
}

std::string shown(const std::vector<WeekRow>& rows) {
  std::string text;
  for (const WeekRow& row : rows) {
    text += beadle::to_string(row.week) + " " + row.action + " " + row.role + " " + row.clause + " " + std::to_string(row.count) + "\n";
  }
  return text;
}

std::string hold_at(Store& store, const char* when, std::vector<std::string> clauses) {
  NewHeld mail = some_mail();
  mail.clauses = std::move(clauses);
  return must(store.hold(mail, time(when), nullptr)).id;
}

}  // namespace

TEST_CASE("mails and clauses add up by week, from Monday to Sunday") {
  Store store = open_store(":memory:");
  Figures figures(store);
  Tally tally;
  CHECK(tally.empty());
  tally.add(counted("hold", "councillor", {"town/1", "town/2"}), time("2026-11-23T00:00:00Z"));  // a Monday
  tally.add(counted("hold", "councillor", {"town/1"}), time("2026-11-29T23:59:59Z"));            // the Sunday after
  tally.add(counted("pass", "other"), time("2026-11-30T00:00:00Z"));
  must(figures.add(tally));
  must(figures.add(tally));
  must(figures.add(Tally()));
  CHECK(shown(must(figures.weeks(day("2026-11-01"), day("2026-12-31")))) ==
        "2026-11-23 hold councillor  4\n2026-11-23 hold councillor town/1 4\n2026-11-23 hold councillor town/2 2\n2026-11-30 pass other  2\n");
  CHECK(shown(must(figures.weeks(day("2026-11-29"), day("2026-11-30")))) == "2026-11-23 hold councillor  2\n2026-11-23 hold councillor town/1 2\n");
  CHECK(must(figures.weeks(day("2026-11-30"), day("2026-11-30"))).empty());
}

TEST_CASE("days are those of the United Kingdom") {
  Tally tally;
  tally.add(counted("pass", "other"), time("2026-06-30T23:30:00Z"));  // half past midnight in summer
  CHECK(beadle::to_string(tally.rows().front().day) == "2026-07-01");
}

TEST_CASE("a tally has a bound, and says when it is reached") {
  Tally tally;
  bool all = true;
  for (int i = 0; i < 6'000; ++i) all = tally.add(counted("hold", "other", {"town/" + std::to_string(i)}), time("2026-11-23T00:00:00Z")) && all;
  CHECK_FALSE(all);
  CHECK(tally.rows().size() == 5'000);
  CHECK(tally.rows().front().count == 6'000);  // what is known goes on being counted
}

TEST_CASE("outcomes are those of mail received in the period, all of it first") {
  Store store = open_store(":memory:");
  Figures figures(store);
  const std::string before = hold_at(store, "2026-10-31T23:59:59Z", {"town/1"});
  const std::string a = hold_at(store, "2026-11-01T00:00:00Z", {"town/1", "town/2", "town/1"});
  const std::string b = hold_at(store, "2026-11-10T10:00:00Z", {"town/1"});
  const std::string c = hold_at(store, "2026-11-20T10:00:00Z", {});
  hold_at(store, "2026-11-30T23:59:59Z", {"town/3"});
  hold_at(store, "2026-12-01T00:00:00Z", {"town/3"});
  must(store.ask_release(a, "jo", "", false, time("2026-12-02T10:00:00Z")));
  must(store.return_to_sender(b, "jo", "", time("2026-12-02T10:00:00Z"), {}));
  must(store.withdraw(c, "jo", "", time("2026-12-02T10:00:00Z")));
  must(store.withdraw(before, "jo", "", time("2026-12-02T10:00:00Z")));
  std::string text;
  for (const Outcomes& row : must(figures.outcomes(day("2026-11-01"), day("2026-12-01")))) {
    text += row.clause + ": " + std::to_string(row.held) + " " + std::to_string(row.released) + " " + std::to_string(row.returned) + " " +
            std::to_string(row.withdrawn) + " " + std::to_string(row.waiting) + "\n";
  }
  CHECK(text == ": 4 1 1 1 1\ntown/1: 2 1 1 0 0\ntown/2: 1 1 0 0 0\ntown/3: 1 0 0 0 1\n");
  // They stay when the content goes.
  Retention retention{};
  retention.decided = time("2027-01-01T00:00:00Z");
  must(store.purge(retention, time("2027-01-01T00:00:00Z")));
  CHECK(must(figures.outcomes(day("2026-11-01"), day("2026-12-01"))).front().held == 4);
}

TEST_CASE("holding time is what people waited") {
  Store store = open_store(":memory:");
  Figures figures(store);
  CHECK(must(figures.holding_time(day("2026-11-01"), day("2026-12-01"))).decided == 0);
  CHECK_FALSE(must(figures.oldest_waiting()));
  for (int hours = 1; hours <= 10; ++hours) {
    const std::string id = hold_at(store, "2026-11-02T00:00:00Z", {});
    must(store.withdraw(id, "jo", "", time("2026-11-02T00:00:00Z") + std::chrono::hours(hours)));
  }
  hold_at(store, "2026-11-03T00:00:00Z", {});
  hold_at(store, "2026-11-04T00:00:00Z", {});
  const HoldingTime holding = must(figures.holding_time(day("2026-11-01"), day("2026-12-01")));
  CHECK(holding.decided == 10);
  CHECK(holding.median_hours == 5);
  CHECK(holding.ninth_decile_hours == 9);
  CHECK(holding.longest_hours == 10);
  CHECK(must(figures.holding_time(day("2026-12-01"), day("2027-01-01"))).decided == 0);
  CHECK(must(figures.oldest_waiting()) == time("2026-11-03T00:00:00Z"));
}

TEST_CASE("figures look at narrow indexes only") {
  const Folder folder;
  Store store = open_store(folder.database());
  Database database = must(Database::open(folder.database(), 1000));
  for (const std::string sql : {"SELECT id, state FROM held INDEXED BY held_outcome WHERE id >= ?1 AND id < ?2 ORDER BY id",
                                "SELECT decided_ms - received_ms FROM held INDEXED BY held_outcome WHERE id >= ?1 AND id < ?2 AND state <> 'held'",
                                "SELECT held, clause FROM clause WHERE held >= ?1 AND held < ?2 ORDER BY held"}) {
    INFO(sql);
    Statement plan = must(database.query("EXPLAIN QUERY PLAN " + sql));
    REQUIRE(must(plan.step()));
    CHECK(plan.text(3).starts_with("SEARCH"));
    if (sql.find("held_outcome") != std::string::npos) CHECK(plan.text(3).find("COVERING") != std::string::npos);
  }
}

}  // namespace beadle::store
