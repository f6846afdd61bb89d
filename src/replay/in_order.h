// Turns results that come in any order into calls in order: whoever hands in the next one that is due delivers it and all that follow. Those who are too far
// ahead wait, so that what is held back is bounded.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace beadle::replay {

template <class Item>
class InOrder {
 public:
  /// `deliver` is called by one thread at a time; false ends everything.
  InOrder(std::uint64_t window, std::function<bool(std::uint64_t, Item)> deliver) : window_(window), deliver_(std::move(deliver)) {}

  /// How many were delivered.
  std::uint64_t delivered() const { return delivered_.load(); }

  /// Waits until `number` may be begun. false: everything ends.
  bool wait_for_turn(std::uint64_t number) {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [&] { return ended_ || number < delivered_.load() + window_; });
    return !ended_;
  }

  void hand_in(std::uint64_t number, Item item) {
    std::unique_lock lock(mutex_);
    waiting_.emplace(number, std::move(item));
    if (delivering_) return;
    delivering_ = true;
    while (!ended_ && !waiting_.empty() && waiting_.begin()->first == delivered_.load()) {
      auto next = waiting_.extract(waiting_.begin());
      lock.unlock();
      const bool goes_on = deliver_(next.key(), std::move(next.mapped()));
      lock.lock();
      if (!goes_on) ended_ = true;
      else ++delivered_;
      moved_.notify_all();
    }
    delivering_ = false;
  }

  /// Nobody has to wait any longer: what is missing will not come.
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    moved_.notify_all();
  }

 private:
  std::uint64_t window_;
  std::function<bool(std::uint64_t, Item)> deliver_;
  std::mutex mutex_;
  std::condition_variable moved_;
  std::map<std::uint64_t, Item> waiting_;
  std::atomic<std::uint64_t> delivered_{0};
  bool delivering_ = false, ended_ = false;
};

}  // namespace beadle::replay
