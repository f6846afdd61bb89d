#include "smtp/opening.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "mail/encoders.h"

namespace beadle::smtp {
namespace {

constexpr std::size_t words_bytes_max = 1000;        // of a refusal: what a person can read
constexpr std::size_t command_line_bytes_max = 510;  // RFC 5321 §4.5.3.1.4, without the line end

using Next = Opening::Next;

Next failed(std::string why) { return {.command = "QUIT", .failed = std::move(why)}; }

bool offers(const Extensions& extensions, std::string_view mechanism) {
  return std::find(extensions.auth.begin(), extensions.auth.end(), mechanism) != extensions.auth.end();
}

/// RFC 4616 §2, without an authorization identity.
std::string plain_response(const NextHopSettings& settings) {
  return mail::encode_base64('\0' + settings.user + '\0' + settings.password);
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

}  // namespace

Next Opening::on_reply(const Reply& reply) {
  switch (state_) {
    case State::greeting:
      return reply.positive() ? say_ehlo() : refused("the connection", reply);
    case State::ehlo:
    case State::helo:
      return on_hello(reply);
    case State::starttls:
      return on_starttls(reply);
    case State::auth:
      return on_auth(reply);
    case State::handshake:
    case State::open:
      break;
  }
  CHECK(false);  // nothing is awaited
  return {};
}

Next Opening::say_ehlo() {
  state_ = State::ehlo;
  return {.command = "EHLO " + settings_.helo_name};
}

Next Opening::on_hello(const Reply& reply) {
  if (state_ == State::ehlo && reply.code / 100 == 5) {
    state_ = State::helo;
    return {.command = "HELO " + settings_.helo_name};
  }
  if (!reply.positive()) return refused("EHLO", reply);
  if (state_ == State::ehlo) extensions_ = parse_extensions({reply.lines.begin() + 1, reply.lines.end()});
  if (tls_ || settings_.tls == NextHopSettings::Tls::never) return authenticate();
  const bool possible = extensions_.starttls && settings_.tls_context != nullptr;
  if (!possible && settings_.tls == NextHopSettings::Tls::if_offered) return authenticate();
  if (settings_.tls_context == nullptr) return failed("TLS is required, but not set up");
  if (!possible) return failed("TLS is required, and the mail server does not offer it");
  state_ = State::starttls;
  return {.command = "STARTTLS"};
}

/// A server that offers TLS and then does not do it may have been made to: the mail is not sent without.
Next Opening::on_starttls(const Reply& reply) {
  if (reply.code != 220) return refused("STARTTLS", reply);
  extensions_ = {};
  state_ = State::handshake;
  return {.start_tls = true};
}

Next Opening::tls_started() {
  CHECK(state_ == State::handshake);
  tls_ = true;
  return say_ehlo();
}

Next Opening::authenticate() {
  if (settings_.user.empty()) return open();
  if (!tls_ && !on_loopback_) return failed("AUTH is set up, and there is no TLS to send it over");
  if (has_nul(settings_.user) || has_nul(settings_.password)) return failed("AUTH cannot be sent: user or password has a NUL");
  const bool plain = offers(extensions_, "PLAIN");
  if (!plain && !offers(extensions_, "LOGIN"))
    return failed("AUTH is set up, and the mail server offers neither PLAIN nor LOGIN");
  state_ = State::auth;
  if (!plain) {
    responses_ = {mail::encode_base64(settings_.password), mail::encode_base64(settings_.user)};
    return {.command = "AUTH LOGIN"};
  }
  // RFC 4954 §4: what makes the line too long waits for the server's challenge.
  const std::string response = plain_response(settings_);
  std::string command = "AUTH PLAIN " + response;
  if (command.size() <= command_line_bytes_max) return {.command = std::move(command)};
  responses_ = {response};
  return {.command = "AUTH PLAIN"};
}

Next Opening::on_auth(const Reply& reply) {
  if (reply.code == 235) return open();
  if (reply.code != 334) return refused("AUTH", reply);
  // Within the exchange, QUIT would be one more response.
  if (responses_.empty()) return {.failed = "the mail server wants more for AUTH than user and password"};
  Next next{.command = std::move(responses_.back())};
  responses_.pop_back();
  return next;
}

Next Opening::open() {
  state_ = State::open;
  responses_.clear();
  settings_.password.clear();
  return {.ready = true};
}

Next Opening::refused(std::string_view doing, const Reply& reply) const {
  return failed(reply.code >= 400 ? words_of(reply) : std::string(doing) + " was answered with " + words_of(reply));
}

std::string Opening::words_of(const Reply& refusal) const {
  // Some servers show the line that they do not like.
  const std::string secrets[] = {settings_.password, mail::encode_base64(settings_.password), plain_response(settings_)};
  for (const std::string& line : refusal.lines) {
    for (const std::string& secret : secrets) {
      if (authenticating() && !secret.empty() && line.find(secret) != std::string::npos)
        return std::to_string(refusal.code) + " (its words repeat what is secret)";
    }
  }
  return shortened(to_words(refusal), words_bytes_max);
}

}  // namespace beadle::smtp
