#include "smtp/hop_pool.h"

#include <utility>

#include "base/limits.h"

namespace beadle::smtp {

Result<NextHop> HopPool::take(const net::StopSwitch* stop, bool fresh) {
  const auto now = std::chrono::steady_clock::now();
  while (!fresh) {
    std::optional<Waiting> waiting;
    {
      auto state = state_.access();
      if (state->waiting.empty()) break;
      // The youngest: those that are too old for the server are left to grow older and be dropped.
      waiting.emplace(std::move(state->waiting.back()));
      state->waiting.pop_back();
    }
    const bool young = now - waiting->since < std::chrono::milliseconds(limits::smtp_hop_idle_ms);
    if (young && waiting->hop.usable()) return std::move(waiting->hop);
  }
  NextHop hop = TRY(NextHop::open(settings_, stop));
  state_.access()->extensions = hop.extensions();
  return hop;
}

void HopPool::give_back(NextHop hop) {
  auto state = state_.access();
  if (state->waiting.size() >= limits::smtp_hops_waiting_most) return;
  state->waiting.push_back({std::move(hop), std::chrono::steady_clock::now()});
}

Result<Extensions> HopPool::extensions(const net::StopSwitch* stop) {
  if (const auto known = state_.access()->extensions) return *known;
  give_back(TRY(take(stop, true)));
  return state_.access()->extensions.value();
}

void HopPool::close_all() {
  std::vector<Waiting> waiting;
  std::swap(waiting, state_.access()->waiting);
  for (Waiting& one : waiting) one.hop.quit();
}

}  // namespace beadle::smtp
