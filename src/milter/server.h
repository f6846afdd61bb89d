// Drives milter sessions over sockets: one thread a connection, up to a bound; the bytes that all hold together are bounded too,
// and as many messages are inspected at once as there are cores. Failures are answered with "try again later", never with silence
// or acceptance. Stops cleanly: no new connections, idle ones closed, those within a message may end it for
// limits::stop_timeout_ms.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "base/limits.h"
#include "intake/intake.h"
#include "net/capacity.h"
#include "net/stream.h"

namespace beadle::milter {

/// intake::Intake::receive, or what stands for it in tests. May throw what libraries throw; may be called from many threads at
/// once.
using Receive = std::function<intake::Answer(intake::Arrival)>;

/// Bounds and times of a server; tests make them small.
struct ServerLimits {
  std::size_t connections = limits::connections_max;
  std::size_t bytes_held = limits::connections_bytes_max;
  std::int64_t read_timeout_ms = limits::milter_read_timeout_ms;
  std::int64_t packet_timeout_ms = limits::milter_packet_timeout_ms;
  std::int64_t write_timeout_ms = limits::milter_write_timeout_ms;
  std::int64_t stop_timeout_ms = limits::stop_timeout_ms;
};

class Server {
 public:
  /// capacity: what it shares with other doors.
  Server(std::vector<net::Listener> listeners, Receive receive, const ServerLimits& bounds,
         std::shared_ptr<net::Capacity> capacity = std::make_shared<net::Capacity>());
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Serves until `stop` is thrown and the last conversation has ended. Over the bound of connections, new ones wait in the
  /// backlog.
  void run(const net::StopSwitch& stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace beadle::milter
