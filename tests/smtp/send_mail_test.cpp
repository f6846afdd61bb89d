// send_mail over real sockets, against a server that plays a few lines.
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/helpers.h"
#include "net/stream.h"
#include "smtp/client.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;

namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;  // what ends what we hear, what we say then

/// Accepts one client, greets it, and answers each `first` with `second`; "" closes.
class FakeServer {
 public:
  explicit FakeServer(Lines lines, net::StopSwitch* thrown_at_end = nullptr)
      : listener_(net::Listener::listen(net::any_port(), {}).value()),
        thread_([this, lines = std::move(lines), thrown_at_end] { serve(lines, thrown_at_end); }) {}

  const net::Endpoint& endpoint() const { return listener_.endpoint(); }
  std::string heard() {
    thread_.join();
    return heard_;
  }

 private:
  void serve(const Lines& lines, net::StopSwitch* thrown_at_end) {
    net::StopSwitch never;
    auto accepted = listener_.accept(never);
    if (!accepted || !*accepted) return;
    net::Stream stream = std::move(**accepted);
    if (!stream.write_all("220 fake\r\n", net::patience(), nullptr)) return;
    for (const auto& [wanted, reply] : lines) {
      const std::size_t from = heard_.size();
      while (heard_.find(wanted, from) == std::string::npos) {
        char buffer[4096];
        const auto got = stream.read_some(buffer, sizeof buffer, net::patience(), nullptr);
        if (!got || *got == 0) return;
        heard_.append(buffer, *got);
      }
      if (reply.empty()) return;
      if (wanted == "\r\n.\r\n" && thrown_at_end != nullptr) thrown_at_end->stop();
      if (!stream.write_all(reply, net::patience(), nullptr)) return;
    }
  }

  net::Listener listener_;
  std::string heard_;
  std::jthread thread_;
};

OutgoingMail mail() {
  OutgoingMail mail;
  mail.sender = "clerk@harbridge.example";
  mail.recipients = {"jo@fencing.example"};
  mail.bytes = "Subject: Trees\r\n\r\n";
  for (int i = 0; i < 20'000; ++i) mail.bytes += "A line of some length, again and again.\r\n.\r\n";
  return mail;
}

const Lines whole = {
    {"EHLO harbridge.example\r\n", "250 fake\r\n"},     {"MAIL FROM:<clerk@harbridge.example>\r\n", "250 Ok\r\n"},
    {"RCPT TO:<jo@fencing.example>\r\n", "250 Ok\r\n"}, {"DATA\r\n", "354 Go on\r\n"},
    {"\r\n.\r\n", "250 2.0.0 Ok: queued\r\n"},          {"QUIT\r\n", "221 Bye\r\n"}};

}  // namespace

TEST_CASE("a message goes through a socket as it is, dots stuffed") {
  FakeServer server(whole);
  const OutgoingMail sent = mail();
  const auto replies = send_mail(server.endpoint(), "harbridge.example", sent, nullptr);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].outcome == RecipientReply::Outcome::delivered);
  CHECK(replies[0].reply == "250 2.0.0 Ok: queued");
  std::string got = server.heard();
  got.erase(0, got.find("DATA\r\n") + 6);
  CHECK(got.ends_with("\r\n.\r\nQUIT\r\n"));
  got.resize(got.size() - 9);
  std::string plain;
  for (std::size_t at = 0; at < got.size();) {
    if (got[at] == '.') ++at;
    const std::size_t end = got.find("\r\n", at) + 2;
    plain.append(got, at, end - at);
    at = end;
  }
  CHECK((plain == sent.bytes));
}

TEST_CASE("a server that closes leaves the message deferred, with the reason") {
  for (std::size_t step = 0; step + 1 < whole.size(); ++step) {
    Lines lines(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(step) + 1);
    lines.back().second.clear();
    FakeServer server(lines);
    const auto replies = send_mail(server.endpoint(), "harbridge.example", mail(), nullptr);
    REQUIRE(replies.size() == 1);
    INFO("step " << step);
    CHECK(replies[0].outcome == RecipientReply::Outcome::deferred);
    CHECK(replies[0].reply.starts_with("beadle: "));
  }
}

TEST_CASE("nobody listens: deferred") {
  net::TemporaryFolder folder;
  const auto replies = send_mail(net::unix_endpoint(folder / "none"), "harbridge.example", mail(), nullptr);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].outcome == RecipientReply::Outcome::deferred);
  CHECK(replies[0].reply.starts_with("beadle: unix:"));
}

TEST_CASE("the stop switch ends a conversation, but not while the fate of a message is open") {
  net::StopSwitch thrown;
  thrown.stop();
  FakeServer silent(Lines{{"never", ""}});
  const auto stopped = send_mail(silent.endpoint(), "harbridge.example", mail(), &thrown);
  REQUIRE(stopped.size() == 1);
  CHECK(stopped[0].outcome == RecipientReply::Outcome::deferred);

  net::StopSwitch stop;
  FakeServer server(whole, &stop);
  const auto replies = send_mail(server.endpoint(), "harbridge.example", mail(), &stop);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].outcome == RecipientReply::Outcome::delivered);
}

TEST_CASE("what cannot be sent is refused without a connection") {
  OutgoingMail bad = mail();
  bad.bytes = "a\nb";
  const auto replies = send_mail({net::Endpoint::Kind::inet, "", "127.0.0.1", 1}, "harbridge.example", bad, nullptr);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].outcome == RecipientReply::Outcome::refused);
  CHECK(replies[0].reply.starts_with("beadle: "));
}
