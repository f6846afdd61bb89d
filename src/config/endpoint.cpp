// The spelling of sockets in the settings: both that of Postfix (inet:host:port) and of libmilter (inet:port@host).
#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "config/settings.h"

namespace beadle::config {
namespace {

constexpr std::size_t socket_path_bytes_max = 107;  // unix(7): sun_path with its closing NUL
constexpr int port_most = 65535;

bool is_port(std::string_view text) {
  if (text.empty() || text.size() > 5) return false;
  int port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    port = port * 10 + (c - '0');
  }
  return port <= port_most;
}

struct Place {
  bool is_unix = false;
  std::string host;  // or path
  std::string port;
};

/// Of an endpoint without mistakes.
Place place_of(std::string_view endpoint) {
  const std::size_t colon = endpoint.find(':');
  const std::string kind = ascii_lower(endpoint.substr(0, colon));
  const std::string_view rest = endpoint.substr(colon + 1);
  if (kind == "unix" || kind == "local") return {true, std::filesystem::path(rest).lexically_normal().string(), ""};
  const std::size_t at = rest.find('@');
  std::string_view host = at != std::string_view::npos ? rest.substr(at + 1) : rest.substr(0, rest.rfind(':'));
  std::string_view port = at != std::string_view::npos ? rest.substr(0, at) : rest.substr(rest.rfind(':') + 1);
  while (port.size() > 1 && port.starts_with('0')) port.remove_prefix(1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {false, ascii_lower(host), std::string(port)};
}

bool is_loopback(std::string_view host) { return host == "localhost" || host == "::1" || host.starts_with("127."); }
bool is_every_address(std::string_view host) { return host == "0.0.0.0" || host == "::" || host == "*"; }

std::string unix_mistake(std::string_view path) {
  if (!path.starts_with('/')) return "the path must begin with /";
  if (path.ends_with('/')) return "the path names a folder";
  if (path.size() > socket_path_bytes_max) return "the path is longer than 107 bytes";
  return "";
}

std::string inet_mistake(std::string_view rest) {
  const std::size_t at = rest.find('@');
  const std::size_t colon = rest.rfind(':');
  if (at == std::string_view::npos && colon == std::string_view::npos) return "the port is missing";
  std::string_view host = at != std::string_view::npos ? rest.substr(at + 1) : rest.substr(0, colon);
  const std::string_view port = at != std::string_view::npos ? rest.substr(0, at) : rest.substr(colon + 1);
  if (!is_port(port)) return "the port is not a number up to 65535";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) return "the host is missing";
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '_' || c == '%';
  });
  return plain ? "" : "the host is no name or address";
}

}  // namespace

std::string endpoint_mistake(std::string_view endpoint) {
  if (printable(endpoint) != endpoint) return "it has control characters";
  const std::size_t colon = endpoint.find(':');
  const std::string kind = ascii_lower(endpoint.substr(0, colon));
  if (colon != std::string_view::npos && (kind == "unix" || kind == "local")) return unix_mistake(endpoint.substr(colon + 1));
  if (colon != std::string_view::npos && (kind == "inet" || kind == "inet6")) return inet_mistake(endpoint.substr(colon + 1));
  return "it begins with none of unix: local: inet: inet6:";
}

bool leads_to(std::string_view target, std::string_view listening, std::string_view host_name) {
  if (!endpoint_mistake(target).empty() || !endpoint_mistake(listening).empty()) return false;
  const Place there = place_of(target), here = place_of(listening);
  if (there.is_unix != here.is_unix || there.port != here.port || there.port == "0") return false;
  if (there.host == here.host) return true;
  if (there.is_unix) return false;
  if (is_every_address(here.host)) return is_loopback(there.host) || is_every_address(there.host) || there.host == ascii_lower(host_name);
  // Two addresses of this machine are two places; "localhost" and "every address" may be either of the usual ones.
  const auto is_usual = [](std::string_view host) { return host == "localhost" || host == "127.0.0.1" || host == "::1"; };
  const auto is_either = [](std::string_view host) { return host == "localhost" || is_every_address(host); };
  return (is_either(there.host) && is_usual(here.host)) || (is_either(here.host) && is_usual(there.host));
}

}  // namespace beadle::config
