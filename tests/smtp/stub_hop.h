// A next hop that takes any number of connections, answers each line as it is told, and remembers what it heard.
#pragma once

#include <functional>
#include <list>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "net/helpers.h"
#include "smtp/next_hop.h"

namespace beadle::smtp {

class StubHop {
 public:
  /// The reply to a line of a connection (counted from 1), "" closes it. The greeting is asked for as "", a message as its bytes with the final dot.
  using Say = std::function<std::string(int connection, const std::string& line)>;

  explicit StubHop(Say say = [](int, const std::string& line) { return usual(line); })
      : listener_(net::Listener::listen(net::any_port(), {}).value()), say_(std::move(say)), accepting_([this] { accept_all(); }) {}
  ~StubHop() { stop_.stop(); }

  static std::string usual(const std::string& line) {
    if (line.empty()) return "220 stub.example ESMTP\r\n";
    if (line.starts_with("EHLO")) return "250-stub.example\r\n250-SIZE\r\n250-8BITMIME\r\n250-DSN\r\n250 SMTPUTF8\r\n";
    if (line == "DATA") return "354 Go on\r\n";
    if (line == "QUIT") return "221 Bye\r\n";
    return line.ends_with("\r\n.\r\n") ? "250 2.0.0 Ok: taken\r\n" : "250 2.1.0 Ok\r\n";
  }

  NextHopSettings settings() const {
    NextHopSettings settings;
    settings.endpoint = listener_.endpoint();
    settings.helo_name = "gate.harbridge.example";
    settings.tls = NextHopSettings::Tls::never;
    return settings;
  }
  /// All lines of a connection so far, without EHLO.
  std::vector<std::string> heard(int connection) {
    std::vector<std::string> lines;
    for (const auto& [number, line] : *heard_.access()) {
      if (number == connection && !line.starts_with("EHLO")) lines.push_back(line);
    }
    return lines;
  }
  int connections() { return *connections_.access(); }

 private:
  void accept_all() {
    std::list<std::jthread> conversations;
    while (true) {
      auto accepted = listener_.accept(stop_);
      if (!accepted || !*accepted) return;
      const int number = ++*connections_.access();
      conversations.emplace_back([this, number, stream = std::move(**accepted)]() mutable { converse(number, stream); });
    }
  }

  void converse(int number, net::Stream& stream) {
    std::string input, line;
    bool content = false;
    while (true) {
      const std::string reply = say_(number, line);
      if (reply.empty() || !stream.write_all(reply, net::patience(), &stop_) || line == "QUIT") return;
      content = line == "DATA" && reply.starts_with("354");
      const std::string end = content ? "\r\n.\r\n" : "\r\n";
      while (input.find(end) == std::string::npos) {
        char buffer[4096];
        const auto got = stream.read_some(buffer, sizeof buffer, net::patience(), &stop_);
        if (!got || *got == 0) return;
        input.append(buffer, *got);
      }
      const std::size_t size = input.find(end) + end.size();
      line = input.substr(0, content ? size : size - 2);
      input.erase(0, size);
      heard_.access()->emplace_back(number, line);
    }
  }

  net::Listener listener_;
  net::StopSwitch stop_;
  Say say_;
  Guarded<std::vector<std::pair<int, std::string>>> heard_;
  Guarded<int> connections_{0};
  std::jthread accepting_;
};

}  // namespace beadle::smtp
