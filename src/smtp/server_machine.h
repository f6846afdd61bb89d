// One SMTP client's connection as a state machine without sockets (RFC 5321): feed(bytes) gives replies, and events that somebody else has to
// answer, because recipients and messages are answered with the next hop's own words. Nothing is decided here but the protocol.
//
// Safe against smuggling (CVE-2023-51764 and its kin): only CR LF . CR LF ends the data; a bare CR, a bare LF or a NUL in it makes the whole message
// refused at that end, and the connection closed (content_reader.h). A command line ends in CR LF alone; anything else is a syntax error and closes the
// connection. What comes before the greeting, or behind a command that must stand last in its group (RFC 2920 §3.1: EHLO, HELO, DATA, STARTTLS, QUIT),
// was not asked for: refused, connection closed. So is what opens an HTTP request, or BDAT, whose bytes would be read as commands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "smtp/command.h"
#include "smtp/content_reader.h"
#include "smtp/extensions.h"

namespace beadle::smtp {

struct ServerSettings {
  std::string host_name;      // greeting, EHLO
  Extensions offers;          // what the next hop offers, less what we do not; starttls: we have a certificate; xforward: this client may. auth is not looked at
  bool tls_required = false;  // MAIL before STARTTLS: 530 5.7.0
  bool tls_active = false;    // the connection began with TLS
  // All of them over 0. Recipients accepted of one message; beyond: 452 4.5.3. Commands, and mistakes, since the last message that was accepted, as a
  // mail server may send many over one connection; beyond: 421 4.7.0, connection closed.
  std::size_t recipients_most = 0, commands_most = 0, errors_most = 0;
  std::uint64_t message_bytes_max = 0;  // beyond: 552 5.3.4 at the end of data, or for SIZE= at once
};

class ServerMachine {
 public:
  explicit ServerMachine(ServerSettings settings);

  struct Event {
    enum class Kind {
      hello,      // EHLO or HELO was accepted and answered; `text` its name. Nothing to answer.
      start_tls,  // "220" is among the replies: write them, shake hands, then call tls_started()
      xforward,   // attributes; nothing to answer
      mail,       // answer() with the next hop's reply
      recipient,  // answer()
      data,       // at least one recipient was accepted: feed() what waits to be read, then answer() with 354 to take the message, or a refusal
      message,    // the end of data: answer() with the final reply. Its bytes came as Step::content, piece by piece
      reset,      // RSET, EHLO within a transaction, or content that was refused here: forget the transaction. Nothing to answer.
      quit,       // 221 is among the replies; `close` is set
    };
    Kind kind = Kind::hello;
    std::string text{};
    PathCommand path{};
    std::vector<std::pair<std::string, std::string>> attributes{};
  };
  struct Step {
    std::string replies;         // to write now, before the event is looked at
    std::string content;         // bytes of the message, dots unstuffed, CRLF line ends; void where no `message` follows
    std::optional<Event> event;  // input behind it is kept: call feed("") to go on (after answer() where it needs one)
    bool close = false;          // after the replies; a transaction ends with it
    std::string problem;         // what was wrong with the client, for the log
  };

  /// The greeting ("220 …"), or a refusal, after which everything but QUIT is answered with 503 (RFC 5321 §3.1). Once.
  std::string greet(const Reply& refusal = {});
  /// Takes what was read. While an answer is awaited, it is only kept.
  Step feed(std::string_view bytes);
  /// The answer to the event of the last step; gives the bytes to write. What is no reply to such a command (354 to MAIL) becomes a 451. In place of any
  /// reply to DATA, a client that did not wait for it is refused; feed("") then says so.
  std::string answer(const Reply& reply);
  /// While MAIL waits for its answer: the recipients that its client has named behind it, in one group (RFC 2920), up to the first line that is none, or
  /// not all there. Each comes as an event of its own all the same.
  std::vector<PathCommand> recipients_ahead(std::size_t most) const;
  /// The handshake is done: the client is to say EHLO again, and what it said before is forgotten (RFC 3207 §4.2).
  void tls_started();
  /// Between commands, nothing half read, no transaction open: may be closed without loss.
  bool idle() const;
  bool within_data() const { return state_ == State::content; }
  /// Commands taken so far; and whether the input ends within a line.
  std::uint64_t commands() const { return commands_; }
  bool within_line() const;
  /// What to say when we have to hang up: words "421 4.3.2 …". To a message that is coming in or not answered yet it means: not taken, try again (RFC
  /// 5321 §3.8). "" where the client has been told already.
  std::string goodbye(std::string_view words);
  const std::string& helo_name() const { return helo_name_; }
  bool extended() const { return extended_; }  // EHLO
  bool tls() const { return tls_; }

 private:
  enum class State {
    silent,         // before greet()
    refusing,       // greeted with a refusal
    commands,       // the next line is a command
    waiting,        // for answer()
    shaking_hands,  // for tls_started()
    content,        // between 354 and the end of data
    closed,
  };
  struct Command {
    std::string_view verb, arguments;
    bool is_last = false;  // nothing has come behind it yet
  };
  struct Verb {
    std::string_view name;
    void (ServerMachine::*take)(const Command& command, Step& step);
  };
  static const Verb verbs[];

  bool take_line(std::string_view& input, Step& step);
  void on_line(std::string_view line, bool too_long, bool is_last, Step& step);
  bool take_content(std::string_view& input, Step& step);
  void on_hello(const Command& command, Step& step);
  void on_starttls(const Command& command, Step& step);
  void on_xforward(const Command& command, Step& step);
  void on_mail(const Command& command, Step& step);
  void on_rcpt(const Command& command, Step& step);
  void on_data(const Command& command, Step& step);
  void on_rset(const Command& command, Step& step);
  void on_noop(const Command& command, Step& step);
  void on_quit(const Command& command, Step& step);
  void on_vrfy(const Command& command, Step& step);
  void on_help(const Command& command, Step& step);
  void on_not_offered(const Command& command, Step& step);
  void on_bdat(const Command& command, Step& step);
  void on_http(const Command& command, Step& step);
  void refuse(std::string_view words, Step& step);
  void refuse(const Reply& reply, Step& step);
  void hang_up(std::string_view words, std::string problem, Step& step);
  void refuse_without_mail(Step& step);
  void refuse_group(const Command& command, Step& step);
  void close();
  void await(Event::Kind kind, Step& step);
  void forget_transaction();
  ParsedPath parse_recipient(std::string_view arguments) const;
  const Extensions& offered() const;
  Reply hello_reply() const;

  ServerSettings settings_;
  State state_ = State::silent;
  Event::Kind awaited_ = Event::Kind::hello;  // what is to be answered
  std::string buffer_;                        // input that is not taken yet
  bool overlong_ = false;                     // the start of this line was dropped
  std::optional<Step> deferred_;              // comes after a reset
  std::string problem_;                       // why answer() closed
  ContentReader content_{0};
  std::uint64_t commands_ = 0;
  std::size_t commands_in_a_row_ = 0, errors_ = 0;
  std::string helo_name_;
  bool extended_ = false, tls_ = false;
  bool mail_tried_ = false;     // MAIL was said. Where it was refused, the client may have sent more before it knew
  bool transaction_ = false;    // MAIL was accepted
  bool smtputf8_ = false;       // as it asked for
  std::size_t recipients_ = 0;  // accepted
};

}  // namespace beadle::smtp
