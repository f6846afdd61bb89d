#include "smtp/next_hop.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"

namespace beadle::smtp {
namespace {

constexpr std::size_t read_bytes = 8u << 10;
constexpr std::size_t piece_bytes = 64u << 10;  // of a message that is stuffed and written at a time

/// Settings are looked at when they are read; this only keeps a name from being more than one word of one command.
bool is_one_word(std::string_view name) {
  return !name.empty() &&
         std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; });
}

std::string line_of(std::string_view command) {
  constexpr std::string_view line_ends("\r\n\0", 3);
  CHECK(command.find_first_of(line_ends) == std::string_view::npos);
  return std::string(command) + "\r\n";
}

}  // namespace

using Step = NextHopMachine::Step;

Step NextHopMachine::feed(std::string_view bytes) {
  if (state_ == State::failed) return {.failed = failed_};
  reader_.add(bytes);
  if (!reader_.has_more()) return {};
  if (!awaits_reply()) return unasked();
  auto reply = reader_.next();
  if (reply) {
    Step step = on_reply(*std::move(reply));
    if (!reader_.has_more() || state_ == State::failed || replies_left_ > 0) return step;
    // We wait for all replies before we go on, so what follows on their heels answers nothing. What it replied to has its reply.
    Step broken = unasked();
    broken.reply = std::move(step.reply);
    return broken;
  }
  if (reader_.problem().empty()) return {};
  // What is no reply may be our own line, sent back to us.
  const std::string& problem = reader_.problem();
  return fail("the mail server sent " + (opening_.authenticating() ? problem.substr(0, problem.find(':')) : problem));
}

Step NextHopMachine::on_reply(Reply reply) {
  // RFC 5321 §3.8: the server closes, whatever was asked.
  if (reply.code == 421) return fail(opening_.words_of(reply));
  if (state_ == State::opening) return on_opening(opening_.on_reply(reply));
  --replies_left_;
  const bool to_data = replies_left_ == 0 && std::exchange(data_, false) && reply.code == 354;
  if (reply.code / 100 == 3 && !to_data)
    return fail("the mail server asks for more where there is no more: " + opening_.words_of(reply));
  state_ = replies_left_ > 0 ? State::command : to_data ? State::content : State::ready;
  content_begun_ = false;
  last_byte_ = '\n';
  return {.reply = std::move(reply)};
}

Step NextHopMachine::on_opening(const Opening::Next& next) {
  if (!next.failed.empty()) {
    Step step = fail(next.failed);
    if (!next.command.empty()) step.commands = line_of(next.command);
    return step;
  }
  if (next.start_tls) state_ = State::handshake;
  if (next.ready) state_ = State::ready;
  return {.commands = next.command.empty() ? "" : line_of(next.command), .start_tls = next.start_tls, .ready = next.ready};
}

Step NextHopMachine::tls_started() {
  CHECK(state_ == State::handshake && !reader_.has_more());
  state_ = State::opening;
  return on_opening(opening_.tls_started());
}

/// Only a goodbye may come unasked (RFC 5321 §3.8).
Step NextHopMachine::unasked() {
  const auto reply = reader_.next();
  if (reply && reply->code == 421) return fail(opening_.words_of(*reply));
  // Some servers say so where a message becomes too large for them.
  if (reply && content_begun_) return fail("the mail server broke into the message: " + opening_.words_of(*reply));
  return fail("the mail server sent a reply to nothing");
}

Step NextHopMachine::fail(std::string why) {
  state_ = State::failed;
  failed_ = std::move(why);
  return {.failed = failed_};
}

std::string NextHopMachine::command(std::string_view line) {
  CHECK(ready());
  state_ = State::command;
  replies_left_ = 1;
  data_ = ascii_iequals(line, "DATA");
  return line_of(line);
}

std::string NextHopMachine::group(const std::vector<std::string>& lines) {
  CHECK(ready() && !lines.empty() && extensions().pipelining);
  state_ = State::command;
  replies_left_ = lines.size();
  std::string out;
  for (const std::string& line : lines) out += line_of(line);
  return out;
}

std::string NextHopMachine::content(std::string_view piece) {
  CHECK(takes_content());
  content_begun_ = true;
  std::string out;
  out.reserve(piece.size() + piece.size() / 64 + 8);
  while (!piece.empty()) {
    if (last_byte_ == '\n' && piece.front() == '.') out += '.';
    const std::string_view line = piece.substr(0, std::min(piece.find('\n'), piece.size() - 1) + 1);
    // A CR is the last byte, or the last but the LF behind it; an LF has one before it.
    const std::size_t cr = std::min(line.find('\r'), line.size());
    if (line.back() == '\n')
      CHECK(line.size() == 1 ? last_byte_ == '\r' : last_byte_ != '\r' && cr + 2 == line.size());
    else
      CHECK(last_byte_ != '\r' && cr + 1 >= line.size());
    out += line;
    last_byte_ = line.back();
    piece.remove_prefix(line.size());
  }
  return out;
}

