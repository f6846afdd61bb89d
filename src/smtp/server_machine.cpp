#include "smtp/server_machine.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"

namespace beadle::smtp {
namespace {

using Kind = ServerMachine::Event::Kind;

constexpr std::string_view done = "250 2.0.0 Ok";
constexpr std::string_view out_of_order = "503 5.5.1 Bad sequence of commands";
constexpr std::string_view syntax_error = "500 5.5.2 Syntax error";
constexpr std::string_view no_arguments = "501 5.5.4 This command takes no arguments";
constexpr std::string_view improper_group = "503 5.5.0 Improper use of SMTP command pipelining";
constexpr std::string_view starttls_first = "530 5.7.0 Must issue a STARTTLS command first";
constexpr std::string_view too_large = "552 5.3.4 Message too large";
constexpr std::string_view odd_answer = "451 4.3.0 The mail server behind this one gave no proper answer; please try again later";

// A buffer that held a long group of commands is given back, or each of many idle connections would keep its own.
constexpr std::size_t idle_buffer_bytes_max = 8u << 10;

std::string words_of(std::string_view words) { return to_wire(reply(words)); }

/// The first byte that ends a line or must not stand in one.
std::size_t line_end(std::string_view input) { return input.find_first_of(std::string_view("\r\n\0", 3)); }

std::string_view bare_name(char c) { return c == '\r' ? "CR" : c == '\n' ? "LF" : "NUL"; }

std::string_view bare_name(ContentReader::Fault fault) {
  return bare_name(fault == ContentReader::Fault::bare_cr ? '\r' : fault == ContentReader::Fault::bare_lf ? '\n' : '\0');
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; });
}

/// RFC 5321 §4.1.1: blanks before the line end are to be tolerated.
std::string_view without_blanks_at_end(std::string_view line) {
  while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
  return line;
}

/// SIZE= of MAIL, whose grammar has been looked at: 20 digits at most, so that it may be more than fits.
std::uint64_t announced_bytes(const PathCommand& mail) {
  const std::string* size = mail.parameter("SIZE");
  if (size == nullptr) return 0;
  std::uint64_t bytes = 0;
  const auto read = std::from_chars(size->data(), size->data() + size->size(), bytes);
  return read.ec == std::errc() ? bytes : UINT64_MAX;
}

/// What may be said to such a command (RFC 5321 §4.3.2).
bool is_answer(Kind kind, int code) {
  if (code / 100 == 4 || code / 100 == 5) return true;
  return kind == Kind::data ? code == 354 : code / 100 == 2;
}

}  // namespace

const ServerMachine::Verb ServerMachine::verbs[] = {
    {"EHLO", &ServerMachine::on_hello},        {"HELO", &ServerMachine::on_hello},
    {"STARTTLS", &ServerMachine::on_starttls}, {"XFORWARD", &ServerMachine::on_xforward},
    {"MAIL", &ServerMachine::on_mail},         {"RCPT", &ServerMachine::on_rcpt},
    {"DATA", &ServerMachine::on_data},         {"RSET", &ServerMachine::on_rset},
    {"NOOP", &ServerMachine::on_noop},         {"QUIT", &ServerMachine::on_quit},
    {"VRFY", &ServerMachine::on_vrfy},         {"HELP", &ServerMachine::on_help},
    {"EXPN", &ServerMachine::on_not_offered},  {"TURN", &ServerMachine::on_not_offered},
    {"ETRN", &ServerMachine::on_not_offered},  {"AUTH", &ServerMachine::on_not_offered},
    {"BDAT", &ServerMachine::on_bdat},         {"GET", &ServerMachine::on_http},
    {"POST", &ServerMachine::on_http},         {"CONNECT", &ServerMachine::on_http},
    {"HEAD", &ServerMachine::on_http},         {"PUT", &ServerMachine::on_http},
    {"OPTIONS", &ServerMachine::on_http},
};

ServerMachine::ServerMachine(ServerSettings settings) : settings_(std::move(settings)), tls_(settings_.tls_active) {
  CHECK(is_helo_name(settings_.host_name));
  CHECK(settings_.recipients_most > 0 && settings_.commands_most > 0 && settings_.errors_most > 0 &&
        settings_.message_bytes_max > 0);
}

