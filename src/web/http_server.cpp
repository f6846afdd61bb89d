#include <algorithm>
#include <utility>

#include "net/server.h"
#include "web/http.h"
#include "web/http_conversation.h"

namespace beadle::web {

class HttpServer::Impl {
 public:
  Impl(std::vector<net::Listener> listeners, HttpSettings settings, Handle handle)
      : shared_(bounded(std::move(settings)), std::move(handle)), server_(std::move(listeners), door(), shared_.rare_log) {}

  void run(const net::StopSwitch& stop) { server_.run(stop); }

 private:
  static HttpSettings bounded(HttpSettings settings) {
    settings.connections = std::clamp<std::size_t>(settings.connections, 1, limits::web_connections_max);
    return settings;
  }

  net::Server::Door door() {
    net::Server::Door door;
    door.name = "web";
    door.connections = shared_.settings.connections;
    door.converse = [this](net::Stream stream, const net::StopSwitch& stop) { converse(std::move(stream), shared_, stop); };
    door.refuse = [this](const net::Peer& peer) { return refusal_of(peer); };
    return door;
  }

  // Nothing is said: with TLS no hands have been shaken. Behind one proxy are all browsers.
  std::optional<std::string> refusal_of(const net::Peer& peer) const {
    const HttpSettings& settings = shared_.settings;
    const bool is_one_browser = peer.host != "unix" && !any_contains(settings.proxies, peer.host);
    if (is_one_browser && peer.conversations >= settings.connections_per_host) return "";
    return std::nullopt;
  }

  HttpShared shared_;
  net::Server server_;
};

HttpServer::HttpServer(std::vector<net::Listener> listeners, HttpSettings settings, Handle handle)
    : impl_(std::make_unique<Impl>(std::move(listeners), std::move(settings), std::move(handle))) {}

HttpServer::~HttpServer() = default;

void HttpServer::run(const net::StopSwitch& stop) { impl_->run(stop); }

}  // namespace beadle::web
