// What a request asks for: the target's path and query, decoded once, and only where they can be read one way (RFC 9112 §3.2, RFC 3986 §3.3).
#pragma once

#include <optional>
#include <string_view>

#include "web/http_head.h"

namespace beadle::web {

/// Fills path and query. "http://host/path" is taken where `host` (the value of the Host field) is the same.
std::optional<Refusal> read_target(std::string_view target, std::string_view host, Request& request);

}  // namespace beadle::web
