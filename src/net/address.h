// Socket addresses of the operating system and back, for the files of this folder only. Names are looked up (blocking) where an
// endpoint has one; use literals where that must not wait.
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include "net/stream.h"

namespace beadle::net {

inline constexpr std::size_t unix_path_bytes_max = 107;  // unix(7): sun_path with its closing NUL

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

enum class Use { connect, listen };

/// In the order in which they should be tried; error: the name is not known (try_later), the path too long (bad_settings).
Result<std::vector<SocketAddress>> resolve(const Endpoint& endpoint, Use use);
Endpoint to_endpoint(const SocketAddress& address);
/// What `errno` says.
Error system_error(std::string_view doing);

}  // namespace beadle::net
