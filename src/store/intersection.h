// What stands in all of several sorted sets, without walking through any: each is asked for its next key behind the furthest one that another gave.
// Takes no more steps than the smallest set has keys, times the number of sets; and never more than a bound.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"

namespace beadle::store {

/// The first key of a set at `from` or behind it, in the order of the walk; strictly behind it where `strictly`. nullopt: none.
template <class Key>
using Seek = std::function<Result<std::optional<Key>>(const Key& from, bool strictly)>;

template <class Key>
class Intersection {
 public:
  /// At least one set. The walk begins strictly behind `before`.
  Intersection(std::vector<Seek<Key>> sets, Key before, std::size_t steps_most)
      : sets_(std::move(sets)), at_(before), passed_(std::move(before)), steps_left_(steps_most) {}

  /// The next key that is in every set; nullopt at the end, or where the steps are used up: then stopped() says so.
  Result<std::optional<Key>> next() {
    bool strictly = true;
    std::size_t agreed = 0;  // sets in a row that have at_
    for (std::size_t i = 0; agreed < sets_.size(); i = (i + 1) % sets_.size()) {
      stopped_ = steps_left_ == 0;
      if (stopped_) return std::optional<Key>();
      --steps_left_;
      std::optional<Key> found = TRY(sets_[i](at_, strictly));
      if (!found) return std::optional<Key>();
      if (*found != at_) {
        passed_ = std::exchange(at_, *std::move(found));
        agreed = 0;
      }
      ++agreed;
      strictly = false;
    }
    passed_ = at_;
    return std::optional<Key>(at_);
  }
  bool stopped() const { return stopped_; }
  /// Nothing up to here is still to come: a later walk may begin strictly behind it.
  const Key& passed() const { return passed_; }

 private:
  std::vector<Seek<Key>> sets_;
  Key at_, passed_;
  std::size_t steps_left_;
  bool stopped_ = false;
};

}  // namespace beadle::store
