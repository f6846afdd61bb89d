// STUB: there is no TLS.
#include "net/tls.h"

#include <poll.h>

#include "net/stream.h"

namespace beadle::net {

struct TlsContext::Handle {};

TlsContext::TlsContext(std::unique_ptr<Handle> handle, bool verifies) : handle_(std::move(handle)), verifies_(verifies) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::client(const Trust& trust) {
  return std::shared_ptr<const TlsContext>(new TlsContext(std::make_unique<Handle>(), trust.verify));
}

Result<void> Stream::start_tls_server(const TlsContext&, Deadline, const StopSwitch*) { return Error{ErrorKind::try_later, "there is no TLS"}; }

Result<void> Stream::start_tls_client(const TlsContext&, const std::string&, Deadline, const StopSwitch*) {
  return Error{ErrorKind::try_later, "there is no TLS"};
}

bool Stream::has_input() const {
  pollfd waited{descriptor_, POLLIN, 0};
  return ::poll(&waited, 1, 0) > 0;
}

}  // namespace beadle::net
