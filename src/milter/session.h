// Milter protocol, version 6: one connection of a mail server as a state machine without sockets.
// feed(bytes) gives replies and, at the end of a message, the Arrival; answer() turns intake's Answer into replies.
// Any number of messages a connection; abort, quit and quit-new-connection; unknown or broken packets end the connection,
// which the mail server treats as a failure (tempfail). What goes wrong with one message is answered at its end and the
// connection stays: a mail server that loses it may defer all that its client still has to send.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "intake/intake.h"
#include "milter/codec.h"

namespace beadle::milter {

class Session {
 public:
  struct Step {
    std::string replies;                     // bytes for the mail server
    std::optional<intake::Arrival> arrival;  // a whole message: hand it to intake, then call answer(); rest of the input is kept
    bool close = false;                      // end the connection (quit, or `problem`)
    std::string problem;                     // what was wrong with the peer, for the log
  };

  Session() = default;
  /// Takes what was read; call again with "" after answer() to go on with what was left over.
  Step feed(std::string_view bytes);
  /// Replies for the message of the last Arrival: header edits, body, final reply.
  std::string answer(const intake::Answer& answer);
  /// Bytes of message and buffers held, for the bound over all connections.
  std::size_t bytes_held() const;
  /// Between messages: may be closed without loss.
  bool idle() const;
  /// A final reply that asks the mail server to try the current message again later.
  std::string try_later(std::string_view reply);
  /// Keeps no more of the message that is coming in; its end is answered with `reply`. Nothing happens between messages.
  void give_up(std::string_view reply);
  /// Whole packets taken so far, and whether the input ends within one: for the time that a packet may take.
  std::uint64_t packets() const { return packets_; }
  bool within_packet() const { return !buffer_.empty() && state_ != State::waiting; }

 private:
  enum class State { negotiating, ready, envelope, header, body, waiting, closed };
  using Macros = std::map<std::string, std::string, std::less<>>;

  void on_packet(const Packet& packet, Step& step);
  void on_negotiate(std::string_view data, Step& step);
  void on_connect(std::string_view data, Step& step);
  void on_macros(std::string_view data, Step& step);
  void on_mail(std::string_view data, Step& step);
  void on_recipient(std::string_view data, Step& step);
  void on_header(std::string_view data, Step& step);
  void on_body(std::string_view data, Step& step);
  void on_end(std::string_view data, Step& step);
  void on_envelope_end(State next, Step& step);
  void keep(std::string_view bytes);
  void acknowledge(std::uint32_t no_reply_step, Step& step) const;
  void fail(std::string problem, Step& step);
  void forget_message();
  void forget_macros(std::string_view commands);
  std::string macro(std::string_view name) const;
  std::string client() const;
  std::string accept(const intake::Answer& answer);

  State state_ = State::negotiating;
  std::uint32_t steps_ = 0;  // agreed on
  std::string buffer_;
  std::uint64_t packets_ = 0;
  std::map<char, Macros> macros_;  // by the command that they came for
  std::string host_, address_;     // of the client
  // The message that is coming in.
  inspect::Envelope envelope_;
  std::size_t envelope_bytes_ = 0;
  std::string message_;
  std::string header_;   // kept while intake has the rest
  std::string refusal_;  // what its end is answered with, where it is not kept any more
};

}  // namespace beadle::milter
