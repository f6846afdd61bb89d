// One connection of a mail server: reads, feeds the session, hands messages to intake, writes replies. What all connections share
// (bytes held, turns on the processor, what was logged lately) stands here too.
#pragma once

#include <atomic>
#include <cstddef>

#include "milter/server.h"
#include "net/rare_log.h"
#include "net/turns.h"

namespace beadle::milter {

struct Shared {
  Shared(Receive receiver, const ServerLimits& server_bounds);
  Receive receive;
  ServerLimits bounds;
  net::Turns turns;
  net::RareLog rare_log;
  std::atomic<std::size_t> bytes_held{0};
};

/// Until the mail server ends it, breaks the protocol or is silent for too long, or `stop` is thrown. What it throws
/// ends the connection alone, and a mail server whose connection breaks off asks its client to try again.
void converse(net::Stream stream, Shared& shared, const net::StopSwitch& stop);

}  // namespace beadle::milter
