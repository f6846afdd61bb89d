// One connection of a mail server: reads, feeds the session, hands messages to intake, writes replies. What all connections share
// (bytes held, turns on the processor, what was logged lately) stands here too.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <mutex>
#include <string>

#include "base/guarded.h"
#include "base/log.h"
#include "milter/server.h"

namespace beadle::milter {

/// As many at once as there are turns. Our own, because std::counting_semaphore of g++ 12.2 can sleep for ever (GCC bug 104928).
class Turns {
 public:
  explicit Turns(std::size_t count) : free_(count) {}
  class Turn {
   public:
    explicit Turn(Turns& turns);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Turns& turns_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t free_;
};

/// Logs each kind of trouble at most once a minute, with the number of times that it was not logged.
class RareLog {
 public:
  void log(LogLevel level, const std::string& event, const std::string& peer, const std::string& why);

 private:
  struct Kind {
    std::chrono::steady_clock::time_point logged;
    std::size_t left_out = 0;
  };
  Guarded<std::map<std::string, Kind>> kinds_;
};

struct Shared {
  Shared(Receive receiver, const ServerLimits& server_bounds);
  Receive receive;
  ServerLimits bounds;
  Turns turns;
  RareLog rare_log;
  std::atomic<std::size_t> bytes_held{0};
};

/// Until the mail server ends it, breaks the protocol or is silent for too long, or `stop` is thrown. Lets no exception out.
void converse(net::Stream stream, Shared& shared, const net::StopSwitch& stop);

}  // namespace beadle::milter
