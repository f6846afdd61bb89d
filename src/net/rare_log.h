// Logs each kind of trouble at most once a minute, with the number of times that it was not logged: whoever connects can make
// trouble, and must not fill the disk with it.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "base/guarded.h"
#include "base/log.h"

namespace beadle::net {

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

}  // namespace beadle::net
