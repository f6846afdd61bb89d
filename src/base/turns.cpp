#include "base/turns.h"

namespace beadle {

Turns::Turn::Turn(Turns& turns) : turns_(turns) {
  std::unique_lock lock(turns_.mutex_);
  turns_.freed_.wait(lock, [&] { return turns_.free_ > 0; });
  --turns_.free_;
}

Turns::Turn::Turn(Turns& turns, std::chrono::steady_clock::time_point until) : turns_(turns) {
  std::unique_lock lock(turns_.mutex_);
  taken_ = turns_.freed_.wait_until(lock, until, [&] { return turns_.free_ > 0; });
  if (taken_) --turns_.free_;
}

Turns::Turn::~Turn() {
  if (!taken_) return;
  {
    const std::lock_guard lock(turns_.mutex_);
    ++turns_.free_;
  }
  turns_.freed_.notify_one();
}

bool Turns::any_taken() {
  const std::lock_guard lock(mutex_);
  return free_ < count_;
}

}  // namespace beadle
