#include "smtp/conversation.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "net/share.h"
#include "smtp/server_machine.h"

namespace beadle::smtp {
namespace {

constexpr std::size_t read_bytes = 64u << 10;
// Of one group: their commands and replies fit into the buffers of a connection, so that nobody waits for the other to read (RFC 2920 §3.1).
constexpr std::size_t recipients_ahead_most = 50;
// So long a client is listened to before it is greeted. What one on this machine says at once is here in less.
constexpr std::int64_t greet_pause_ms = 50, greet_pause_here_ms = 3;
constexpr std::string_view no_next_hop = "421 4.4.1 The mail server behind this one does not answer; please try again later";
constexpr std::string_view may_not_relay = "554 5.7.1 You are not on the list of those who may send mail through this server";
constexpr std::string_view may_not_relay_yet = "550 5.7.1 You are not on the list of those who may send mail through this server";
constexpr std::string_view too_much = "452 4.3.1 Too much mail at once; please try again later";
constexpr std::string_view failed = "451 4.3.0 Message cannot be checked at the moment; please try again later";
constexpr std::string_view take_it = "354 End data with <CR><LF>.<CR><LF>";
constexpr std::string_view too_slow = "421 4.4.2 Too slow; closing the connection";
constexpr std::string_view stopping_words = "421 4.3.2 This server is shutting down; please try again later";

/// What a client is offered: what the next hop offers, and on this side of us what we can do ourselves.
Extensions offered_to(const Extensions& next_hop, const DoorSettings& settings, bool may_xforward) {
  Extensions out;
  out.pipelining = next_hop.pipelining;
  out.eight_bit_mime = next_hop.eight_bit_mime;
  out.smtputf8 = next_hop.smtputf8;
  out.dsn = next_hop.dsn;
  out.enhanced_codes = next_hop.enhanced_codes;
  out.size = next_hop.size;
  out.size_bytes = next_hop.size_bytes == 0 ? limits::message_bytes_max : std::min<std::uint64_t>(next_hop.size_bytes, limits::message_bytes_max);
  out.starttls = settings.tls != nullptr;
  if (may_xforward) out.xforward = {"NAME", "ADDR", "PORT", "PROTO", "HELO", "IDENT", "SOURCE"};
  return out;
}

class Conversation {
 public:
  Conversation(net::Stream stream, DoorShared& shared, const net::StopSwitch& stop)
      : stream_(std::move(stream)), shared_(shared), in_force_(shared.current()), settings_(in_force_->settings), stop_(stop),
        share_(shared.capacity->bytes_held), transaction_(in_force_->pool, in_force_->transactions, &stop), buffer_(new char[read_bytes]) {
    client_.address = stream_.peer_host();
    listed_ = any_contains(settings_.relay_from, client_.address);
  }

  void run() {
    if (!begin()) return;
    while (read()) {
      if (!step(std::string_view(buffer_.get(), got_))) return;
    }
  }

  std::string peer() const { return stream_.peer(); }

 private:
  bool begin() {
    // Whoever may only come with a certificate has to show it first.
    if (!listed_ && (settings_.relay_certificates.empty() || settings_.tls == nullptr)) {
      trouble("smtp-not-listed", "is not on the list of those who may relay");
      write(to_wire(reply(may_not_relay)));
      return false;
    }
    const auto offered = in_force_->pool.extensions(&stop_);
    if (!offered) {
      trouble("smtp-next-hop", offered.error().what);
      write(to_wire(reply(no_next_hop)));
      return false;
    }
    // RFC 5321 §4.3.1: the client waits for the greeting. Who does not is a program that reads no answers.
    const std::int64_t pause_ms = stream_.peer_is_here() ? greet_pause_here_ms : greet_pause_ms;
    const auto got = stream_.read_some(buffer_.get(), read_bytes, net::after_ms(pause_ms), &stop_);
    if (got) {
      if (*got == 0) return false;  // left again, as monitors do
      trouble("smtp-early-talker", "spoke before the greeting");
      write("554 5.5.0 You spoke before you were greeted\r\n");
      return false;
    }
    ServerSettings machine;
    machine.host_name = settings_.host_name;
    machine.offers = offered_to(*offered, settings_, any_contains(settings_.xforward_from, client_.address));
    machine.tls_required = settings_.tls_required || !listed_;
    machine.recipients_most = limits::envelope_recipients_max;
    machine.commands_most = limits::smtp_commands_max;
    machine.errors_most = limits::smtp_errors_max;
    machine.message_bytes_max = machine.offers.size_bytes;
    machine_.emplace(std::move(machine));
    waits_since_ = std::chrono::steady_clock::now();
    return write(machine_->greet());
  }

