// One connection of an SMTP client: reads, feeds the machine, answers its events from a transaction, writes replies. Deadlines are absolute: a client
// that sends a byte now and then is cut all the same.
#pragma once

#include <functional>
#include <memory>

#include "base/guarded.h"
#include "base/time.h"
#include "net/rare_log.h"
#include "smtp/door.h"
#include "smtp/hop_pool.h"
#include "smtp/transaction.h"

namespace beadle::smtp {

/// What a reload replaces as a whole. A conversation ends with what it began with.
struct DoorInForce {
  explicit DoorInForce(DoorSettings door_settings);
  DoorSettings settings;
  TransactionSettings transactions;
  HopPool pool;
};

/// What all conversations of a door share.
struct DoorShared {
  DoorShared(DoorSettings door_settings, Receive receiver, std::function<Time()> clock, std::shared_ptr<net::Capacity> with_others);
  std::shared_ptr<DoorInForce> current() { return *in_force.access(); }
  Guarded<std::shared_ptr<DoorInForce>> in_force;
  Receive receive;
  std::function<Time()> now;
  std::shared_ptr<net::Capacity> capacity;
  net::RareLog rare_log;
};

/// Until the client leaves, breaks the protocol or is too slow, or `stop` is thrown. Lets no exception out.
void converse(net::Stream stream, DoorShared& shared, const net::StopSwitch& stop);

}  // namespace beadle::smtp
