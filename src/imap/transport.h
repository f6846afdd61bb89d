// Bytes to and from a mail server, for client.h: connection.h over the network, a script in tests.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"
#include "net/stream.h"

namespace beadle::imap {

class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;
  /// All of them. error: try_later on time-out, stop or a broken connection; as for receive.
  virtual Result<void> send(std::string_view bytes, net::Deadline deadline) = 0;
  /// Bytes read, at least one; 0 = the server has hung up.
  virtual Result<std::size_t> receive(char* buffer, std::size_t size, net::Deadline deadline) = 0;
};

}  // namespace beadle::imap
