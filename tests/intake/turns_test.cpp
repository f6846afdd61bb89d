// Messages that come at once: no more are looked at than there are cores, and each is on record when it has its answer.
#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "inspect/waiting.h"
#include "intake/intake.h"

#include "catch.h"

namespace beadle::intake {
namespace {

const std::string jane = "councillor@council.example", stranger = "someone@elsewhere.example";

Arrival mail(const std::string& id) {
  Arrival arrival;
  arrival.door = "milter";
  arrival.envelope = {.sender = jane, .recipients = {stranger}, .login = "", .smtputf8 = false, .body = ""};
  arrival.bytes = "From: " + jane + "\r\nTo: " + stranger + "\r\nMessage-ID: <" + id + ">\r\nSubject: x\r\n\r\nopen\r\n";
  return arrival;
}

}  // namespace

TEST_CASE("whoever may wait until a moment only goes without a turn then, and takes none from the others") {
  Turns turns(1);
  {
    const Turns::Turn first(turns);
    CHECK_FALSE(Turns::Turn(turns, std::chrono::steady_clock::now()).taken());
  }
  CHECK_FALSE(turns.any_taken());
  CHECK(Turns::Turn(turns, std::chrono::steady_clock::now()).taken());
}

TEST_CASE("no more messages are inspected at once than there are cores, and each is on record before its answer") {
  const Time now = *time_from("2025-12-15T10:00:00Z");
  auto opened = store::Store::open(":memory:", now);
  REQUIRE(opened);
  store::Store store = std::move(opened).value();
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  std::atomic<std::size_t> inside{0}, most{0}, wrong{0};
  Intake intake(
      store, std::make_shared<const inspect::Policy>(tests::waiting_policy()), [](const auto&...) { return std::vector<store::Notice>{}; },
      [&] { return now; },
      [&](mail::Message&) {
        const std::size_t here = ++inside;
        for (std::size_t before = most; before < here && !most.compare_exchange_weak(before, here);) {
        }
        std::this_thread::yield();
        --inside;
      });
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < 4 * cores; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 10; ++k) {
        const std::string id = std::to_string(i) + "." + std::to_string(k) + "@x";
        const bool accepted = intake.receive(mail(id)).kind == Answer::Kind::accept;
        const auto known = store.look_up({id});
        if (!accepted || !known || known->same.size() != 1) ++wrong;
      }
    });
  }
  threads.clear();
  CHECK(wrong == 0);
  CHECK(most >= 1);
  CHECK(most <= cores);
}

}  // namespace beadle::intake
