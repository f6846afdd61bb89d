#include "smtp/client.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::smtp {
namespace {

using Outcome = RecipientReply::Outcome;

constexpr std::size_t reply_bytes_max = 1000;  // kept of a server's words: what a person can read
constexpr std::size_t read_bytes = 8u << 10;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// What would end the command or its angle brackets early (RFC 5321 §4.1.2): control characters anywhere, blanks and brackets
/// outside quotes.
bool is_sendable_address(std::string_view address) {
  if (address.size() > limits::address_bytes_max) return false;
  bool quoted = false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const char c = address[i];
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) return false;
    if (c == '"') quoted = !quoted;
    if (quoted && c == '\\' && ++i == address.size()) return false;
    if (quoted && c == '\\' && (static_cast<unsigned char>(address[i]) < ' ' || address[i] == 0x7F)) return false;
    if (!quoted && (c == ' ' || c == '<' || c == '>')) return false;
  }
  return !quoted;
}

/// RFC 5321 §2.3.8: CR and LF go together or not at all. A server may take either for the end of a line, and then for the end of
/// the message; to mend it would not send the message as it is.
bool has_bare_line_end(std::string_view bytes) {
  for (std::size_t at = 0; (at = bytes.find_first_of("\r\n", at)) != std::string_view::npos; at += 2) {
    if (bytes[at] == '\n' || at + 1 == bytes.size() || bytes[at + 1] != '\n') return true;
  }
  return false;
}

/// RFC 5321 §4.5.2: a dot in front of each line that begins with one; then the line with the dot alone.
std::string stuffed(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 64 + 8);
  while (!bytes.empty()) {
    if (bytes.front() == '.') out += '.';
    const std::size_t line_end = bytes.find('\n');
    const std::size_t size = line_end == std::string_view::npos ? bytes.size() : line_end + 1;
    out += bytes.substr(0, size);
    bytes.remove_prefix(size);
  }
  if (!out.empty() && !out.ends_with("\r\n")) out += "\r\n";
  return out + ".\r\n";
}

std::string words(std::string_view text) { return shortened(printable(text), reply_bytes_max); }

bool is_reply_code(std::string_view line) {
  return line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && line[1] >= '0' && line[1] <= '9' && line[2] >= '0' &&
         line[2] <= '9';
}

Outcome outcome_of(int code) { return code / 100 == 5 ? Outcome::refused : Outcome::deferred; }

}  // namespace

ClientMachine::ClientMachine(std::string helo_name, OutgoingMail mail)
    : helo_name_(std::move(helo_name)), mail_(std::move(mail)) {
  for (const std::string& address : mail_.recipients) outcomes_.push_back({address, Outcome::deferred, ""});
  settled_.resize(outcomes_.size());
  if (!is_sendable_address(helo_name_) || helo_name_.empty())
    settle_open(Outcome::refused, "beadle: the name for EHLO cannot be sent");
  if (!is_sendable_address(mail_.sender)) settle_open(Outcome::refused, "beadle: the sender's address cannot be sent");
  if (has_bare_line_end(mail_.bytes)) {
    settle_open(Outcome::refused,
                "beadle: the message has a CR or LF of its own (RFC 5321, section 2.3.8) and cannot be sent as it is");
  }
  for (std::size_t i = 0; i < outcomes_.size(); ++i) {
    const std::string& address = outcomes_[i].address;
    if (address.empty() || !is_sendable_address(address)) settle(i, Outcome::refused, "beadle: this address cannot be sent");
  }
  finished_ = settled();
}

bool ClientMachine::settled() const { return std::find(settled_.begin(), settled_.end(), false) == settled_.end(); }

std::string ClientMachine::feed(std::string_view bytes) {
  std::string commands;
  buffer_.append(bytes);
  std::size_t start = 0;
  while (!finished_) {
    const std::size_t end = buffer_.find('\n', start);
    if (std::min(end, buffer_.size()) - start > limits::smtp_reply_line_bytes_max) return broken("a line that is too long");
    if (end == std::string::npos) break;
    std::string_view line = std::string_view(buffer_).substr(start, end - start);
    if (line.ends_with('\r')) line.remove_suffix(1);
    start = end + 1;
    const std::string command = on_line(line);
    commands += command;
    // We wait for each reply before the next command, so what follows on a reply's heels answers nothing that was asked; taken
    // for the reply to the next command, it could count a message as delivered that is not. Only a goodbye may come unasked (RFC
    // 5321 §3.8).
    if (!command.empty() && !finished_ && state_ != State::quit && start < buffer_.size() &&
        buffer_.compare(start, 3, "421") != 0) {
      return broken("a reply to nothing");
    }
  }
  buffer_.erase(0, start);
  return commands;
}