std::string ServerMachine::greet(const Reply& refusal) {
  CHECK(state_ == State::silent);
  const bool refused = refusal.code != 0;
  state_ = refused ? State::refusing : State::commands;
  return refused ? to_wire(refusal) : words_of("220 " + settings_.host_name + " ESMTP");
}

ServerMachine::Step ServerMachine::feed(std::string_view bytes) {
  Step step;
  switch (state_) {
    case State::silent:
      if (!bytes.empty()) hang_up("554 5.5.0 You spoke before you were greeted", "input before the greeting", step);
      return step;
    case State::shaking_hands:
      // Not encrypted, and behind a command that has been answered: somebody else may have put it there (CVE-2011-0411).
      if (!bytes.empty()) hang_up(improper_group, "input between STARTTLS and the handshake", step);
      return step;
    case State::closed:
      step.close = true;
      step.problem = std::exchange(problem_, "");
      return step;
    case State::waiting:
      buffer_.append(bytes);
      return step;
    case State::refusing:
    case State::commands:
    case State::content:
      break;
  }
  if (deferred_) {
    buffer_.append(bytes);
    step = std::move(*deferred_);
    deferred_.reset();
    return step;
  }
  const bool begun = !buffer_.empty();
  if (begun) buffer_.append(bytes);
  std::string_view input = begun ? std::string_view(buffer_) : bytes;
  // Content is not copied twice: `input` is what the caller has read.
  while (!input.empty() && !step.event && !step.close &&
         (state_ == State::content ? take_content(input, step) : take_line(input, step))) {
  }
  if (state_ == State::closed) input = {};
  if (begun) {
    buffer_.erase(0, buffer_.size() - input.size());
  } else {
    buffer_.assign(input);
  }
  if (buffer_.empty() && buffer_.capacity() > idle_buffer_bytes_max) std::string().swap(buffer_);
  return step;
}

/// False where the line has not come to its end.
bool ServerMachine::take_line(std::string_view& input, Step& step) {
  const std::size_t end = line_end(input);
  if (end == std::string_view::npos || (input[end] == '\r' && end + 1 == input.size())) {
    if (input.size() > limits::smtp_command_bytes_max) {
      overlong_ = true;
      input.remove_prefix(std::min(end, input.size()));
    }
    return false;
  }
  ++commands_;
  if (input[end] != '\r' || input[end + 1] != '\n') {
    const std::string bare = std::string("bare ") + std::string(bare_name(input[end]));
    hang_up("500 5.5.2 Syntax error: " + bare, "a " + bare + " in a command", step);
    return true;
  }
  const std::string_view line = input.substr(0, end);
  input.remove_prefix(end + 2);
  const bool too_long = std::exchange(overlong_, false) || end + 2 > limits::smtp_command_bytes_max;
  on_line(line, too_long, input.empty(), step);
  return true;
}

void ServerMachine::on_line(std::string_view line, bool too_long, bool is_last, Step& step) {
  if (++commands_in_a_row_ > settings_.commands_most) return hang_up("421 4.7.0 Too many commands", "too many commands", step);
  const std::string_view text = without_blanks_at_end(line);
  const std::size_t blank = std::min(text.find(' '), text.size());
  const Command command{text.substr(0, blank), text.substr(std::min(blank + 1, text.size())), is_last};
  const bool has_path = ascii_iequals(command.verb, "MAIL") || ascii_iequals(command.verb, "RCPT");
  if (too_long || (!has_path && line.size() + 2 > limits::smtp_short_command_bytes_max))
    return refuse("500 5.5.2 Line too long", step);
  if (has_control(text)) return refuse(syntax_error, step);
  const auto known =
      std::find_if(std::begin(verbs), std::end(verbs), [&](const Verb& verb) { return ascii_iequals(verb.name, command.verb); });
  if (known == std::end(verbs)) return refuse("500 5.5.2 Command not known", step);
  const bool is_heard =
      state_ == State::commands || known->take == &ServerMachine::on_quit || known->take == &ServerMachine::on_http;
  if (!is_heard) return refuse(out_of_order, step);
  (this->*known->take)(command, step);
}

