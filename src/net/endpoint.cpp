// The two spellings of sockets: Postfix's inet:host:port and libmilter's inet:port@host.
#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "net/address.h"

namespace beadle::net {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-:_%").find(c) != std::string_view::npos;
  });
}

std::optional<Endpoint> parse_unix(std::string_view path, std::string& message) {
  if (!path.starts_with('/')) message = "the path must begin with /";
  if (path.ends_with('/')) message = "the path names a folder";
  if (path.size() > unix_path_bytes_max) message = "the path is longer than 107 bytes";
  if (!message.empty()) return std::nullopt;
  return Endpoint{Endpoint::Kind::unix_socket, std::string(path), "", 0};
}

std::optional<Endpoint> parse_inet(std::string_view rest, std::string& message) {
  const std::size_t at = rest.find('@');
  const std::size_t colon = rest.rfind(':');
  const bool port_first = at != std::string_view::npos;
  if (!port_first && colon == std::string_view::npos) {
    message = "the port is missing";
    return std::nullopt;
  }
  std::string_view host = port_first ? rest.substr(at + 1) : rest.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const auto port = parse_port(port_first ? rest.substr(0, at) : rest.substr(colon + 1));
  if (!port) message = "the port is not a number up to 65535";
  if (port && !is_host(host)) message = host.empty() ? "the host is missing" : "the host is no name or address";
  if (!message.empty()) return std::nullopt;
  return Endpoint{Endpoint::Kind::inet, "", std::string(host), *port};
}

}  // namespace

std::optional<Endpoint> parse_endpoint(std::string_view text, std::string& message) {
  message.clear();
  if (printable(text) != text) {
    message = "it has control characters";
    return std::nullopt;
  }
  const std::size_t colon = text.find(':');
  const std::string kind = colon == std::string_view::npos ? "" : ascii_lower(text.substr(0, colon));
  if (kind == "unix" || kind == "local") return parse_unix(text.substr(colon + 1), message);
  if (kind == "inet" || kind == "inet6") return parse_inet(text.substr(colon + 1), message);
  message = "it begins with none of unix: local: inet: inet6:";
  return std::nullopt;
}

std::string to_string(const Endpoint& endpoint) {
  if (endpoint.kind == Endpoint::Kind::unix_socket) return "unix:" + endpoint.path;
  const std::string port = std::to_string(endpoint.port);
  if (endpoint.host.find(':') != std::string::npos) return "inet6:[" + endpoint.host + "]:" + port;
  return "inet:" + endpoint.host + ":" + port;
}

}  // namespace beadle::net
