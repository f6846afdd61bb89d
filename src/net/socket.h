// Options of a socket, and waiting for one with a deadline and a stop switch; for the files of this folder only.
#pragma once

#include "net/stream.h"

namespace beadle::net {

/// Switches it on; a socket without it still works.
void set_option(int descriptor, int level, int name);
Error timed_out();
/// Bytes or the end can be read, or an error, without waiting.
bool is_readable(int descriptor);
/// Until `descriptor` is ready for `events` (of poll); an error on time-out and when `stop` was thrown.
Result<void> wait_ready(int descriptor, short events, Deadline deadline, const StopSwitch* stop);

}  // namespace beadle::net
