// A council with a councillor and an officer, its store in memory and an intake: what the tests of this folder send their mail to.
#pragma once

#include <string>

#include "inspect/waiting.h"
#include "intake/intake.h"
#include "store/figures.h"
#include "store/sqlite.h"

#include "catch.h"

namespace beadle::intake {

inline const std::string jane = "councillor@council.example", olivia = "officer@council.example", stranger = "someone@elsewhere.example";

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

class Town {
 public:
  explicit Town(const store::Store::OpenOptions& options = {}, const std::string& path = ":memory:")
      : policy_(std::make_shared<const inspect::Policy>(tests::waiting_policy())),
        store_(must(store::Store::open(path, now_, options))),
        intake_(store_, policy_, [](const auto&...) { return std::vector<store::Notice>{}; }, [this] { return now_; }) {}

  void pass(std::chrono::milliseconds time) { now_ += time; }

  Answer send(const std::string& from, const std::string& to, const std::string& text) {
    return receive(from, to, "From: " + from + "\r\nTo: " + to + "\r\nMessage-ID: <" + text + "@x>\r\nSubject: The gate\r\n\r\n" + text + "\r\n");
  }

  Answer receive(const std::string& from, const std::string& to, std::string bytes, bool learns_outcome = false) {
    Arrival arrival;
    arrival.door = "milter";
    arrival.envelope = {.sender = from, .recipients = {to}, .login = "", .smtputf8 = false, .body = ""};
    arrival.bytes = std::move(bytes);
    arrival.may_go = [this] { ++went_; };
    arrival.learns_outcome = learns_outcome;
    return intake_.receive(std::move(arrival));
  }

  std::int64_t written(const std::string& action, const std::string& role, const std::string& clause = "") {
    std::int64_t sum = 0;
    for (const store::WeekRow& row : must(store::Figures(store_).weeks(*day_from("2025-12-01"), *day_from("2026-02-01")))) {
      if (row.action == action && row.role == role && row.clause == clause) sum += row.count;
    }
    return sum;
  }

  int went() const { return went_; }
  Intake& intake() { return intake_; }
  store::Store& store() { return store_; }

 private:
  int went_ = 0;  // doors that were told that their message may go
  Time now_ = *time_from("2025-12-15T10:00:00Z");
  std::shared_ptr<const inspect::Policy> policy_;
  store::Store store_;
  Intake intake_;
};

}  // namespace beadle::intake
