// As many at once as there are turns. Our own, because std::counting_semaphore of g++ 12.2 can sleep for ever (GCC bug 104928).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace beadle {

class Turns {
 public:
  explicit Turns(std::size_t count) : count_(count), free_(count) {}
  /// Waits for its turn, and has it until it is gone.
  class Turn {
   public:
    explicit Turn(Turns& turns);
    /// Waits until then at most: whether it has its turn, taken() says.
    Turn(Turns& turns, std::chrono::steady_clock::time_point until);
    ~Turn();
    bool taken() const { return taken_; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Turns& turns_;
    bool taken_ = true;
  };
  /// Whether somebody has a turn just now.
  bool any_taken();

 private:
  const std::size_t count_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t free_;
};

}  // namespace beadle
