// What the conversations of all doors share: the bytes that they hold together.
#pragma once

#include <atomic>
#include <cstddef>

namespace beadle::net {

struct Capacity {
  std::atomic<std::size_t> bytes_held{0};
};

}  // namespace beadle::net
