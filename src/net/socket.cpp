#include "net/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "net/address.h"

namespace beadle::net {

void set_option(int descriptor, int level, int name) {
  const int one = 1;
  ::setsockopt(descriptor, level, name, &one, sizeof one);
}

void acknowledge(int descriptor) {
  const int saved = errno;
  set_option(descriptor, IPPROTO_TCP, TCP_QUICKACK);
  errno = saved;
}

Error timed_out() { return {ErrorKind::try_later, "timed out"}; }

bool is_readable(int descriptor) {
  pollfd asked{descriptor, POLLIN, 0};
  return ::poll(&asked, 1, 0) > 0;
}

bool has_hung_up(int descriptor) {
  pollfd asked{descriptor, POLLRDHUP, 0};
  return ::poll(&asked, 1, 0) > 0;
}

Result<void> wait_ready(int descriptor, short events, Deadline deadline, const StopSwitch* stop) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return timed_out();
    pollfd waited[2] = {{descriptor, events, 0}, {stop != nullptr ? stop->descriptor() : -1, POLLIN, 0}};
    const int ready = ::poll(waited, 2, static_cast<int>(std::min<std::int64_t>(left, INT_MAX)));
    if (ready < 0 && errno != EINTR) return system_error("waiting for a socket");
    if (ready <= 0) continue;
    if (waited[1].revents != 0) return Error{ErrorKind::try_later, "stopping"};
    if (waited[0].revents != 0) return {};  // also on POLLERR and POLLHUP: the call that follows says why
  }
}

}  // namespace beadle::net