std::string NextHopMachine::end_of_content() {
  CHECK(takes_content() && last_byte_ != '\r');
  state_ = State::verdict;
  replies_left_ = 1;
  return last_byte_ == '\n' ? ".\r\n" : "\r\n.\r\n";
}

bool has_bare_line_end(std::string_view bytes) {
  // A search for one character looks at many bytes at a time, one for two of them does not.
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t lf = std::min(bytes.find('\n', at), bytes.size());
    const std::size_t cr = bytes.substr(0, lf).find('\r', at);
    const bool ends_line = lf < bytes.size() && cr != std::string_view::npos && cr + 1 == lf;
    if (!ends_line && (lf < bytes.size() || cr != std::string_view::npos)) return true;
    at = lf + 1;
  }
  return false;
}

namespace {

std::int64_t or_default(std::int64_t set_ms, std::int64_t default_ms) { return set_ms > 0 ? set_ms : default_ms; }

}  // namespace

struct NextHop::Impl {
  Impl(const NextHopSettings& settings, net::Stream connected, const net::StopSwitch* stop_switch)
      : machine(settings, connected.peer_is_here()),
        stream(std::move(connected)),
        stop(stop_switch),
        command_timeout_ms(or_default(settings.command_timeout_ms, limits::smtp_command_timeout_ms)),
        data_timeout_ms(or_default(settings.data_timeout_ms, limits::smtp_data_timeout_ms)) {}

  Result<void> open(const NextHopSettings& settings);
  Result<Step> hear(net::Deadline deadline, const net::StopSwitch* until);
  Result<Step> hear_out(net::Deadline deadline);
  Result<Reply> reply_of(Result<Step> heard);
  Result<void> begin();
  Result<void> say(const std::string& commands);
  Result<void> heed_unasked();
  Error give_up(Error why);

  NextHopMachine machine;
  net::Stream stream;
  const net::StopSwitch* stop;
  std::int64_t command_timeout_ms, data_timeout_ms;
  std::string lost;  // why nothing more can be said
};

Result<void> NextHop::Impl::open(const NextHopSettings& settings) {
  Step step = TRY(hear(net::after_ms(command_timeout_ms), stop));
  while (true) {
    if (!step.commands.empty()) {
      const auto written = stream.write_all(step.commands, net::after_ms(command_timeout_ms), stop);
      if (!written && step.failed.empty()) return written.error();
    }
    if (!step.failed.empty()) return Error{ErrorKind::try_later, step.failed};
    if (step.ready) return {};
    if (!step.start_tls) {
      step = TRY(hear(net::after_ms(command_timeout_ms), stop));
      continue;
    }
    const std::string& name = settings.tls_name.empty() ? settings.endpoint.host : settings.tls_name;
    const auto started = stream.start_tls_client(*settings.tls_context, name, net::after_ms(command_timeout_ms), stop);
    if (!started) return started.error();
    step = machine.tls_started();
  }
}

/// Until the machine makes something of what the server says.
Result<Step> NextHop::Impl::hear(net::Deadline deadline, const net::StopSwitch* until) {
  char buffer[read_bytes];
  // What came together with the reply before.
  if (Step step = machine.feed({}); !step.empty()) return step;
  while (true) {
    const std::size_t got = TRY(stream.read_some(buffer, sizeof buffer, deadline, until));
    if (got == 0) return Error{ErrorKind::try_later, "the mail server closed the connection"};
    Step step = machine.feed(std::string_view(buffer, got));
    if (!step.empty()) return step;
  }
}

/// The reply to what has been said. Where the server stops meanwhile, a little patience lets a message that has begun come to its end, and spares
/// its recipients a second copy.
Result<Step> NextHop::Impl::hear_out(net::Deadline deadline) {
  auto heard = hear(deadline, stop);
  const bool interrupted = !heard && stop != nullptr && stop->stopped();
  if (!interrupted) return heard;
  return hear(std::min(deadline, net::after_ms(limits::stop_timeout_ms)), nullptr);
}

Result<Reply> NextHop::Impl::reply_of(Result<Step> heard) {
  if (!heard) return give_up(heard.error());
  if (!heard->failed.empty()) {
    const Error why = give_up({ErrorKind::try_later, heard->failed});
    if (!heard->reply) return why;
  }
  return *std::move(heard->reply);
}

/// Before a command: nothing is wrong so far.
Result<void> NextHop::Impl::begin() {
  if (!lost.empty()) return Error{ErrorKind::try_later, lost};
  const auto silent = heed_unasked();
  return silent ? silent : give_up(silent.error());
}

