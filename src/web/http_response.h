// A response as it goes over the wire, with what every one of ours says: how long it is, that nobody keeps it, and what a browser may do with it.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "web/http.h"

namespace beadle::web {

struct Sending {
  bool head = false;    // HEAD: as GET, without the body
  bool close = false;   // the last response of this connection
  bool secure = false;  // the browser came by TLS
  Time now = {};
};

/// False where a line end or another control character stands in a header: it would begin a field, or a response, that nobody meant. Such a response
/// must not be sent.
bool is_sendable(const Response& response);
/// `response` is sendable. The bytes in front of the body.
std::string head_of(const Response& response, const Sending& sending);
/// Whether head_of() is followed by the body.
bool has_body(const Response& response, const Sending& sending);
/// "Not Found"; "" where we never say this.
std::string_view reason_of(int status);

}  // namespace beadle::web
