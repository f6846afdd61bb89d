// Ranges of addresses, as lists of clients name them. IPv4-mapped IPv6 addresses (RFC 4291 §2.5.5.2) count as the IPv4 address
// within. Names are not looked up.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beadle {

struct Network {
  enum class Kind { unix_socket, inet4, inet6 } kind = Kind::unix_socket;
  std::array<unsigned char, 16> address{};  // the first four of it are an IPv4 address
  int prefix_bits = 0;

  /// `host` as Stream::peer_host() says it: an address, or "unix". False for anything else.
  bool contains(std::string_view host) const;
  bool operator==(const Network&) const = default;
};

/// "192.0.2.0/24", "2001:db8::/32", "[2001:db8::]/32", a single address, "unix" (whoever comes by a unix socket). nullopt with a
/// message where it is none of these, or where bits behind the prefix are set: one of the two is a mistake.
std::optional<Network> parse_network(std::string_view text, std::string& message);
std::string to_string(const Network& network);
bool any_contains(const std::vector<Network>& networks, std::string_view host);

}  // namespace beadle
