#include "store/intersection.h"

#include <algorithm>
#include <random>
#include <set>

#include "catch.h"

namespace beadle::store {
namespace {

using Keys = std::set<int>;

Seek<int> seek_in(const Keys& keys, int* steps = nullptr) {
  return [&keys, steps](const int& from, bool strictly) -> Result<std::optional<int>> {
    if (steps != nullptr) ++*steps;
    const auto found = strictly ? keys.upper_bound(from) : keys.lower_bound(from);
    return found == keys.end() ? std::optional<int>() : std::optional<int>(*found);
  };
}

/// All of it, begun anew where a walk stopped.
std::vector<int> walk(const std::vector<Keys>& sets, std::size_t steps_most) {
  std::vector<int> found;
  int before = -1;
  for (bool stopped = true; stopped;) {
    std::vector<Seek<int>> seeks;
    for (const Keys& keys : sets) seeks.push_back(seek_in(keys));
    Intersection<int> intersection(seeks, before, steps_most);
    for (;;) {
      const auto next = intersection.next();
      REQUIRE(next);
      if (!*next) break;
      found.push_back(**next);
    }
    stopped = intersection.stopped();
    before = intersection.passed();
  }
  return found;
}

}  // namespace

TEST_CASE("what is in all sets is found once, wherever a walk stops") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<Keys> sets(1 + random() % 4);
    for (Keys& keys : sets) {
      const auto count = random() % 60;
      for (auto i = count; i > 0; --i) keys.insert(static_cast<int>(random() % 80));
    }
    std::vector<int> expected(sets[0].begin(), sets[0].end());
    for (const Keys& keys : sets) std::erase_if(expected, [&](int key) { return !keys.contains(key); });
    CHECK(walk(sets, 100'000) == expected);
    // Enough for one round over all sets: then each walk gets further.
    CHECK(walk(sets, sets.size() + 1) == expected);
  }
}

TEST_CASE("the rarest set says how many steps it takes") {
  Keys common, rare = {500'000, 999'999};
  for (int i = 0; i < 1'000'000; i += 3) common.insert(common.end(), i);
  int steps = 0;
  Intersection<int> intersection({seek_in(common, &steps), seek_in(rare, &steps)}, -1, 1'000);
  const auto only = intersection.next();
  REQUIRE(only);
  CHECK(*only == 999'999);
  CHECK(steps < 10);
  const auto end = intersection.next();
  REQUIRE(end);
  CHECK_FALSE(*end);
  CHECK_FALSE(intersection.stopped());
}

TEST_CASE("a set that fails ends the walk with its error") {
  Intersection<int> intersection({[](const int&, bool) -> Result<std::optional<int>> { return Error{ErrorKind::try_later, "locked"}; }}, 0, 10);
  CHECK(intersection.next().error().what == "locked");
}

}  // namespace beadle::store
