// What the conversations of all doors share: turns on the processor, and the bytes that they hold together.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>

#include "net/turns.h"

namespace beadle::net {

struct Capacity {
  Turns turns{std::max(1u, std::thread::hardware_concurrency())};  // more messages at once than cores would only wait for each other, in memory
  std::atomic<std::size_t> bytes_held{0};
};

}  // namespace beadle::net
