// The SMTP door: a relay that keeps no queue (RFC 5321). It takes mail from those on its list, has it inspected, and hands it to the next hop, whose
// answers are the ones that the client gets. Held mail is durable in the store before the client hears 250.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/time.h"
#include "base/network.h"
#include "net/capacity.h"
#include "net/server.h"
#include "net/tls.h"
#include "smtp/next_hop.h"
#include "smtp/transaction.h"

namespace beadle::smtp {

struct DoorSettings {
  std::string host_name;
  NextHopSettings next_hop;
  std::shared_ptr<const net::TlsContext> tls;  // nullptr: STARTTLS is not offered
  bool tls_required = false;
  std::vector<Network> relay_from;         // who may hand us mail; nobody else, so that this is no open relay
  std::vector<std::string> relay_certificates;  // nor these: SHA-256 of a client's certificate, 64 hexadecimal digits
  std::vector<Network> xforward_from;      // whose word about its own clients is believed
  RequiredField required_field;
  std::string spool_directory = "/var/lib/beadle";
  std::size_t connections = limits::connections_max;
  std::size_t connections_per_host = limits::smtp_connections_per_host_max;
  std::size_t bytes_held = limits::connections_bytes_max;
  std::size_t spool_memory_bytes = limits::smtp_spool_memory_bytes_max;
  // How long a client may take, in all: for the next command, for a line once begun, for a message.
  std::int64_t command_timeout_ms = limits::smtp_server_command_timeout_ms;
  std::int64_t line_timeout_ms = limits::smtp_server_line_timeout_ms;
  std::int64_t data_timeout_ms = limits::smtp_server_data_timeout_ms;
  std::int64_t write_timeout_ms = limits::smtp_server_write_timeout_ms;
  std::int64_t stop_timeout_ms = limits::stop_timeout_ms;
};

class Door {
 public:
  /// `receive` may be called from many threads at once, and may throw what libraries throw. capacity: what the door shares with others.
  Door(std::vector<net::Listener> listeners, DoorSettings settings, Receive receive, std::function<Time()> now,
       std::shared_ptr<net::Capacity> capacity = std::make_shared<net::Capacity>());
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  /// Asks the next hop what it offers, then serves until `stop` is thrown and the last conversation has ended.
  void run(const net::StopSwitch& stop);
  /// For conversations that begin from now on; the others end with what they began with. Listeners stay.
  void set_settings(DoorSettings settings);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace beadle::smtp
