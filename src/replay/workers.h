// A pool of threads that work on the numbers 0, 1, 2 …, and a caller that is told how far they are. Ends early when `stop` says so.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace beadle::replay {

/// Calls `work` on `jobs` threads, each of which returns when it has nothing left to do; meanwhile calls `look` on this thread a few times a second.
inline void run_workers(unsigned jobs, const std::function<void()>& work, const std::function<void()>& look) {
  constexpr std::chrono::milliseconds pause{200};
  std::mutex mutex;
  std::condition_variable ended;
  unsigned running = jobs;
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < jobs; ++i) {
    threads.emplace_back([&] {
      work();
      const std::lock_guard lock(mutex);
      --running;
      ended.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  while (!ended.wait_for(lock, pause, [&] { return running == 0; })) {
    lock.unlock();
    look();
    lock.lock();
  }
}

}  // namespace beadle::replay
