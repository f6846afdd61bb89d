#include "smtp/client.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "smtp/command.h"

namespace beadle::smtp {
namespace {

using Outcome = RecipientReply::Outcome;

constexpr std::size_t reply_bytes_max = 1000;  // kept of a server's words: what a person can read

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

std::string words(std::string_view text) { return shortened(printable(text), reply_bytes_max); }

/// As one line of text: servers wrap sentences.
std::string words(const Reply& reply) {
  std::string out = std::to_string(reply.code);
  for (const std::string& line : reply.lines) {
    if (out.size() < reply_bytes_max && !trimmed(line).empty()) out += " " + std::string(trimmed(line));
  }
  return words(out);
}

Outcome outcome_of(int code) { return code / 100 == 5 ? Outcome::refused : Outcome::deferred; }

}  // namespace

MailTransaction::MailTransaction(std::string_view helo_name, const OutgoingMail& mail) : mail_(mail) {
  for (const std::string& address : mail_.recipients) outcomes_.push_back({address, Outcome::deferred, ""});
  settled_.resize(outcomes_.size());
  if (!is_sendable_address(helo_name) || helo_name.empty())
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
}

void MailTransaction::begin(const Extensions& offered) {
  offered_ = offered;
  // RFC 6531 §3.1: without the extension such mail must not be sent.
  if (!offered.smtputf8) {
    constexpr std::string_view why = "beadle: 553 5.6.7 SMTPUTF8 is needed and the mail server does not offer it";
    if (mail_.smtputf8 || !is_ascii(mail_.sender)) settle_open(Outcome::refused, why);
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      if (!is_ascii(outcomes_[i].address)) settle(i, Outcome::refused, why);
    }
  }
  if (offered.size_bytes > 0 && mail_.bytes.size() > offered.size_bytes) {
    settle_open(Outcome::refused,
                "beadle: 552 5.3.4 larger than the mail server takes (size " + std::to_string(offered.size_bytes) + ")");
  }
}

std::string MailTransaction::next() const {
  switch (stage_) {
    case Stage::mail:
      return mail_command();
    case Stage::rcpt:
      return recipient_command();
    case Stage::data:
      return "DATA";
    case Stage::content:
      break;
  }
  CHECK(false);  // the message is next
  return "";
}

bool MailTransaction::needs_utf8() const {
  if (mail_.smtputf8 || !is_ascii(mail_.sender)) return true;
  for (std::size_t i = 0; i < outcomes_.size(); ++i) {
    if (!settled_[i] && !is_ascii(outcomes_[i].address)) return true;
  }
  return false;
}

std::string MailTransaction::mail_command() const {
  std::string command = "MAIL FROM:<" + mail_.sender + ">";
  if (offered_.size) command += " SIZE=" + std::to_string(mail_.bytes.size());
  // RFC 6531 §3.6: SMTPUTF8 mail may have eight-bit content.
  if ((mail_.eight_bit || needs_utf8()) && offered_.eight_bit_mime) command += " BODY=8BITMIME";
  if (needs_utf8()) command += " SMTPUTF8";
  if (offered_.dsn) command += mail_dsn(mail_.dsn);
  return command;
}

std::string MailTransaction::recipient_command() const {
  std::string command = "RCPT TO:<" + outcomes_[recipient_].address + ">";
  if (offered_.dsn && recipient_ < mail_.recipient_dsn.size()) command += recipient_dsn(mail_.recipient_dsn[recipient_], needs_utf8());
  return command;
}

void MailTransaction::on_reply(const Reply& reply) {
  switch (stage_) {
    case Stage::mail:
      if (!reply.positive()) return settle_open(outcome_of(reply.code), words(reply));
      stage_ = Stage::rcpt;
      return to_next_recipient();
    case Stage::rcpt:
      // RFC 5321 §4.5.3.1.10: 552 to RCPT is the old way to say "too many at once".
      if (!reply.positive()) settle(recipient_, reply.code == 552 ? Outcome::deferred : outcome_of(reply.code), words(reply));
      ++recipient_;
      return to_next_recipient();
    case Stage::data:
      if (reply.code != 354) return settle_open(outcome_of(reply.code), words(reply));
      stage_ = Stage::content;
      return;
    case Stage::content:
      return settle_open(reply.positive() ? Outcome::delivered : outcome_of(reply.code), words(reply));
  }
}

void MailTransaction::to_next_recipient() {
  while (recipient_ < outcomes_.size() && settled_[recipient_]) ++recipient_;
  if (recipient_ == outcomes_.size()) stage_ = Stage::data;
}

void MailTransaction::lost(std::string_view why) {
  settle_open(Outcome::deferred, reply_code(why) != 0 ? words(why) : "beadle: " + words(why));
}

bool MailTransaction::settled() const { return std::find(settled_.begin(), settled_.end(), false) == settled_.end(); }

void MailTransaction::settle(std::size_t index, Outcome outcome, std::string_view reply) {
  if (settled_[index]) return;
  settled_[index] = true;
  outcomes_[index].outcome = outcome;
  outcomes_[index].reply = reply;
}

void MailTransaction::settle_open(Outcome outcome, std::string_view reply) {
  for (std::size_t i = 0; i < outcomes_.size(); ++i) settle(i, outcome, reply);
}

std::vector<RecipientReply> send_mail(const NextHopSettings& settings, const OutgoingMail& mail, const net::StopSwitch* stop) {
  MailTransaction transaction(settings.helo_name, mail);
  if (transaction.settled()) return transaction.outcomes();
  auto hop = NextHop::open(settings, stop);
  if (!hop) {
    transaction.lost(hop.error().what);
    return transaction.outcomes();
  }
  transaction.begin(hop->extensions());
  while (!transaction.settled()) {
    const auto reply = transaction.wants_content() ? hop->content(mail.bytes) : hop->command(transaction.next());
    if (reply)
      transaction.on_reply(*reply);
    else
      transaction.lost(reply.error().what);
  }
  hop->quit();
  return transaction.outcomes();
}

std::vector<RecipientReply> send_mail(const net::Endpoint& next_hop, const std::string& helo_name, const OutgoingMail& mail,
                                      const net::StopSwitch* stop) {
  NextHopSettings settings;
  settings.endpoint = next_hop;
  settings.helo_name = helo_name;
  settings.tls = NextHopSettings::Tls::never;
  return send_mail(settings, mail, stop);
}

}  // namespace beadle::smtp