std::string ClientMachine::on_line(std::string_view line) {
  const std::string_view code = line.substr(0, std::min<std::size_t>(3, line.size()));
  const bool more = line.size() > 3 && line[3] == '-';
  if (!is_reply_code(line) || (line.size() > 3 && line[3] != ' ' && !more))
    return broken("no SMTP reply: " + words(line.substr(0, 80)));
  if (reply_lines_ > 0 && code != reply_code_) return broken("a reply with two codes");
  if (++reply_lines_ > limits::smtp_reply_lines_max) return broken("a reply with too many lines");
  const std::string_view text = trimmed(line.substr(std::min<std::size_t>(4, line.size())));
  if (state_ == State::ehlo && reply_lines_ > 1) offers_.push_back(ascii_lower(text));
  if (reply_lines_ == 1) reply_text_ = code;
  if (reply_text_.size() < reply_bytes_max && !text.empty()) reply_text_ += " " + std::string(text);
  reply_code_ = code;
  if (more) return "";
  reply_lines_ = 0;
  const int number = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
  return on_reply(number, words(std::exchange(reply_text_, "")));
}

std::string ClientMachine::on_reply(int code, std::string_view text) {
  const bool positive = code / 100 == 2;
  if (code == 421) {
    // RFC 5321 §3.8: the server closes; what it has not answered it does not keep.
    settle_open(Outcome::deferred, text);
    finished_ = true;
    return "";
  }
  switch (state_) {
    case State::greeting:
    case State::helo:
      // A server that wants no mail from us at all says nothing about these recipients: they can be tried again when it is
      // mended.
      if (!positive) return end_with(Outcome::deferred, text);
      if (state_ == State::helo) return on_greeted();
      state_ = State::ehlo;
      return "EHLO " + helo_name_ + "\r\n";
    case State::ehlo:
      if (positive) return on_greeted();
      offers_.clear();
      if (code / 100 != 5) return end_with(Outcome::deferred, text);
      state_ = State::helo;
      return "HELO " + helo_name_ + "\r\n";
    case State::mail:
      if (!positive) return end_with(outcome_of(code), text);
      state_ = State::rcpt;
      return next_recipient();
    case State::rcpt:
      return on_recipient_reply(code, text);
    case State::data:
    case State::body:
      return on_data_reply(code, text);
    case State::quit:
      finished_ = true;
      return "";
  }
  return "";
}

bool ClientMachine::offers(std::string_view keyword) const {
  return std::any_of(offers_.begin(), offers_.end(), [&](const std::string& offer) {
    return offer.starts_with(keyword) && (offer.size() == keyword.size() || offer[keyword.size()] == ' ');
  });
}

std::string ClientMachine::on_greeted() {
  refuse_what_is_not_offered();
  if (settled()) return quit();
  state_ = State::mail;
  return mail_command();
}

void ClientMachine::refuse_what_is_not_offered() {
  // RFC 6531 §3.1: without the extension such mail must not be sent.
  if (!offers("smtputf8")) {
    constexpr std::string_view why = "beadle: 553 5.6.7 SMTPUTF8 is needed and the mail server does not offer it";
    if (mail_.smtputf8 || !is_ascii(mail_.sender)) settle_open(Outcome::refused, why);
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      if (!is_ascii(outcomes_[i].address)) settle(i, Outcome::refused, why);
    }
  }
  for (const std::string& offer : offers_) {
    // RFC 1870 §4: "SIZE", a blank, up to 20 digits; 0 or none is no bound, and no message here comes near 15 digits.
    if (!offer.starts_with("size ") || offer.size() > 5 + 15) continue;
    std::size_t most = 0;
    for (const char c : std::string_view(offer).substr(5))
      most = c >= '0' && c <= '9' ? most * 10 + static_cast<std::size_t>(c - '0') : 0;
    if (most > 0 && mail_.bytes.size() > most)
      settle_open(Outcome::refused, "beadle: 552 5.3.4 larger than the mail server takes (" + offer + ")");
  }
}

bool ClientMachine::needs_utf8() const {
  if (mail_.smtputf8 || !is_ascii(mail_.sender)) return true;
  for (std::size_t i = 0; i < outcomes_.size(); ++i) {
    if (!settled_[i] && !is_ascii(outcomes_[i].address)) return true;
  }
  return false;
}

