#include "smtp/door.h"

#include <utility>

#include "base/log.h"
#include "smtp/conversation.h"

namespace beadle::smtp {
namespace {

constexpr std::string_view too_many = "421 4.7.0 Too many connections from your address; please try again later\r\n";

}  // namespace

class Door::Impl {
 public:
  Impl(std::vector<net::Listener> listeners, DoorSettings settings, Receive receive, std::function<Time()> now, std::shared_ptr<net::Capacity> capacity)
      : shared_(std::move(settings), std::move(receive), std::move(now), std::move(capacity)), server_(std::move(listeners), door(), shared_.rare_log) {}

  void run(const net::StopSwitch& stop) {
    const auto begun = shared_.current();
    // Asked at once, so that the log says at the start and not with the first mail that the next hop is away.
    const auto offered = begun->pool.extensions(&stop);
    if (!offered) shared_.rare_log.log(LogLevel::warning, "smtp-next-hop", to_string(begun->settings.next_hop.endpoint), offered.error().what);
    server_.run(stop);
    shared_.current()->pool.close_all();
  }

  void set_settings(DoorSettings settings) {
    const std::size_t connections = settings.connections;
    // Connections that wait at the old next hop go with the last conversation of the old settings. A QUIT would only have the administrator wait.
    *shared_.in_force.access() = std::make_shared<DoorInForce>(std::move(settings));
    server_.set_connections(connections);
  }

 private:
  net::Server::Door door() {
    return {.name = "smtp",
            .connections = shared_.current()->settings.connections,
            .converse = [this](net::Stream stream, const net::StopSwitch& stop) { converse(std::move(stream), shared_, stop); },
            .refuse = [this](const net::Peer& peer) -> std::optional<std::string> {
              // All clients of a unix socket are one host.
              if (peer.host == "unix" || peer.conversations < shared_.current()->settings.connections_per_host) return std::nullopt;
              shared_.rare_log.log(LogLevel::warning, "smtp-too-many", peer.host, "has " + std::to_string(peer.conversations) + " connections already");
              return std::string(too_many);
            }};
  }

  DoorShared shared_;
  net::Server server_;
};

Door::Door(std::vector<net::Listener> listeners, DoorSettings settings, Receive receive, std::function<Time()> now,
           std::shared_ptr<net::Capacity> capacity)
    : impl_(std::make_unique<Impl>(std::move(listeners), std::move(settings), std::move(receive), std::move(now), std::move(capacity))) {}

Door::~Door() = default;

void Door::run(const net::StopSwitch& stop) { impl_->run(stop); }

void Door::set_settings(DoorSettings settings) { impl_->set_settings(std::move(settings)); }

}  // namespace beadle::smtp
