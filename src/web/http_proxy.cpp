#include "web/http_proxy.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace beadle::web {
namespace {

/// What proxies said in fields of this name, in order: each adds to the right.
std::vector<std::string_view> words_of(const Pairs& headers, std::string_view name) {
  std::vector<std::string_view> words;
  for (const auto& [known, value] : headers) {
    if (known != name) continue;
    for (const std::string_view word : split(value, ',')) words.push_back(trimmed(word));
  }
  return words;
}

/// "192.0.2.1", "192.0.2.1:50123", "[2001:db8::1]:50123", "2001:db8::1" as an address without port; nullopt where it is none.
std::optional<std::string> address_of(std::string_view word) {
  if (word.starts_with('[')) {
    word = word.substr(0, std::min(word.find(']'), word.size() - 1) + 1);
  } else if (std::count(word.begin(), word.end(), ':') == 1) {
    word = word.substr(0, word.find(':'));
  }
  if (word.find('/') != std::string_view::npos) return std::nullopt;
  std::string message;
  const auto address = parse_network(word, message);
  // "unix" is no address, and could be a proxy that we know.
  if (!address || address->kind == Network::Kind::unix_socket) return std::nullopt;
  return to_string(*address);
}

}  // namespace

Browser browser_of(const Pairs& headers, const Hop& hop, const std::vector<Network>& proxies) {
  Browser browser{hop.host, hop.tls};
  if (!any_contains(proxies, hop.host)) return browser;
  const auto hosts = words_of(headers, "x-forwarded-for");
  for (auto word = hosts.rbegin(); word != hosts.rend() && any_contains(proxies, browser.host); ++word) {
    const auto address = address_of(*word);
    if (!address) break;  // the last one that is known to have sent this
    browser.host = *address;
  }
  const auto schemes = words_of(headers, "x-forwarded-proto");
  if (!schemes.empty()) browser.secure = ascii_iequals(schemes.back(), "https");
  return browser;
}

}  // namespace beadle::web
