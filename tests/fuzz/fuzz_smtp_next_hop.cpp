// Any bytes as the next hop: no reply is reported that was not asked for, nothing is ready before EHLO or HELO (and TLS, and
// AUTH, where the settings demand them), the password goes in the clear to nobody but loopback and into no words, and what has
// failed stays so.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "smtp/next_hop.h"

namespace {

using namespace beadle::smtp;

constexpr std::string_view password = "secret";
constexpr std::string_view plain_response = "AGNsZXJrAHNlY3JldA==", login_response = "c2VjcmV0";
constexpr std::string_view commands[] = {"MAIL FROM:<>", "RCPT TO:<jo@fencing.example>", "DATA", "RSET", "NOOP"};

void demand(bool holds) {
  if (!holds) std::abort();
}

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

NextHopSettings settings_from(std::uint8_t bits) {
  NextHopSettings settings;
  settings.helo_name = "mail.harbridge.example";
  settings.tls = (bits & 1) != 0   ? NextHopSettings::Tls::required
                 : (bits & 2) != 0 ? NextHopSettings::Tls::if_offered
                                   : NextHopSettings::Tls::never;
  beadle::net::TlsContext::Trust anybody;
  anybody.verify = false;
  if ((bits & 4) != 0) settings.tls_context = beadle::net::TlsContext::client(anybody).value();
  if ((bits & 8) != 0) settings.user = "clerk";
  settings.password = password;
  return settings;
}

class Client {
 public:
  explicit Client(std::uint8_t bits)
      : settings_(settings_from(bits)), on_loopback_((bits & 16) != 0), machine_(settings_, on_loopback_) {}

  void hear(std::string_view bytes) {
    take(machine_.feed(bytes));
    // What came behind the reply to the first of a group.
    while (!failed_ && asked_ > 0) {
      const NextHopMachine::Step step = machine_.feed({});
      if (step.empty()) break;
      take(step);
    }
    speak();
  }

 private:
  void take(const NextHopMachine::Step& step) {
    say(step.commands);
    if (step.reply) demand(asked_-- > 0);
    if (!step.failed.empty()) {
      demand(!step.ready && !step.start_tls);
      demand(!failed_ || (step.commands.empty() && !step.reply));
      demand(!authenticating_ || (!contains(step.failed, plain_response) && !contains(step.failed, login_response)));
      failed_ = true;
    }
    demand(!failed_ || !step.failed.empty() || step.empty());
    authenticating_ = !step.ready && (authenticating_ || contains(step.commands, "AUTH "));
    if (step.ready) be_ready();
    if (!step.start_tls) return;
    demand(settings_.tls != NextHopSettings::Tls::never && settings_.tls_context != nullptr && !tls_ && !machine_.ready());
    tls_ = true;
    said_.clear();
    demand(machine_.extensions() == Extensions{});
    take(machine_.tls_started());
  }

  void be_ready() {
    demand(!std::exchange(ready_, true));
    demand(contains(said_, "EHLO ") || contains(said_, "HELO "));
    demand(settings_.tls != NextHopSettings::Tls::required || tls_);
    demand(settings_.user.empty() || contains(said_, "AUTH "));
    demand(machine_.ready() && machine_.tls() == tls_);
  }

  void say(const std::string& bytes) {
    said_ += bytes;
    demand(bytes.empty() || bytes.ends_with("\r\n"));
    const bool secret = contains(bytes, plain_response) || contains(bytes, login_response);
    demand(!secret || (!settings_.user.empty() && (tls_ || on_loopback_)));
  }

  void speak() {
    if (failed_) {
      demand(!machine_.ready() && !machine_.takes_content());
    } else if (machine_.takes_content()) {
      demand(last_command_ == "DATA");
      std::string message = machine_.content("Subject: x\r\n.\r\n");
      message += machine_.end_of_content();
      say(message);
      asked_ = 1;
    } else if (machine_.ready() && machine_.extensions().pipelining && ++count_ % 3 == 0) {
      last_command_ = "";
      say(machine_.group({"MAIL FROM:<>", "RCPT TO:<jo@fencing.example>", "RCPT TO:<ed@fencing.example>"}));
      asked_ = 3;
    } else if (machine_.ready()) {
      last_command_ = commands[count_++ % std::size(commands)];
      say(machine_.command(last_command_));
      asked_ = 1;
    }
  }

  NextHopSettings settings_;
  bool on_loopback_;
  NextHopMachine machine_;
  std::string said_;
  std::string_view last_command_;
  std::size_t count_ = 0;
  int asked_ = 0;  // replies that are due
  bool failed_ = false, ready_ = false, tls_ = false, authenticating_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t piece = 1u + data[1];
  std::string_view input(reinterpret_cast<const char*>(data + 2), size - 2);
  Client client(data[0]);
  while (!input.empty()) {
    client.hear(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
  }
  return 0;
}
