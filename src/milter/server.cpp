#include "milter/server.h"

#include "milter/conversation.h"
#include "net/server.h"

namespace beadle::milter {

class Server::Impl {
 public:
  Impl(std::vector<net::Listener> listeners, Receive receive, const ServerLimits& bounds, std::shared_ptr<net::Capacity> capacity)
      : shared_{std::move(receive), bounds, std::move(capacity)}, server_(std::move(listeners), door(), shared_.rare_log) {}

  void run(const net::StopSwitch& stop) { server_.run(stop); }

 private:
  net::Server::Door door() {
    return {.name = "milter",
            .connections = shared_.bounds.connections,
            .converse = [this](net::Stream stream, const net::StopSwitch& stop) { converse(std::move(stream), shared_, stop); }};
  }

  Shared shared_;
  net::Server server_;
};

Server::Server(std::vector<net::Listener> listeners, Receive receive, const ServerLimits& bounds, std::shared_ptr<net::Capacity> capacity)
    : impl_(std::make_unique<Impl>(std::move(listeners), std::move(receive), bounds, std::move(capacity))) {}

Server::~Server() = default;

void Server::run(const net::StopSwitch& stop) { impl_->run(stop); }

}  // namespace beadle::milter
