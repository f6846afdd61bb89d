#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "net/stream.h"

namespace beadle::net {

StopSwitch::StopSwitch() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { CHECK(descriptor_ >= 0); }

StopSwitch::~StopSwitch() { ::close(descriptor_); }

void StopSwitch::stop() noexcept {
  const int saved = errno;
  stopped_.store(true);
  // Never read again, so that it stays readable for all who wait. A full counter means that it is readable already.
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
  errno = saved;
}

bool StopSwitch::stopped() const { return stopped_.load(); }

bool wait_for_stop(const StopSwitch& stop, Deadline deadline) {
  while (!stop.stopped()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd waited{stop.descriptor(), POLLIN, 0};
    ::poll(&waited, 1, static_cast<int>(std::min<std::int64_t>(left, INT_MAX)));
  }
  return true;
}

}  // namespace beadle::net
