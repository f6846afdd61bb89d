// An SMTP client that measures: as many messages as it can for some seconds; or sessions that are opened, fed some lines and kept; or one
// large message. relay.py starts it; each way prints one line of JSON. It knows just enough SMTP for that, and stops at the first reply it did not expect.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "mails.h"

namespace beadle::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::string_view usage = R"(usage: bench_smtp_load load PORT SECONDS CONNECTIONS MESSAGES-A-CONNECTION
       bench_smtp_load keep PORT SESSIONS       opens them, sends a part of a message in each, and waits for the end of its input
       bench_smtp_load large PORT BYTES
       bench_smtp_load one PORT MESSAGES        one after the other on one connection
)";
// Of the council that the stories play in (tests/stories/cast.py).
constexpr std::string_view sender = "clerk@harbridge.example", recipient = "ross@homemail.example";

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "bench_smtp_load: %s\n", what.c_str());
  std::exit(1);
}

class Client {
 public:
  explicit Client(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) give_up("nobody listens");
    expect("220", 1);
    say("EHLO bench.example\r\n");
    expect("250", 1);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void begin() {
    const std::string mail = "MAIL FROM:<" + std::string(sender) + ">\r\n", to = "RCPT TO:<" + std::string(recipient) + ">\r\n", data = "DATA\r\n";
    if (pipelining_) {
      say(mail + to + data);
      expect("250", 2);
    } else {
      for (const std::string& command : {mail, to}) {
        say(command);
        expect("250", 1);
      }
      say(data);
    }
    expect("354", 1);
  }

  void say(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) give_up("the other side hung up");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// `count` replies, of one or more lines each.
  void expect(std::string_view code, int count) {
    while (count > 0) {
      const std::size_t end = heard_.find("\r\n");
      if (end == std::string::npos) {
        char bytes[4096];
        const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
        if (got <= 0) give_up("the other side hung up");
        heard_.append(bytes, static_cast<std::size_t>(got));
        continue;
      }
      if (heard_.compare(0, code.size(), code) != 0) give_up("expected " + std::string(code) + ", heard " + heard_.substr(0, end));
      pipelining_ = pipelining_ || heard_.compare(4, 10, "PIPELINING") == 0;
      if (heard_[3] == ' ') --count;
      heard_.erase(0, end + 2);
    }
  }

 private:
  int socket_;
  std::string heard_;
  bool pipelining_ = false;
};

/// With a Message-ID of its own each time, as mail has: what is a copy of an earlier mail may be treated in another way.
std::string with_id(const std::string& mail, unsigned number) {
  return "Message-ID: <" + std::to_string(number) + "." + std::to_string(::getpid()) + "@bench.example>\r\n" + mail;
}

/// What goes behind DATA: CRLF, dots stuffed, with the end.
std::vector<std::string> wire_mails() {
  std::vector<std::string> out;
  for (const std::string& mail : made_mails(200).bytes) {
    std::string wire;
    bool begins = true;
    for (std::size_t i = 0; i < mail.size(); ++i) {
      if (mail[i] == '\n' && (i == 0 || mail[i - 1] != '\r')) wire += '\r';
      if (begins && mail[i] == '.') wire += '.';
      wire += mail[i];
      begins = mail[i] == '\n';
    }
    if (!wire.ends_with("\r\n")) wire += "\r\n";
    out.push_back(wire + ".\r\n");
  }
  return out;
}

std::atomic<unsigned> next_number{0};

double send_one(Client& client, const std::vector<std::string>& mails) {
  const unsigned number = next_number++;
  const std::string bytes = with_id(mails[number % mails.size()], number);
  const auto begin = Clock::now();
  client.begin();
  client.say(bytes);
  client.expect("250", 1);
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

void print(std::vector<double> milliseconds, double seconds) {
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto at = [&](double share) { return milliseconds.empty() ? 0 : milliseconds[static_cast<std::size_t>(share * static_cast<double>(milliseconds.size() - 1))]; };
  std::printf("{\"messages\": %zu, \"seconds\": %.3f, \"p50\": %.3f, \"p99\": %.3f}\n", milliseconds.size(), seconds, at(0.5), at(0.99));
}

int load(int port, double seconds, std::size_t connections, int messages) {
  const std::vector<std::string> mails = wire_mails();
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::duration<double>(seconds);
  std::vector<std::vector<double>> taken(connections);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < connections; ++i) {
    threads.emplace_back([&, i] {
      while (Clock::now() < end) {
        Client client(port);
        for (int k = 0; k < messages && Clock::now() < end; ++k) taken[i].push_back(send_one(client, mails));
        client.say("QUIT\r\n");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<double> all;
  for (const auto& one : taken) all.insert(all.end(), one.begin(), one.end());
  print(std::move(all), std::chrono::duration<double>(Clock::now() - begin).count());
  return 0;
}

int one(int port, int messages) {
  const std::vector<std::string> mails = wire_mails();
  std::vector<double> taken;
  Client client(port);
  const auto begin = Clock::now();
  for (int i = 0; i < messages; ++i) taken.push_back(send_one(client, mails));
  print(std::move(taken), std::chrono::duration<double>(Clock::now() - begin).count());
  return 0;
}

int keep(int port, int sessions) {
  std::vector<std::unique_ptr<Client>> clients;
  const std::string half = wire_mails().front().substr(0, 4000);
  for (int i = 0; i < sessions; ++i) {
    clients.push_back(std::make_unique<Client>(port));
    clients.back()->begin();
    clients.back()->say(half);
  }
  std::printf("{\"sessions\": %zu}\n", clients.size());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}

int large(int port, std::size_t bytes) {
  Client client(port);
  const auto begin = Clock::now();
  client.begin();
  client.say("From: <" + std::string(sender) + ">\r\nTo: <" + std::string(recipient) +
             ">\r\nSubject: a film\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n");
  const std::string piece = made_base64(760'000, 5);
  for (std::size_t sent = 0; sent + piece.size() <= bytes; sent += piece.size()) client.say(piece);
  client.say("\r\n.\r\n");
  client.expect("250", 1);
  print({std::chrono::duration<double, std::milli>(Clock::now() - begin).count()}, std::chrono::duration<double>(Clock::now() - begin).count());
  return 0;
}

int run(const std::vector<std::string>& words) {
  const auto number = [&](std::size_t i) { return std::atoi(words[i].c_str()); };
  if (words.size() == 5 && words[0] == "load") return load(number(1), std::atof(words[2].c_str()), static_cast<std::size_t>(number(3)), number(4));
  if (words.size() == 3 && words[0] == "one") return one(number(1), number(2));
  if (words.size() == 3 && words[0] == "keep") return keep(number(1), number(2));
  if (words.size() == 3 && words[0] == "large") return large(number(1), static_cast<std::size_t>(number(2)));
  std::fputs(usage.data(), stderr);
  return 64;
}

}  // namespace
}  // namespace beadle::bench

int main(int argc, char** argv) { return beadle::bench::run({argv + 1, argv + argc}); }
