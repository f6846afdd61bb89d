// Options of a socket, and waiting for one with a deadline and a stop switch; for the files of this folder only.
#pragma once

#include "net/stream.h"

namespace beadle::net {

/// Switches it on; a socket without it still works.
void set_option(int descriptor, int level, int name);
/// What came over this TCP connection is acknowledged now, where no reply has done so. Before waiting for more: the kernel puts acknowledgements off, and a
/// peer with Nagle's algorithm then waits 40 ms for each small packet. After every read it would be a packet for nothing. Leaves errno as it is.
void acknowledge(int descriptor);
Error timed_out();
/// Bytes or the end can be read, or an error, without waiting.
bool is_readable(int descriptor);
/// The other side sends nothing more, whatever waits to be read.
bool has_hung_up(int descriptor);
/// Until `descriptor` is ready for `events` (of poll); an error on time-out and when `stop` was thrown.
Result<void> wait_ready(int descriptor, short events, Deadline deadline, const StopSwitch* stop);

}  // namespace beadle::net
