// One connection of a mail server: reads, feeds the session, hands messages to intake, writes replies. What all connections share stands here too.
#pragma once

#include "milter/server.h"
#include "net/rare_log.h"

namespace beadle::milter {

struct Shared {
  Receive receive;
  ServerLimits bounds;
  std::shared_ptr<net::Capacity> capacity;
  net::RareLog rare_log{};
};

/// Until the mail server ends it, breaks the protocol or is silent for too long, or `stop` is thrown. What it throws
/// ends the connection alone, and a mail server whose connection breaks off asks its client to try again.
void converse(net::Stream stream, Shared& shared, const net::StopSwitch& stop);

}  // namespace beadle::milter
