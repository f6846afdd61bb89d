// HTTP/1.1 for one application: requests come in whole and checked, responses go out with the headers that keep a browser safe.
// Boost.Beast reads and writes over net::Stream, in http.cpp only. What Beast lets through and servers behind us could read another way is refused:
// no Host or two, Transfer-Encoding other than exactly "chunked", both lengths, bare line ends, absolute paths that are not ours (RFC 9112 §3, §6).
// Slow and large requests end at absolute deadlines and bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/network.h"
#include "net/stream.h"
#include "net/tls.h"

namespace beadle::web {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;  // "GET" "HEAD" "POST"; others never come
  std::string path;    // decoded UTF-8, begins with "/", without "." and ".." segments
  Pairs query;         // decoded, in order
  Pairs form;          // of an application/x-www-form-urlencoded body, decoded, in order
  Pairs headers;       // names in lower case
  Pairs cookies;
  std::string peer;    // address of the browser: of the connection, or X-Forwarded-For of a trusted proxy
  bool secure = false; // by TLS here, or X-Forwarded-Proto of a trusted proxy

  /// The first value, "" where there is none.
  std::string_view query_value(std::string_view name) const;
  std::string_view form_value(std::string_view name) const;
  std::string_view header(std::string_view name) const;
  std::string_view cookie(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::string type = "text/html; charset=utf-8";
  std::string body;
  Pairs headers;  // more of them, and Set-Cookie; a Content-Security-Policy here replaces the usual one
};
/// 303 See Other: the browser follows with GET.
Response redirect(std::string location);

struct HttpSettings {
  std::shared_ptr<const net::TlsContext> tls;  // nullptr: plain, for a unix socket or loopback behind a proxy
  std::vector<Network> proxies;                // whose X-Forwarded-For and -Proto are believed; "unix" is one
  std::vector<std::string> hosts;              // names by which the page may be asked for; empty: any
  std::size_t connections = 64;
  std::size_t connections_per_host = 16;       // proxies aside
  std::int64_t header_timeout_ms = 5'000, body_timeout_ms = 10'000, idle_timeout_ms = 30'000, write_timeout_ms = 30'000;
};

/// May be called by many threads at once; what it throws is a 500, logged without content.
using Handle = std::function<Response(const Request&)>;

class HttpServer {
 public:
  HttpServer(std::vector<net::Listener> listeners, HttpSettings settings, Handle handle);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  /// Serves until `stop` is thrown and the last request has been answered.
  void run(const net::StopSwitch& stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// "a=1&b=%20": nullopt where it is over limits::web_form_fields_max or has a broken escape.
std::optional<Pairs> parse_form(std::string_view text);
/// For links: everything but unreserved characters (RFC 3986 §2.3) becomes %XX.
std::string url_encoded(std::string_view text);

}  // namespace beadle::web
