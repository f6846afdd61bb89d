// Our side of a connection to the next hop: opened (opening.h), then one command after the other, each with its reply.
// `NextHopMachine` has no socket; `NextHop` drives it over net::Stream, blocking. A server that says what it was not asked for is
// believed nothing more: its words could be taken for the reply to the next command, and a message for delivered that is not.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/stream.h"
#include "smtp/extensions.h"
#include "smtp/opening.h"
#include "smtp/reply_reader.h"

namespace beadle::smtp {

class NextHopMachine {
 public:
  /// on_loopback: AUTH may be sent without TLS.
  NextHopMachine(const NextHopSettings& settings, bool on_loopback) : opening_(settings, on_loopback) {}

  struct Step {
    std::string commands{};        // to write; with `failed`: the goodbye
    bool start_tls = false;        // shake hands now, then call tls_started(); input behind the 220 was refused
    std::optional<Reply> reply{};  // to command(), the next of group(), or the content, one each; it holds even where `failed` is set too
    bool ready = false;            // from now on for commands: extensions() are known
    std::string failed{};          // why nothing more can be said: the server's words, code in front ("421 …"), or ours
    bool empty() const { return commands.empty() && !start_tls && !reply && !ready && failed.empty(); }
  };
  /// Input behind a reply of a group is kept: feed("") goes on.
  Step feed(std::string_view bytes);
  Step tls_started();
  /// One command, without line end. Only when ready(). CHECKs that no line ends within it.
  std::string command(std::string_view line);
  /// Several at once (RFC 2920), none of them DATA, where the server offers it.
  std::string group(const std::vector<std::string>& lines);
  /// Piece by piece, the message after DATA's 354, stuffed (RFC 5321 §4.5.2), lines of any length. CHECKs that CR and LF go
  /// together (has_bare_line_end): all callers have refused what they do not.
  std::string content(std::string_view piece);
  /// Behind the last piece; then the reply is awaited.
  std::string end_of_content();

  const Extensions& extensions() const { return opening_.extensions(); }
  bool tls() const { return opening_.tls(); }
  bool ready() const { return state_ == State::ready; }
  bool awaits_reply() const { return state_ == State::opening || state_ == State::command || state_ == State::verdict; }
  /// DATA was answered with 354, the only reply that asks for a message: nothing else can be said now.
  bool takes_content() const { return state_ == State::content; }

 private:
  enum class State { opening, handshake, ready, command, content, verdict, failed };
  Step on_reply(Reply reply);
  Step on_opening(const Opening::Next& next);
  Step unasked();
  Step fail(std::string why);

  Opening opening_;
  ReplyReader reader_;
  State state_ = State::opening;
  std::string failed_;
  std::size_t replies_left_ = 0;  // to commands and content
  bool data_ = false;           // the last command was DATA
  bool content_begun_ = false;  // some of it has been handed over
  char last_byte_ = '\n';       // of the content so far; '\n' at its beginning, too: a line begins there
};

/// RFC 5321 §2.3.8: CR and LF go together or not at all. A server may take either for the end of a line, and then for the end of
/// the message; to mend it would not send the message as it is.
bool has_bare_line_end(std::string_view bytes);

/// A connection, opened and ready. Not for several threads at once.
class NextHop {
 public:
  /// error: try_later; what: the server's words where it said no ("554 …", code in front), else ours. bad_settings: a helo_name
  /// that cannot be sent, a tls_name that is none.
  static Result<NextHop> open(const NextHopSettings& settings, const net::StopSwitch* stop);
  NextHop(NextHop&&) noexcept;
  NextHop& operator=(NextHop&&) noexcept;
  ~NextHop();

  const Extensions& extensions() const;
  /// error: the connection is lost or out of order; nothing more can be said on it. A 421 is such an error, its words as above.
  Result<Reply> command(std::string_view line);
  /// The same in two steps, for who has something else to do while the server thinks: says it, and nothing else before heard().
  Result<void> ask(std::string_view line);
  Result<Reply> heard();
  /// The replies to commands that go out together (RFC 2920), one each, of MAIL and RCPT. Only where it is offered. error: as above; what was replied to
  /// the first of them is not known then.
  Result<std::vector<Reply>> group(const std::vector<std::string>& lines);
  /// After a 354 to DATA, and nothing else then. A thrown stop switch leaves some time for the reply to a message that is handed
  /// over. error: nobody knows whether the message was taken; `refused`: it has a CR or LF of its own, and nothing of it was
  /// sent.
  Result<Reply> content(std::string_view bytes);
  /// RSET; whether it may be used for the next transaction. Waits a little only: nothing hangs on the reply, and a client may be waiting.
  bool reset();
  /// Still open, nothing awaited, and the server has said nothing unasked (a 421, say).
  bool usable() const;
  /// QUIT without waiting for long, where it can be said; closes.
  void quit();
  bool tls() const;

 private:
  struct Impl;
  explicit NextHop(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace beadle::smtp