/// False where more of the content is to come.
bool ServerMachine::take_content(std::string_view& input, Step& step) {
  input.remove_prefix(content_.read(input, step.content));
  if (!content_.ended()) return false;
  switch (content_.fault()) {
    case ContentReader::Fault::none:
      await(Kind::message, step);
      break;
    case ContentReader::Fault::too_large:
      step.replies += words_of(too_large);
      step.problem = "a message of more than " + std::to_string(settings_.message_bytes_max) + " bytes";
      step.event = Event{.kind = Kind::reset};
      state_ = State::commands;
      forget_transaction();
      break;
    default: {
      // RFC 5321 §2.3.8. Closed, because what follows may be meant for a server that saw an end earlier.
      const std::string bare = "bare " + std::string(bare_name(content_.fault()));
      hang_up("550 5.5.2 Message refused: " + bare, "a " + bare + " in a message", step);
    }
  }
  return true;
}

void ServerMachine::on_hello(const Command& command, Step& step) {
  const bool extended = ascii_iequals(command.verb, "EHLO");
  if (!command.is_last) return refuse_group(command, step);
  if (!is_helo_name(command.arguments))
    return refuse(extended ? "501 5.5.4 The syntax is EHLO hostname" : "501 5.5.4 The syntax is HELO hostname", step);
  helo_name_ = command.arguments;
  extended_ = extended;
  Step answered;
  answered.replies = to_wire(hello_reply());
  answered.event = Event{.kind = Kind::hello, .text = helo_name_};
  // RFC 5321 §4.1.4: as if RSET had come before it.
  if (transaction_) {
    deferred_ = std::move(answered);
    step.event = Event{.kind = Kind::reset};
  } else {
    step.replies += answered.replies;
    step.event = std::move(answered.event);
  }
  forget_transaction();
}

void ServerMachine::on_starttls(const Command& command, Step& step) {
  if (!command.is_last) return refuse_group(command, step);
  if (!command.arguments.empty()) return refuse(no_arguments, step);
  if (tls_) return refuse("503 5.5.1 TLS is in use already", step);
  if (!settings_.offers.starttls) return on_not_offered(command, step);
  if (!extended_ || transaction_) return refuse(out_of_order, step);
  step.replies += words_of("220 2.0.0 Ready to start TLS");
  step.event = Event{.kind = Kind::start_tls};
  state_ = State::shaking_hands;
}

void ServerMachine::on_xforward(const Command& command, Step& step) {
  if (settings_.offers.xforward.empty()) return refuse("550 5.7.0 You may not speak for others", step);
  if (!extended_ || transaction_) return refuse(out_of_order, step);
  if (settings_.tls_required && !tls_) return refuse(starttls_first, step);
  auto attributes = parse_xforward(command.arguments);
  const auto& offers = settings_.offers.xforward;
  if (!attributes || !std::all_of(attributes->begin(), attributes->end(), [&](const auto& attribute) {
        return std::find(offers.begin(), offers.end(), attribute.first) != offers.end();
      }))
    return refuse("501 5.5.4 Bad attribute; the syntax is XFORWARD NAME=value", step);
  step.replies += words_of(done);
  step.event = Event{.kind = Kind::xforward, .attributes = std::move(*attributes)};
}

void ServerMachine::on_mail(const Command& command, Step& step) {
  constexpr std::string_view from = "FROM:";
  if (helo_name_.empty()) return refuse("503 5.5.1 Send EHLO first", step);
  if (transaction_) return refuse("503 5.5.1 Nested MAIL command", step);
  mail_tried_ = true;
  if (settings_.tls_required && !tls_) return refuse(starttls_first, step);
  if (!ascii_istarts_with(command.arguments, from)) return refuse("501 5.5.4 The syntax is MAIL FROM:<address>", step);
  ParsedPath parsed = parse_mail(command.arguments.substr(from.size()), offered());
  if (!parsed.command) return refuse(parsed.refusal, step);
  const std::uint64_t most = settings_.offers.size_bytes == 0
                                 ? settings_.message_bytes_max
                                 : std::min(settings_.offers.size_bytes, settings_.message_bytes_max);
  if (announced_bytes(*parsed.command) > most) {
    step.replies += words_of(too_large);
    return;
  }
  smtputf8_ = parsed.command->parameter("SMTPUTF8") != nullptr;
  await(Kind::mail, step);
  step.event->path = std::move(*parsed.command);
}

