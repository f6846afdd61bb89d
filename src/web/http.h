// HTTP/1.1 for one application: requests come in whole and checked, responses go out with the headers that keep a browser safe.
// Boost.Beast reads the head of a request (http_head.cpp); where it is more generous than servers in front of us, who could read the same bytes
// another way, we are not (http_head, http_target, http_check, http_reader: RFC 9112 §3, §6). Whoever is refused is told so and cut off.
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
  Pairs headers;       // names in lower case, values in UTF-8; Host, Content-Type, Origin, Referer and Sec-Fetch-* at most once
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
  std::string body = {};
  Pairs headers = {};  // more of them, and Set-Cookie; one that is sent with every response, as Content-Security-Policy, is replaced by its namesake here
};
/// 303 See Other: the browser follows with GET. `location` is a path of ours with its query, ASCII; anything else becomes "/", so that nobody is led
/// elsewhere by a link to us.
Response redirect(std::string location);
/// A small page by itself that says what happened and what to do; of nothing that was asked.
Response error_page(int status);

struct HttpSettings {
  std::shared_ptr<const net::TlsContext> tls;  // nullptr: plain, for loopback behind a proxy; a unix socket is always plain
  std::vector<Network> proxies;                // whose X-Forwarded-For and -Proto are believed; "unix" is one
  std::vector<std::string> hosts;              // names by which the page may be asked for, without port; empty: any
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

/// "a=1&b=%20": nullopt where it is over limits::web_form_fields_max, has a broken escape or a NUL, or is not UTF-8.
std::optional<Pairs> parse_form(std::string_view text);
/// For links: everything but unreserved characters (RFC 3986 §2.3) becomes %XX.
std::string url_encoded(std::string_view text);

}  // namespace beadle::web