  /// False at the end of the connection.
  bool read() {
    while (true) {
      const bool stopping = stop_.stopped();
      if (stopping && machine_->idle()) {
        write(machine_->goodbye(stopping_words));
        return false;
      }
      const auto got = stream_.read_some(buffer_.get(), read_bytes, read_deadline(stopping), stopping ? nullptr : &stop_);
      if (got) {
        got_ = *got;
        if (got_ == 0 && machine_->within_data()) trouble("smtp-closed", "the client closed the connection within a message");
        return got_ != 0;
      }
      if (!stopping && stop_.stopped()) continue;
      if (!machine_->idle()) trouble("smtp-read-failed", got.error().what);
      write(machine_->goodbye(stopping ? stopping_words : too_slow));
      return false;
    }
  }

  net::Deadline read_deadline(bool stopping) {
    const std::int64_t most = machine_->within_data()   ? settings_.data_timeout_ms
                              : machine_->within_line() ? settings_.line_timeout_ms
                                                        : settings_.command_timeout_ms;
    const net::Deadline deadline = waits_since_ + std::chrono::milliseconds(most);
    if (stopping && !stop_deadline_) stop_deadline_ = net::after_ms(settings_.stop_timeout_ms);
    return stop_deadline_ ? std::min(deadline, *stop_deadline_) : deadline;
  }

  /// Takes what was read, and all events in it. False where the connection is to be closed.
  bool step(std::string_view bytes) {
    const std::uint64_t commands_before = machine_->commands();
    const bool line_before = machine_->within_line(), data_before = machine_->within_data();
    std::string replies;  // to a group of commands, written together (RFC 2920)
    while (true) {
      ServerMachine::Step step = machine_->feed(bytes);
      bytes = {};
      if (!step.content.empty()) keep(step.content);
      if (!step.problem.empty()) trouble("smtp-problem", step.problem);
      replies += step.replies;
      if (!step.event || step.close) {
        const bool written = write(replies);  // before the next hop is asked for anything: its time is not the client's
        if (step.close) transaction_.reset();
        if (!written || step.close) return false;
        break;
      }
      if (step.event->kind == ServerMachine::Event::Kind::start_tls) {
        if (!write(std::exchange(replies, {})) || !start_tls()) return false;
        continue;
      }
      // What a wait would hold back goes out first.
      if (has_to_wait(*step.event) && !write(std::exchange(replies, {}))) return false;
      const auto answer = answer_to(*step.event);
      if (const auto found = transaction_.take_trouble()) trouble(found->event, found->what);
      if (answer && answer->code == 421) {
        write(replies + machine_->goodbye(to_words(*answer)));
        transaction_.reset();
        return false;
      }
      if (answer) replies += machine_->answer(*answer);
      if (step.event->kind == ServerMachine::Event::Kind::message) {
        if (!write(std::exchange(replies, {}))) return false;
        transaction_.reset();
      }
    }
    // The time of a line counts from its first byte, that of a message from its 354.
    const bool same_line = line_before && machine_->within_line(), same_data = data_before && machine_->within_data();
    if (machine_->commands() != commands_before || !(same_line || same_data)) waits_since_ = std::chrono::steady_clock::now();
    return true;
  }

  /// For the next hop, or for its turn.
  bool has_to_wait(const ServerMachine::Event& event) const {
    using Kind = ServerMachine::Event::Kind;
    return event.kind == Kind::mail || event.kind == Kind::message || event.kind == Kind::reset || (event.kind == Kind::recipient && !transaction_.was_told_ahead());
  }

  /// nullopt where the event needs none.
  std::optional<Reply> answer_to(const ServerMachine::Event& event) {
    using Kind = ServerMachine::Event::Kind;
    client_.helo = machine_->helo_name();
    client_.extended = machine_->extended();
    client_.tls = machine_->tls();
    switch (event.kind) {
      case Kind::hello:
        return std::nullopt;
      case Kind::xforward:
        take_attributes(event.attributes);
        return std::nullopt;
      case Kind::mail:
        if (!listed_) return reply(may_not_relay_yet);
        return transaction_.mail(event.path, client_, machine_->recipients_ahead(recipients_ahead_most));
      case Kind::recipient:
        return transaction_.recipient(event.path);
      case Kind::data:
        overfull_ = false;
        take_what_waits();
        return reply(take_it);
      case Kind::message:
        return finish();
      case Kind::reset:
        transaction_.reset();
        share_.set(0);
        client_.xforward.clear();
        return std::nullopt;
      case Kind::start_tls:
      case Kind::quit:
        return std::nullopt;
    }
    return std::nullopt;
  }