void ServerMachine::on_rcpt(const Command& command, Step& step) {
  if (!transaction_) return refuse_without_mail(step);
  if (recipients_ >= settings_.recipients_most) {
    // RFC 5321 §4.5.3.1.10: the client sends those that are left in another transaction.
    step.replies += words_of("452 4.5.3 Too many recipients");
    return;
  }
  ParsedPath parsed = parse_recipient(command.arguments);
  if (!parsed.command) return refuse(parsed.refusal, step);
  await(Kind::recipient, step);
  step.event->path = std::move(*parsed.command);
}

ParsedPath ServerMachine::parse_recipient(std::string_view arguments) const {
  constexpr std::string_view to = "TO:";
  if (!ascii_istarts_with(arguments, to)) return {.command = std::nullopt, .refusal = reply("501 5.5.4 The syntax is RCPT TO:<address>")};
  return parse_rcpt(arguments.substr(to.size()), offered(), smtputf8_);
}

std::vector<PathCommand> ServerMachine::recipients_ahead(std::size_t most) const {
  constexpr std::string_view verb = "RCPT ";
  std::vector<PathCommand> ahead;
  if (state_ != State::waiting || awaited_ != Kind::mail) return ahead;
  std::string_view input = buffer_;
  while (ahead.size() < std::min(most, settings_.recipients_most)) {
    const std::size_t end = line_end(input);
    const bool whole = end < input.size() && input.substr(end).starts_with("\r\n") && end + 2 <= limits::smtp_command_bytes_max;
    if (!whole) break;
    const std::string_view text = without_blanks_at_end(input.substr(0, end));
    if (!ascii_istarts_with(text, verb) || has_control(text)) break;
    ParsedPath parsed = parse_recipient(text.substr(verb.size()));
    if (!parsed.command) break;
    ahead.push_back(std::move(*parsed.command));
    input.remove_prefix(end + 2);
  }
  return ahead;
}

void ServerMachine::on_data(const Command& command, Step& step) {
  if (transaction_ && recipients_ > 0 && command.arguments.empty()) return await(Kind::data, step);
  // What follows may be content that nobody asked for, and is not to be read as commands.
  if (!command.is_last) return refuse_group(command, step);
  if (!command.arguments.empty()) return refuse(no_arguments, step);
  if (!transaction_) return refuse_without_mail(step);
  step.replies += words_of("554 5.5.1 No valid recipients");
}

void ServerMachine::on_rset(const Command& command, Step& step) {
  if (!command.arguments.empty()) return refuse(no_arguments, step);
  forget_transaction();
  step.replies += words_of(done);
  step.event = Event{.kind = Kind::reset};
}

void ServerMachine::on_noop(const Command&, Step& step) { step.replies += words_of(done); }

void ServerMachine::on_quit(const Command& command, Step& step) {
  if (!command.is_last) return refuse_group(command, step);
  if (!command.arguments.empty()) return refuse(no_arguments, step);
  hang_up("221 2.0.0 Bye", "", step);
  step.event = Event{.kind = Kind::quit};
}

void ServerMachine::on_vrfy(const Command& command, Step& step) {
  if (command.arguments.empty()) return refuse("501 5.5.4 The syntax is VRFY address", step);
  step.replies += words_of("252 2.5.0 Not verified here; RCPT is answered by the mail server behind this one");
}

void ServerMachine::on_help(const Command&, Step& step) { step.replies += words_of("214 2.0.0 See RFC 5321"); }

void ServerMachine::on_not_offered(const Command&, Step& step) { refuse("502 5.5.1 Command not offered", step); }

void ServerMachine::on_bdat(const Command&, Step& step) {
  hang_up("502 5.5.1 Command not offered", "BDAT, which is not offered", step);
}

void ServerMachine::on_http(const Command&, Step& step) { hang_up("500 5.5.2 This is a mail server", "an HTTP request", step); }

