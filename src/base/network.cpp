#include "base/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/text.h"

namespace beadle {
namespace {

using Kind = Network::Kind;
constexpr int mapped_bits = 96;  // ::ffff:0:0/96

int bits_of(Kind kind) { return kind == Kind::inet4 ? 32 : 128; }

bool is_mapped(const std::array<unsigned char, 16>& address) {
  constexpr unsigned char prefix[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(std::begin(prefix), std::end(prefix), address.begin());
}

/// As it is spelled: a mapped address is IPv6 here.
std::optional<Network> parse_address(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string copy(text);
  Network network;
  network.kind = copy.find(':') == std::string::npos ? Kind::inet4 : Kind::inet6;
  network.prefix_bits = bits_of(network.kind);
  if (::inet_pton(network.kind == Kind::inet4 ? AF_INET : AF_INET6, copy.c_str(), network.address.data()) != 1)
    return std::nullopt;
  return network;
}

Network unmapped(Network network) {
  if (network.kind != Kind::inet6 || network.prefix_bits < mapped_bits || !is_mapped(network.address)) return network;
  Network inner{Kind::inet4, {}, network.prefix_bits - mapped_bits};
  std::copy(network.address.end() - 4, network.address.end(), inner.address.begin());
  return inner;
}

std::array<unsigned char, 16> without_host_bits(std::array<unsigned char, 16> address, int prefix_bits) {
  for (int bit = prefix_bits; bit < 128; ++bit) {
    unsigned char& byte = address[static_cast<std::size_t>(bit / 8)];
    byte = static_cast<unsigned char>(byte & ~(0x80 >> bit % 8));
  }
  return address;
}

std::optional<int> parse_prefix(std::string_view text, int most) {
  int bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '-' || bits > most) return std::nullopt;
  return bits;
}

}  // namespace

std::optional<Network> parse_network(std::string_view text, std::string& message) {
  message.clear();
  if (ascii_iequals(text, "unix")) return Network{};
  const std::size_t slash = text.find('/');
  std::string_view spelled = text.substr(0, slash);
  if (spelled.starts_with('[') && spelled.ends_with(']') && spelled.find(':') != std::string_view::npos) {
    spelled = spelled.substr(1, spelled.size() - 2);
  }
  auto network = parse_address(spelled);
  if (!network) {
    message = "it is neither an address (names are not looked up) nor \"unix\"";
    return std::nullopt;
  }
  if (slash == std::string_view::npos) return unmapped(*network);
  const int most = bits_of(network->kind);
  const auto bits = parse_prefix(text.substr(slash + 1), most);
  if (!bits) {
    message = "what follows the / is not a number of bits up to " + std::to_string(most);
    return std::nullopt;
  }
  const Network range{network->kind, without_host_bits(network->address, *bits), *bits};
  if (range.address != network->address) {
    message = "bits behind the prefix are set: write " + to_string(unmapped(range)) + " for the network, " +
              to_string(unmapped(*network)) + " for the one address";
    return std::nullopt;
  }
  return unmapped(range);
}

std::string to_string(const Network& network) {
  if (network.kind == Kind::unix_socket) return "unix";
  char text[INET6_ADDRSTRLEN] = "";
  ::inet_ntop(network.kind == Kind::inet4 ? AF_INET : AF_INET6, network.address.data(), text, sizeof text);
  return network.prefix_bits == bits_of(network.kind) ? text : text + ("/" + std::to_string(network.prefix_bits));
}

bool Network::contains(std::string_view host) const {
  if (host == "unix") return kind == Kind::unix_socket;
  auto found = parse_address(host);
  if (!found) return false;
  found = unmapped(*found);
  return found->kind == kind && without_host_bits(found->address, prefix_bits) == address;
}

bool any_contains(const std::vector<Network>& networks, std::string_view host) {
  return std::any_of(networks.begin(), networks.end(), [&](const Network& network) { return network.contains(host); });
}

}  // namespace beadle
