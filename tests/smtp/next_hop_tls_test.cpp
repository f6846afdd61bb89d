// The next hop over TLS, by a socket: the dialogues with a handshake, and what happens where it fails.
#include <string>
#include <utility>

#include "net/certificates.h"
#include "smtp/client.h"
#include "smtp/next_hop.h"
#include "smtp/next_hop_player.h"
#include "smtp/script.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;

namespace {

const net::Certificates& certificates() {
  static const net::Certificates made;
  return made;
}

std::shared_ptr<const net::TlsContext> server_context() {
  const auto files = certificates().issue();  // for mx.harbridge.example
  return net::TlsContext::server({files.certificate, files.key}).value();
}

NextHopSettings verifying(const net::Endpoint& endpoint) {
  NextHopSettings settings = settings_to(endpoint);
  settings.tls = NextHopSettings::Tls::required;
  settings.tls_context = net::TlsContext::client({.authorities = certificates().authorities()}).value();
  settings.tls_name = "mx.harbridge.example";
  return settings;
}

Script with_starttls(std::vector<Line> lines) {
  Script script{.name = "",
                .lines = {{1, "", ">", "220 ready"},
                          {2, "", "<", "EHLO mail.harbridge.example"},
                          {3, "", ">", "250-ready\\r\\n250 STARTTLS"},
                          {4, "", "<", "STARTTLS"},
                          {5, "", ">", "220 Go on"},
                          {6, "", "handshake", ""}}};
  for (Line& line : lines) {
    line.number = script.lines.size() + 1;
    script.lines.push_back(std::move(line));
  }
  return script;
}

}  // namespace

TEST_CASE("dialogues with the next hop over TLS") {
  std::size_t played = 0;
  for (const Script& script : dialogues()) {
    if (!script.has("handshake")) continue;
    ++played;
    LivePlayer player(script, server_context());
    for (const Line& line : script.lines) {
      INFO(script.name << ":" << line.number << ": " << line.whole);
      player.play(line);
    }
    INFO(script.name << ": the end");
    player.end();
  }
  CHECK(played >= 4);
}

TEST_CASE("a certificate that is not accepted ends the connection, and nothing is said in the clear") {
  for (const auto tls : {NextHopSettings::Tls::required, NextHopSettings::Tls::if_offered}) {
    ScriptedPeer peer(with_starttls({{0, "", "<", "never"}}), server_context());
    NextHopSettings settings = verifying(peer.endpoint());
    settings.tls = tls;
    settings.tls_name = "mx.elsewhere.example";
    const auto opened = NextHop::open(settings, nullptr);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::try_later);
    CHECK(opened.error().what.find("certificate") != std::string::npos);
    const std::string trouble = peer.trouble();
    INFO(trouble);
    CHECK((trouble.empty() || trouble == "line 7: heard "));
  }
}

TEST_CASE("a mail goes over TLS and AUTH, whole") {
  ScriptedPeer peer(with_starttls({{0, "", "<", "EHLO mail.harbridge.example"},
                                   {0, "", ">", "250-ready\\r\\n250 AUTH PLAIN"},
                                   {0, "", "<", "AUTH PLAIN AGNsZXJrAHNlY3JldA=="},
                                   {0, "", ">", "235 Welcome"},
                                   {0, "", "<", "MAIL FROM:<clerk@harbridge.example>"},
                                   {0, "", ">", "250 Ok"},
                                   {0, "", "<", "RCPT TO:<jo@fencing.example>"},
                                   {0, "", ">", "250 Ok"},
                                   {0, "", "<", "DATA"},
                                   {0, "", ">", "354 Go on"},
                                   {0, "", "<", "repeat 20000 A line.\\r\\n..\\r\\n"},
                                   {0, "", "<", "\\x2e"},
                                   {0, "", ">", "250 2.0.0 Ok: queued"}}),
                    server_context());
  NextHopSettings settings = verifying(peer.endpoint());
  settings.user = "clerk";
  settings.password = "secret";
  OutgoingMail mail{.sender = "clerk@harbridge.example", .recipients = {"jo@fencing.example"}, .bytes = ""};
  for (int i = 0; i < 20'000; ++i) mail.bytes += "A line.\r\n.\r\n";
  mail.bytes += "\r\n";
  const auto replies = send_mail(settings, mail, nullptr);
  CHECK(peer.trouble() == "");
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].outcome == RecipientReply::Outcome::delivered);
  CHECK(replies[0].reply == "250 2.0.0 Ok: queued");
}