std::string ClientMachine::mail_command() const {
  std::string command = "MAIL FROM:<" + mail_.sender + ">";
  if (offers("size")) command += " SIZE=" + std::to_string(mail_.bytes.size());
  // RFC 6531 §3.6: SMTPUTF8 mail may have eight-bit content.
  if ((mail_.eight_bit || needs_utf8()) && offers("8bitmime")) command += " BODY=8BITMIME";
  if (needs_utf8()) command += " SMTPUTF8";
  return command + "\r\n";
}

std::string ClientMachine::next_recipient() {
  while (recipient_ < outcomes_.size() && settled_[recipient_]) ++recipient_;
  if (recipient_ < outcomes_.size()) return "RCPT TO:<" + outcomes_[recipient_].address + ">\r\n";
  if (settled()) return quit();
  state_ = State::data;
  return "DATA\r\n";
}

std::string ClientMachine::on_recipient_reply(int code, std::string_view text) {
  // RFC 5321 §4.5.3.1.10: 552 to RCPT is the old way to say "too many at once".
  if (code / 100 != 2) settle(recipient_, code == 552 ? Outcome::deferred : outcome_of(code), text);
  ++recipient_;
  return next_recipient();
}

std::string ClientMachine::on_data_reply(int code, std::string_view text) {
  if (state_ == State::data && code / 100 == 3) {
    state_ = State::body;
    return stuffed(mail_.bytes);
  }
  const bool delivered = state_ == State::body && code / 100 == 2;
  return end_with(delivered ? Outcome::delivered : outcome_of(code), text);
}

std::string ClientMachine::end_with(Outcome outcome, std::string_view reply) {
  settle_open(outcome, reply);
  return quit();
}

std::string ClientMachine::quit() {
  state_ = State::quit;
  return "QUIT\r\n";
}

std::string ClientMachine::broken(std::string_view what) {
  settle_open(Outcome::deferred, "beadle: the mail server sent " + std::string(what));
  finished_ = true;
  return "";
}

void ClientMachine::connection_lost(std::string_view why) {
  settle_open(Outcome::deferred, "beadle: " + words(why));
  finished_ = true;
}

void ClientMachine::settle(std::size_t index, Outcome outcome, std::string_view reply) {
  if (settled_[index]) return;
  settled_[index] = true;
  outcomes_[index].outcome = outcome;
  outcomes_[index].reply = reply;
}

void ClientMachine::settle_open(Outcome outcome, std::string_view reply) {
  for (std::size_t i = 0; i < outcomes_.size(); ++i) settle(i, outcome, reply);
}

namespace {

/// What the server says until the deadline; "" where the connection is lost, and the machine knows.
std::string hear(ClientMachine& machine, net::Stream& stream, net::Deadline deadline, const net::StopSwitch* stop) {
  char buffer[read_bytes];
  auto got = stream.read_some(buffer, sizeof buffer, deadline, stop);
  if (!got && stop != nullptr && stop->stopped() && machine.awaits_verdict()) {
    // The server has the message: a little patience now spares its recipients a second copy.
    got = stream.read_some(buffer, sizeof buffer, std::min(deadline, net::after_ms(limits::stop_timeout_ms)), nullptr);
  }
  if (!got) {
    machine.connection_lost(got.error().what);
    return "";
  }
  if (*got == 0) machine.connection_lost("the mail server closed the connection");
  return std::string(buffer, *got);
}

std::int64_t patience_ms(const ClientMachine& machine) {
  if (machine.settled()) return limits::smtp_quit_timeout_ms;
  return machine.awaits_verdict() ? limits::smtp_data_timeout_ms : limits::smtp_command_timeout_ms;
}

}  // namespace

std::vector<RecipientReply> send_mail(const net::Endpoint& next_hop, const std::string& helo_name, const OutgoingMail& mail,
                                      const net::StopSwitch* stop) {
  ClientMachine machine(helo_name, mail);
  if (machine.finished()) return machine.outcomes();
  auto stream = net::Stream::connect(next_hop, net::after_ms(limits::smtp_connect_timeout_ms), stop);
  if (!stream) {
    machine.connection_lost(stream.error().what);
    return machine.outcomes();
  }
  net::Deadline deadline = net::after_ms(patience_ms(machine));
  while (!machine.finished()) {
    const std::string heard = hear(machine, *stream, deadline, stop);
    const std::string commands = machine.feed(heard);
    if (commands.empty()) continue;  // half a reply: the deadline stays
    const auto written = stream->write_all(commands, net::after_ms(limits::smtp_data_timeout_ms), stop);
    if (!written) machine.connection_lost(written.error().what);
    deadline = net::after_ms(patience_ms(machine));
  }
  return machine.outcomes();
}

}  // namespace beadle::smtp
