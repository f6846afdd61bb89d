// What send_mail does, without a socket: bytes of the server in, bytes of ours out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "smtp/client.h"

namespace beadle::smtp {

class ClientMachine {
 public:
  ClientMachine(const std::string& helo_name, const OutgoingMail& mail)
      : mail_(mail), transaction_(helo_name, mail_), hop_(settings(helo_name), true), finished_(transaction_.settled()) {}
  ClientMachine(const ClientMachine&) = delete;
  ClientMachine& operator=(const ClientMachine&) = delete;

  std::string feed(std::string_view bytes) {
    if (bytes.empty() || finished_) return "";
    if (quitting_) {
      finished_ = true;
      return "";
    }
    const NextHopMachine::Step step = hop_.feed(bytes);
    if (step.reply) transaction_.on_reply(*step.reply);
    if (!step.failed.empty()) {
      transaction_.lost(step.failed);
      quitting_ = !step.commands.empty();
      finished_ = !quitting_;
      return step.commands;
    }
    if (step.ready) transaction_.begin(hop_.extensions());
    return step.ready || step.reply ? say_next() : step.commands;
  }
  bool finished() const { return finished_; }
  void connection_lost(std::string_view why) {
    transaction_.lost(why);
    finished_ = true;
  }
  const std::vector<RecipientReply>& outcomes() const { return transaction_.outcomes(); }
  bool settled() const { return transaction_.settled(); }

 private:
  static NextHopSettings settings(const std::string& helo_name) {
    NextHopSettings settings;
    settings.helo_name = helo_name;
    settings.tls = NextHopSettings::Tls::never;
    return settings;
  }

  std::string say_next() {
    quitting_ = transaction_.settled();
    // DATA was answered with 354, and that is no reply that settles anything.
    if (transaction_.wants_content() && !quitting_) {
      const std::string stuffed = hop_.content(mail_.bytes);
      return stuffed + hop_.end_of_content();
    }
    return hop_.command(quitting_ ? "QUIT" : transaction_.next());
  }

  OutgoingMail mail_;
  MailTransaction transaction_;
  NextHopMachine hop_;
  bool quitting_ = false;
  bool finished_;
};

}  // namespace beadle::smtp
