// Who really asks, where a proxy stands in between: X-Forwarded-For and -Proto, which anybody can write, are believed of proxies that we know, and of
// the chain of addresses only the part that such proxies wrote.
#pragma once

#include <string>
#include <vector>

#include "web/http.h"

namespace beadle::web {

/// The other end of a connection.
struct Hop {
  std::string host;  // Stream::peer_host()
  bool tls = false;
};

struct Browser {
  std::string host;
  bool secure = false;
};
/// `headers` have names in lower case.
Browser browser_of(const Pairs& headers, const Hop& hop, const std::vector<Network>& proxies);

}  // namespace beadle::web
