// What waits for the record is written together, by whoever waits first; and nobody waits for ever.
#include "store/record_queue.h"

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "catch.h"

using namespace beadle;
using namespace beadle::store;

namespace {

NewRecord record(const std::string& id) {
  NewRecord out;
  out.mail.message_id = id;
  return out;
}

/// What was written, a string a time: "a b".
class Writes {
 public:
  std::function<Result<void>(std::span<const NewRecord>)> writer() {
    return [this](std::span<const NewRecord> records) -> Result<void> {
      std::string ids;
      for (const NewRecord& one : records) ids += (ids.empty() ? "" : " ") + one.mail.message_id;
      all.push_back(ids);
      if (before_end) before_end();
      if (ids.find("throws") != std::string::npos) throw std::runtime_error("out of memory");
      if (ids.find("bad") != std::string::npos) return Error{ErrorKind::try_later, "no room"};
      return {};
    };
  }
  std::vector<std::string> all;  // by one thread at a time
  std::function<void()> before_end;
};

}  // namespace

TEST_CASE("what nobody waited for yet is written with the first that somebody does") {
  Writes writes;
  RecordQueue queue(writes.writer());
  Recorded a = queue.add(record("a")), b = queue.add(record("b"));
  static_cast<void>(queue.add(record("dropped")));
  CHECK(writes.all.empty());
  CHECK(b.wait());
  CHECK(writes.all == std::vector<std::string>{"a b dropped"});
  CHECK(a.wait());
  CHECK(a.wait());
  CHECK(writes.all.size() == 1);
  CHECK(Recorded().wait());
}

TEST_CASE("those that come while one writes are written together afterwards") {
  Writes writes;
  RecordQueue queue(writes.writer());
  std::promise<void> writing, go_on;
  writes.before_end = [&] {
    if (writes.all.size() != 1) return;
    writing.set_value();
    go_on.get_future().wait();
  };
  Recorded first = queue.add(record("first"));
  bool first_written = false;
  std::jthread writer([&] { first_written = first.wait().has_value(); });
  writing.get_future().wait();
  static_cast<void>(queue.add(record("dropped")));  // must not be the one that the others wait for
  std::vector<std::jthread> others;
  std::atomic<int> added = 0, done = 0;
  for (const char* id : {"x", "x", "x"}) {
    others.emplace_back([&, id] {
      Recorded recorded = queue.add(record(id));
      ++added;
      if (recorded.wait()) ++done;
    });
  }
  while (added < 3) std::this_thread::yield();
  CHECK(done == 0);
  go_on.set_value();
  others.clear();
  CHECK(done == 3);
  writer.join();
  CHECK(first_written);
  // How many of the three came in time for one write is the machine's affair; all were written once, and what was dropped with them.
  std::string later;
  for (std::size_t i = 1; i < writes.all.size(); ++i) later += " " + writes.all[i];
  CHECK(later == " dropped x x x");
}

TEST_CASE("one that cannot be written keeps none of the others from it") {
  const std::string bad = GENERATE("bad", "throws");
  Writes writes;
  RecordQueue queue(writes.writer());
  Recorded a = queue.add(record("a")), b = queue.add(record(bad)), c = queue.add(record("c"));
  CHECK(a.wait());
  CHECK(writes.all == std::vector<std::string>{"a " + bad + " c", "a", bad, "c"});
  const auto failed = b.wait();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == ErrorKind::try_later);
  CHECK(c.wait());
  CHECK_FALSE(queue.add(record(bad)).wait());
  CHECK(queue.add(record("d")).wait());
}

TEST_CASE("patience ends when nobody is about to come, when enough have, or in time") {
  Writes writes;
  RecordQueue queue(writes.writer());
  CHECK(queue.add(record("a")).wait([] { return false; }));
  CHECK(queue.add(record("b")).wait([] { return true; }));  // nobody ever comes
  std::vector<Recorded> many;
  for (int i = 0; i < 20; ++i) many.push_back(queue.add(record("c")));
  bool asked = false;
  CHECK(many.front().wait([&] { return asked = true; }));
  CHECK_FALSE(asked);  // enough are here
  CHECK(writes.all.size() == 3);
}

TEST_CASE("very many at once are all written, once each") {
  std::atomic<int> written = 0;
  RecordQueue queue([&](std::span<const NewRecord> records) -> Result<void> {
    written += static_cast<int>(records.size());
    return {};
  });
  std::vector<std::jthread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 200; ++k) {
        if (!queue.add(record("m")).wait([] { return true; })) std::abort();
      }
    });
  }
  threads.clear();
  CHECK(written == 3200);
}