Result<void> NextHop::Impl::say(const std::string& commands) {
  const auto written = stream.write_all(commands, net::after_ms(command_timeout_ms), stop);
  return written ? written : give_up(written.error());
}

/// What the server says without being asked: a goodbye, or it is out of step. Either way nothing more can be said.
Result<void> NextHop::Impl::heed_unasked() {
  if (!stream.has_input()) return {};
  const auto heard = hear(net::after_ms(limits::smtp_quit_timeout_ms), stop);
  return heard ? Error{ErrorKind::try_later, heard->failed} : heard.error();
}

Error NextHop::Impl::give_up(Error why) {
  lost = why.what;
  stream.close();
  return why;
}

NextHop::NextHop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
NextHop::NextHop(NextHop&&) noexcept = default;
NextHop& NextHop::operator=(NextHop&&) noexcept = default;
NextHop::~NextHop() = default;

Result<NextHop> NextHop::open(const NextHopSettings& settings, const net::StopSwitch* stop) {
  if (!is_one_word(settings.helo_name)) return Error{ErrorKind::bad_settings, "the name for EHLO cannot be sent"};
  const std::int64_t timeout_ms = or_default(settings.connect_timeout_ms, limits::smtp_connect_timeout_ms);
  auto stream = TRY(net::Stream::connect(settings.endpoint, net::after_ms(timeout_ms), stop));
  auto impl = std::make_unique<Impl>(settings, std::move(stream), stop);
  TRY(impl->open(settings));
  return NextHop(std::move(impl));
}

const Extensions& NextHop::extensions() const { return impl_->machine.extensions(); }
bool NextHop::tls() const { return impl_->machine.tls(); }
bool NextHop::usable() const { return impl_->lost.empty() && impl_->machine.ready() && !impl_->stream.has_input(); }

Result<Reply> NextHop::command(std::string_view line) {
  TRY(ask(line));
  return heard();
}

Result<void> NextHop::ask(std::string_view line) {
  TRY(impl_->begin());
  return impl_->say(impl_->machine.command(line));
}

Result<Reply> NextHop::heard() {
  Impl& impl = *impl_;
  if (!impl.lost.empty()) return Error{ErrorKind::try_later, impl.lost};
  return impl.reply_of(impl.hear_out(net::after_ms(impl.command_timeout_ms)));
}

bool NextHop::reset() {
  // One that was asked for something and not heard is good for nothing more.
  if (!usable() || !ask("RSET")) return false;
  const auto answer = impl_->reply_of(impl_->hear_out(net::after_ms(limits::smtp_quit_timeout_ms)));
  return answer && answer->positive();
}

Result<std::vector<Reply>> NextHop::group(const std::vector<std::string>& lines) {
  Impl& impl = *impl_;
  TRY(impl.begin());
  TRY(impl.say(impl.machine.group(lines)));
  std::vector<Reply> replies;
  while (replies.size() < lines.size()) replies.push_back(TRY(impl.reply_of(impl.hear_out(net::after_ms(impl.command_timeout_ms)))));
  return replies;
}

Result<Reply> NextHop::content(std::string_view bytes) {
  Impl& impl = *impl_;
  if (!impl.lost.empty()) return Error{ErrorKind::try_later, impl.lost};
  if (has_bare_line_end(bytes))
    return impl.give_up({ErrorKind::refused, "the message has a CR or LF of its own (RFC 5321, section 2.3.8)"});
  const net::Deadline handed_over_by = net::after_ms(impl.data_timeout_ms);
  for (bool last = false; !last;) {
    // A server that wants no more of it says so and closes, and that we could not write would be all we knew.
    const auto silent = impl.heed_unasked();
    if (!silent) return impl.give_up(silent.error());
    std::string stuffed = impl.machine.content(bytes.substr(0, piece_bytes));
    bytes.remove_prefix(std::min(piece_bytes, bytes.size()));
    last = bytes.empty();
    if (last) stuffed += impl.machine.end_of_content();
    const auto written = impl.stream.write_all(stuffed, handed_over_by, impl.stop);
    if (!written) return impl.give_up(written.error());
  }
  return impl.reply_of(impl.hear_out(net::after_ms(impl.data_timeout_ms)));
}

void NextHop::quit() {
  Impl& impl = *impl_;
  if (usable()) {
    const net::Deadline deadline = net::after_ms(limits::smtp_quit_timeout_ms);
    // Nothing depends on the reply; but who closes without hearing it looks like a connection that broke.
    if (impl.stream.write_all(impl.machine.command("QUIT"), deadline, impl.stop))
      static_cast<void>(impl.hear(deadline, impl.stop));
  }
  impl.give_up({ErrorKind::try_later, "the connection is closed"});
}

}  // namespace beadle::smtp
