#include "milter/conversation.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "milter/session.h"
#include "net/share.h"

namespace beadle::milter {
namespace {

constexpr std::size_t read_bytes = 128u << 10;  // two body packets of Postfix at a time
constexpr std::string_view no_memory = "451 4.3.2 Too much mail at once; please try again later";
constexpr std::string_view failed = "451 4.3.0 Message cannot be checked at the moment; please try again later";

class Conversation {
 public:
  Conversation(net::Stream stream, Shared& shared, const net::StopSwitch& stop)
      : stream_(std::move(stream)), shared_(shared), stop_(stop), share_(shared.capacity->bytes_held), buffer_(new char[read_bytes]) {}

  void run() {
    begun_ = std::chrono::steady_clock::now();
    while (read()) {
      if (!step(std::string_view(buffer_.get(), got_))) return;
    }
  }

  std::string peer() const { return stream_.peer(); }

 private:
  /// False at the end of the connection.
  bool read() {
    while (true) {
      const bool stopping = stop_.stopped();
      if (stopping && session_.idle()) return false;
      const auto got = stream_.read_some(buffer_.get(), read_bytes, read_deadline(stopping), stopping ? nullptr : &stop_);
      if (got) {
        got_ = *got;
        if (got_ == 0 && !session_.idle()) trouble("milter-closed", "the mail server closed the connection within a message");
        return got_ != 0;
      }
      // Woken by the switch: a message that has begun may go on, for a while.
      if (!stopping && stop_.stopped()) continue;
      if (!session_.idle()) trouble("milter-read-failed", got.error().what);
      return false;
    }
  }

  net::Deadline read_deadline(bool stopping) {
    // The first packet has to come soon: mail servers begin to talk at once.
    const bool is_due = session_.within_packet() || session_.packets() == 0;
    const net::Deadline deadline = is_due ? begun_ + std::chrono::milliseconds(shared_.bounds.packet_timeout_ms)
                                          : net::after_ms(shared_.bounds.read_timeout_ms);
    if (stopping && !stop_deadline_) stop_deadline_ = net::after_ms(shared_.bounds.stop_timeout_ms);
    return stop_deadline_ ? std::min(deadline, *stop_deadline_) : deadline;
  }

  /// Takes what was read, and all messages in it. False where the connection is to be closed.
  bool step(std::string_view bytes) {
    const std::uint64_t before = session_.packets();
    const bool began_before = session_.within_packet();
    bool more = true;
    while (more) {
      Session::Step step = session_.feed(bytes);
      bytes = {};
      std::string replies = std::move(step.replies);
      more = step.arrival.has_value();
      if (more) {
        share_.set(session_.bytes_held() + step.arrival->bytes.size());
        // What was acknowledged so far goes out first, so that the mail server sees no long silence.
        if (!write(replies)) return false;
        replies = receive(std::move(*step.arrival));
      }
      if (share_.set(session_.bytes_held()) > shared_.bounds.bytes_held && !session_.idle()) {
        session_.give_up(no_memory);
        share_.set(session_.bytes_held());
        trouble("milter-memory", "the connections hold too many bytes; a message is deferred");
      }
      if (!step.problem.empty()) trouble("milter-problem", step.problem);
      if (!write(replies) || step.close) return false;
    }
    // The time of a packet counts from its first byte, not from the last one that trickled in.
    if (!began_before || session_.packets() != before) begun_ = std::chrono::steady_clock::now();
    return true;
  }

  std::string receive(intake::Arrival arrival) {
    try {
      return session_.answer(shared_.receive(std::move(arrival)));
    } catch (const std::exception& error) {
      trouble("milter-exception", error.what());
      return session_.try_later(failed);
    }
  }

  bool write(const std::string& bytes) {
    if (bytes.empty()) return true;
    // Not woken by the switch: a reply that stands goes out.
    const auto written = stream_.write_all(bytes, net::after_ms(shared_.bounds.write_timeout_ms), nullptr);
    if (!written) trouble("milter-write-failed", written.error().what);
    return written.has_value();
  }

  void trouble(const std::string& event, const std::string& why) { shared_.rare_log.log(LogLevel::warning, event, peer(), why); }

  net::Stream stream_;
  Shared& shared_;
  const net::StopSwitch& stop_;
  net::Share share_;
  std::unique_ptr<char[]> buffer_;  // not filled with zeros: pages that are not used cost nothing
  std::size_t got_ = 0;
  Session session_;
  net::Deadline begun_;
  std::optional<net::Deadline> stop_deadline_;
};

}  // namespace

void converse(net::Stream stream, Shared& shared, const net::StopSwitch& stop) {
  Conversation(std::move(stream), shared, stop).run();
}

}  // namespace beadle::milter
