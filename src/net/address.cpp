#include "net/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace beadle::net {
namespace {

Result<std::vector<SocketAddress>> unix_address(const std::string& path) {
  if (path.size() > unix_path_bytes_max)
    return Error{ErrorKind::bad_settings, "the path of a unix socket is longer than 107 bytes: " + path};
  SocketAddress address;
  auto& un = reinterpret_cast<sockaddr_un&>(address.storage);
  un.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), un.sun_path);
  address.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return std::vector<SocketAddress>{address};
}

std::string literal(int family, const void* address) {
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(family, address, text, sizeof text);
  return text;
}

}  // namespace

Error system_error(std::string_view doing) {
  return {ErrorKind::try_later, std::string(doing) + ": " + std::system_category().message(errno)};
}

Result<std::vector<SocketAddress>> resolve(const Endpoint& endpoint, Use use) {
  if (endpoint.kind == Endpoint::Kind::unix_socket) return unix_address(endpoint.path);
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (use == Use::listen ? AI_PASSIVE : 0);
  addrinfo* list = nullptr;
  const int failed = ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &list);
  if (failed != 0) return Error{ErrorKind::try_later, "looking up " + endpoint.host + ": " + ::gai_strerror(failed)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    SocketAddress address;
    if (entry->ai_addrlen > sizeof address.storage) continue;
    std::memcpy(&address.storage, entry->ai_addr, entry->ai_addrlen);
    address.size = entry->ai_addrlen;
    addresses.push_back(address);
  }
  return addresses;
}

Endpoint to_endpoint(const SocketAddress& address) {
  if (address.family() == AF_INET) {
    const auto& in = reinterpret_cast<const sockaddr_in&>(address.storage);
    return {Endpoint::Kind::inet, "", literal(AF_INET, &in.sin_addr), ntohs(in.sin_port)};
  }
  if (address.family() == AF_INET6) {
    const auto& in = reinterpret_cast<const sockaddr_in6&>(address.storage);
    return {Endpoint::Kind::inet, "", literal(AF_INET6, &in.sin6_addr), ntohs(in.sin6_port)};
  }
  const auto& un = reinterpret_cast<const sockaddr_un&>(address.storage);
  const std::size_t header = offsetof(sockaddr_un, sun_path);
  const std::size_t size = address.size > header ? std::min<std::size_t>(address.size - header, sizeof un.sun_path) : 0;
  return {Endpoint::Kind::unix_socket, std::string(un.sun_path, ::strnlen(un.sun_path, size)), "", 0};
}

}  // namespace beadle::net