void ServerMachine::refuse(const Reply& reply, Step& step) {
  if (++errors_ > settings_.errors_most) return hang_up("421 4.7.0 Too many errors", "too many errors", step);
  step.replies += to_wire(reply);
}

void ServerMachine::refuse(std::string_view words, Step& step) { refuse(reply(words), step); }

/// RFC 2920 §3.1: a client that sends its group at once cannot know that MAIL was refused, and did nothing wrong.
void ServerMachine::refuse_without_mail(Step& step) {
  if (!mail_tried_) return refuse(out_of_order, step);
  step.replies += words_of(out_of_order);
}

void ServerMachine::refuse_group(const Command& command, Step& step) {
  hang_up(improper_group, "input behind " + ascii_upper(command.verb), step);
}

void ServerMachine::hang_up(std::string_view words, std::string problem, Step& step) {
  step.replies += words_of(words);
  step.problem = std::move(problem);
  step.close = true;
  close();
}

void ServerMachine::close() {
  state_ = State::closed;
  buffer_.clear();
  overlong_ = false;
  deferred_.reset();
  forget_transaction();
}

void ServerMachine::await(Kind kind, Step& step) {
  state_ = State::waiting;
  awaited_ = kind;
  step.event = Event{.kind = kind};
}

std::string ServerMachine::answer(const Reply& given) {
  CHECK(state_ == State::waiting);
  state_ = State::commands;
  const Reply said = is_answer(awaited_, given.code) ? given : reply(odd_answer);
  switch (awaited_) {
    case Kind::mail:
      transaction_ = said.positive();
      break;
    case Kind::recipient:
      if (said.positive()) ++recipients_;
      break;
    case Kind::data:
      if (!buffer_.empty()) {
        close();
        problem_ = "input behind DATA";
        return words_of(improper_group);
      }
      if (said.code != 354) break;
      state_ = State::content;
      content_ = ContentReader(settings_.message_bytes_max);
      break;
    case Kind::message:
      forget_transaction();
      if (said.positive()) commands_in_a_row_ = errors_ = 0;
      break;
    default:
      CHECK(false);
  }
  return to_wire(said);
}

void ServerMachine::tls_started() {
  CHECK(state_ == State::shaking_hands);
  state_ = State::commands;
  tls_ = true;
  helo_name_.clear();
  extended_ = false;
}

bool ServerMachine::idle() const {
  const bool between =
      state_ == State::silent || state_ == State::refusing || state_ == State::commands || state_ == State::closed;
  return between && buffer_.empty() && !overlong_ && !deferred_ && !transaction_;
}

bool ServerMachine::within_line() const {
  return (state_ == State::refusing || state_ == State::commands) && (overlong_ || !buffer_.empty());
}

std::string ServerMachine::goodbye(std::string_view words) {
  if (state_ == State::closed) return "";
  const Reply said = reply(words);
  CHECK(said.code == 421);
  close();
  return to_wire(said);
}

void ServerMachine::forget_transaction() {
  transaction_ = mail_tried_ = false;
  recipients_ = 0;
}

const Extensions& ServerMachine::offered() const {
  static const Extensions none;
  return extended_ ? settings_.offers : none;
}

Reply ServerMachine::hello_reply() const {
  Reply out{250, {settings_.host_name}};
  const Extensions& offers = offered();
  if (offers.pipelining) out.lines.emplace_back("PIPELINING");
  if (offers.size) out.lines.push_back(offers.size_bytes == 0 ? "SIZE" : "SIZE " + std::to_string(offers.size_bytes));
  if (offers.starttls && !tls_) out.lines.emplace_back("STARTTLS");
  if (!offers.xforward.empty()) out.lines.push_back("XFORWARD " + joined(offers.xforward, " "));
  if (offers.enhanced_codes) out.lines.emplace_back("ENHANCEDSTATUSCODES");
  if (offers.eight_bit_mime) out.lines.emplace_back("8BITMIME");
  if (offers.dsn) out.lines.emplace_back("DSN");
  if (offers.smtputf8) out.lines.emplace_back("SMTPUTF8");
  return out;
}

}  // namespace beadle::smtp
