// What every door has: listening sockets, one thread a conversation up to a bound, a clean stop. What is said in a conversation
// is the door's.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/rare_log.h"
#include "net/stream.h"

namespace beadle::net {

/// Who has just connected.
struct Peer {
  std::string host;               // Stream::peer_host()
  std::size_t conversations = 0;  // that this host has already; of several listeners each may let one more slip in
};

class Server {
 public:
  struct Door {
    std::string name;             // what events of the log begin with: "milter"
    std::size_t connections = 0;  // over it, new ones wait in the backlog
    /// In a thread of its own; closes the stream. What it throws is logged and ends this conversation only.
    std::function<void(Stream, const StopSwitch&)> converse;
    /// The last words to a peer who may not come in ("" none); nullopt: come in. Called by the threads that accept, so it must
    /// not wait, and answers before the peer waits for a place. Without it everybody may.
    std::function<std::optional<std::string>(const Peer&)> refuse = {};
  };
  /// `log` has to outlive the server.
  Server(std::vector<Listener> listeners, Door door, RareLog& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Serves until `stop` is thrown and the last conversation has ended.
  void run(const StopSwitch& stop);
  /// Another bound, from now on; conversations over it go on to their end.
  void set_connections(std::size_t connections);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace beadle::net
