// What one connection counts towards the bytes that all connections of a door hold together.
#pragma once

#include <atomic>
#include <cstddef>

namespace beadle::net {

class Share {
 public:
  explicit Share(std::atomic<std::size_t>& all) : all_(all) {}
  ~Share() { all_ -= counted_; }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  /// All bytes held, by every connection, when this one holds `bytes`.
  std::size_t set(std::size_t bytes) {
    // Unsigned numbers wrap, so one addition serves for more and for less.
    const std::size_t change = bytes - counted_;
    counted_ = bytes;
    return all_.fetch_add(change) + change;
  }

 private:
  std::atomic<std::size_t>& all_;
  std::size_t counted_ = 0;
};

}  // namespace beadle::net
