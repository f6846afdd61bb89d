// Connections to the next hop that wait for the next transaction, and what the next hop was last heard to offer.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "base/guarded.h"
#include "smtp/next_hop.h"

namespace beadle::smtp {

class HopPool {
 public:
  explicit HopPool(NextHopSettings settings) : settings_(std::move(settings)) {}

  /// One that waits, or a new one. `fresh`: a new one in any case, because one that waited has just turned out to be closed.
  Result<NextHop> take(const net::StopSwitch* stop, bool fresh);
  /// Between transactions and in order; dropped where enough wait already.
  void give_back(NextHop hop);
  /// What the next hop offers: as heard at the last opening; where none was opened yet, one is opened. error: it cannot be reached.
  Result<Extensions> extensions(const net::StopSwitch* stop);
  /// Says QUIT to all that wait.
  void close_all();

 private:
  struct Waiting {
    NextHop hop;
    std::chrono::steady_clock::time_point since;
  };
  struct State {
    std::vector<Waiting> waiting;
    std::optional<Extensions> extensions;
  };
  NextHopSettings settings_;
  Guarded<State> state_;
};

}  // namespace beadle::smtp
