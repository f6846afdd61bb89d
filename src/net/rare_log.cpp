#include "net/rare_log.h"

#include <utility>

namespace beadle::net {
namespace {

constexpr std::chrono::minutes log_interval{1};

}  // namespace

void RareLog::log(LogLevel level, const std::string& event, const std::string& peer, const std::string& why) {
  const auto now = std::chrono::steady_clock::now();
  std::size_t left_out = 0;
  {
    auto kinds = kinds_.access();
    const auto [kind, first] = kinds->try_emplace(event, Kind{now, 0});
    if (!first && now - kind->second.logged < log_interval) {
      ++kind->second.left_out;
      return;
    }
    left_out = std::exchange(kind->second, Kind{now, 0}).left_out;
  }
  beadle::log(level, event, {{"peer", peer}, {"why", why}, {"left-out", std::to_string(left_out)}});
}

}  // namespace beadle::net