  // A client that sends content before its 354 did not wait for it: the machine has to see that (RFC 2920 §3.1).
  void take_what_waits() {
    if (!stream_.has_input()) return;
    const auto got = stream_.read_some(buffer_.get(), read_bytes, net::after_ms(settings_.line_timeout_ms), nullptr);
    if (got && *got > 0) machine_->feed(std::string_view(buffer_.get(), *got));
  }

  // Those that come again replace what was said before (Postfix: XFORWARD_README).
  void take_attributes(const std::vector<std::pair<std::string, std::string>>& attributes) {
    for (const auto& [name, value] : attributes) {
      const auto known = std::find_if(client_.xforward.begin(), client_.xforward.end(), [&, key = name](const auto& one) { return one.first == key; });
      if (known == client_.xforward.end()) {
        client_.xforward.emplace_back(name, value);
      } else {
        known->second = value;
      }
    }
  }

  void keep(std::string_view content) {
    if (overfull_) return;
    transaction_.append(content);
    count(transaction_.bytes_in_memory());
  }

  /// Towards what all connections may hold together; over it, the message is given up.
  void count(std::size_t bytes) {
    overfull_ = share_.set(bytes) > settings_.bytes_held;
    if (!overfull_) return;
    trouble("smtp-memory", "the connections hold too many bytes; a message is deferred");
    transaction_.reset();
    share_.set(0);
  }

  Reply finish() {
    // From now on all of it is in memory, also while it waits for its turn.
    if (!overfull_) count(transaction_.bytes());
    Reply answer = overfull_ ? reply(too_much) : answer_to_message();
    share_.set(0);
    client_.xforward.clear();  // of one transaction, as Postfix has it
    return answer;
  }

  Reply answer_to_message() {
    try {
      return transaction_.finish(shared_.receive, client_, shared_.now(), [this] { return stream_.peer_has_left(); });
    } catch (const std::exception& error) {
      trouble("smtp-exception", error.what());
      transaction_.reset();
      return reply(failed);
    }
  }

  bool start_tls() {
    const auto shaken = stream_.start_tls_server(*settings_.tls, net::after_ms(settings_.line_timeout_ms), &stop_);
    if (!shaken) {
      trouble("smtp-tls", shaken.error().what);
      return false;
    }
    machine_->tls_started();
    client_.xforward.clear();  // RFC 3207 §4.2: what was said before the handshake is forgotten
    const std::string fingerprint = stream_.peer_certificate_sha256();
    const auto& known = settings_.relay_certificates;
    if (!fingerprint.empty() && std::find(known.begin(), known.end(), fingerprint) != known.end()) listed_ = true;
    return true;
  }

  bool write(const std::string& bytes) {
    if (bytes.empty()) return true;
    const auto written = stream_.write_all(bytes, net::after_ms(settings_.write_timeout_ms), nullptr);
    if (!written) trouble("smtp-write-failed", written.error().what);
    return written.has_value();
  }

  void trouble(const std::string& event, const std::string& why) { shared_.rare_log.log(LogLevel::warning, event, peer(), why); }

  net::Stream stream_;
  DoorShared& shared_;
  const std::shared_ptr<DoorInForce> in_force_;
  const DoorSettings& settings_;
  const net::StopSwitch& stop_;
  net::Share share_;
  Transaction transaction_;
  std::unique_ptr<char[]> buffer_;  // not filled with zeros: pages that are not used cost nothing
  std::size_t got_ = 0;
  std::optional<ServerMachine> machine_;
  ClientFacts client_;
  bool listed_ = false;
  bool overfull_ = false;
  net::Deadline waits_since_;
  std::optional<net::Deadline> stop_deadline_;
};

}  // namespace

DoorInForce::DoorInForce(DoorSettings door_settings)
    : settings(std::move(door_settings)),
      transactions{settings.host_name, settings.spool_directory, settings.spool_memory_bytes, settings.required_field},
      pool(settings.next_hop) {}

DoorShared::DoorShared(DoorSettings door_settings, Receive receiver, std::function<Time()> clock, std::shared_ptr<net::Capacity> with_others)
    : in_force(std::make_shared<DoorInForce>(std::move(door_settings))),
      receive(std::move(receiver)),
      now(std::move(clock)),
      capacity(std::move(with_others)) {}

void converse(net::Stream stream, DoorShared& shared, const net::StopSwitch& stop) {
  // Nobody may end the process for one connection.
  try {
    Conversation(std::move(stream), shared, stop).run();
  } catch (const std::exception& error) {
    shared.rare_log.log(LogLevel::error, "smtp-exception", "", error.what());
  }
}

}  // namespace beadle::smtp
