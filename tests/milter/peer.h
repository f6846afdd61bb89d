// A mail server for tests: talks to the server under test over a real socket, packet by packet.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "milter/codec.h"
#include "milter/packets.h"
#include "milter/server.h"
#include "net/helpers.h"
#include "net/stream.h"

namespace beadle::milter {

class Peer {
 public:
  static std::optional<Peer> connect(const net::Endpoint& endpoint) {
    auto stream = net::Stream::connect(endpoint, net::patience(), nullptr);
    if (!stream) return std::nullopt;
    return Peer(std::move(*stream));
  }

  bool say(std::string_view bytes) { return stream_.write_all(bytes, net::patience(), nullptr).has_value(); }

  /// The next packet: its letter and data; "" when the server has closed.
  std::string hear() {
    char buffer[4096];
    while (true) {
      std::string_view rest = heard_;
      std::string problem;
      if (const auto packet = take_packet(rest, problem)) {
        std::string found = packet->command + std::string(packet->data);
        heard_.erase(0, heard_.size() - rest.size());
        return found;
      }
      const auto got = stream_.read_some(buffer, sizeof buffer, net::patience(), nullptr);
      if (!got || *got == 0) return "";
      heard_.append(buffer, *got);
    }
  }

  bool negotiate() { return say(packet("O u32:6 u32:0x13 u32:0x1fffff")) && hear().starts_with('O'); }

  bool send_mail(std::string_view body) {
    return say(packet("M \"<clerk@harbridge.example>\"") + packet("R \"<jo@fencing.example>\"") +
               packet("L \"From\" \" clerk@harbridge.example\"") + packet("N") + packet("E '" + std::string(body) + "'"));
  }

  void close() { stream_.close(); }

 private:
  explicit Peer(net::Stream stream) : stream_(std::move(stream)) {}
  net::Stream stream_;
  std::string heard_;
};

/// A server in a thread of its own, on a unix socket and on loopback.
class RunningServer {
 public:
  RunningServer(Receive receive, const ServerLimits& bounds)
      : server_(listeners(), std::move(receive), bounds), thread_([this] { server_.run(stop_); }) {}
  ~RunningServer() { stop(); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  void stop() {
    stop_.stop();
    if (thread_.joinable()) thread_.join();
  }
  void begin_to_stop() { stop_.stop(); }
  const net::Endpoint& on_unix() const { return endpoints_[0]; }
  const net::Endpoint& on_inet() const { return endpoints_[1]; }

 private:
  std::vector<net::Listener> listeners() {
    std::vector<net::Listener> all;
    all.push_back(net::Listener::listen(net::unix_endpoint(folder_ / "milter.sock"), {}).value());
    all.push_back(net::Listener::listen(net::any_port(), {}).value());
    for (const net::Listener& listener : all) endpoints_.push_back(listener.endpoint());
    return all;
  }

  net::TemporaryFolder folder_;
  std::vector<net::Endpoint> endpoints_;
  net::StopSwitch stop_;
  Server server_;
  std::jthread thread_;
};

}  // namespace beadle::milter
