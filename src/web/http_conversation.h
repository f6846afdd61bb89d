// One connection of a browser or proxy: hands are shaken, requests read, answered by the application and written, each within an absolute time.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

#include "net/rare_log.h"
#include "net/stream.h"
#include "web/http.h"

namespace beadle::web {

/// What all conversations of a server share.
struct HttpShared {
  HttpShared(HttpSettings http_settings, Handle handler) : settings(std::move(http_settings)), handle(std::move(handler)) {}
  HttpSettings settings;
  Handle handle;
  net::RareLog rare_log;
  std::atomic<std::size_t> open{0};  // connections
};

/// Until the browser leaves, is refused, is too slow or has had its number of requests, or `stop` is thrown.
void converse(net::Stream stream, HttpShared& shared, const net::StopSwitch& stop);

}  // namespace beadle::web
