// The server over real sockets of this machine. What comes of which bytes is asked without them, in http_reader_test.cpp.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "net/certificates.h"
#include "net/helpers.h"
#include "net/stream.h"
#include "web/http.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::web;

namespace {

const std::string fields = " HTTP/1.1\r\nHost: desk.example\r\n";

const std::string form = " HTTP/1.1\r\nHost: desk.example\r\nContent-Type: application/x-www-form-urlencoded\r\n";

std::string get(const std::string& path, const std::string& more = "") { return "GET " + path + fields + more + "\r\n"; }

/// Says what was asked for; "/throw" throws, "/split" tries to begin a second header, "/large" is more than a socket takes at once.
Response say_back(const Request& request) {
  if (request.path == "/throw") throw std::runtime_error("the mayor's secret");
  if (request.path == "/throw-number") throw 7;
  if (request.path == "/split") return {.body = "", .headers = {{"X-Name", "a\r\nSet-Cookie: b=c"}}};
  if (request.path == "/large") return {.body = std::string(3u << 20, 'x')};
  std::string words = request.method + " " + request.path + " " + std::string(request.form_value("words"));
  return {.type = "text/plain", .body = words + (request.secure ? " secure" : "")};
}

class RunningServer {
 public:
  explicit RunningServer(HttpSettings settings = {}, Handle handle = say_back)
      : server_(listeners(), std::move(settings), std::move(handle)), thread_([this] { server_.run(stop_); }) {}
  ~RunningServer() { stop(); }
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;

  void stop() {
    stop_.stop();
    if (thread_.joinable()) thread_.join();
  }
  net::Stream connect(std::size_t listener = 0) { return net::Stream::connect(endpoints_[listener], net::patience(), nullptr).value(); }

 private:
  std::vector<net::Listener> listeners() {
    std::vector<net::Listener> all;
    all.push_back(net::Listener::listen(net::any_port(), {}).value());
    all.push_back(net::Listener::listen(net::unix_endpoint(folder_ / "web.sock"), {}).value());
    for (const net::Listener& listener : all) endpoints_.push_back(listener.endpoint());
    return all;
  }

  net::TemporaryFolder folder_;
  std::vector<net::Endpoint> endpoints_;
  net::StopSwitch stop_;
  HttpServer server_;
  std::jthread thread_;
};

struct Answer {
  int status = 0;  // 0: none, the connection is closed
  std::string head, body;
};

/// Reads responses one after the other.
class Browser {
 public:
  explicit Browser(net::Stream stream) : stream_(std::move(stream)) {}

  bool send(const std::string& bytes) { return stream_.write_all(bytes, net::patience(), nullptr).has_value(); }
  Answer hear(bool with_body = true) {
    Answer answer;
    std::size_t end = 0;
    while ((end = bytes_.find("\r\n\r\n")) == std::string::npos) {
      if (!read()) return answer;
    }
    answer.head = bytes_.substr(0, end + 4);
    bytes_.erase(0, end + 4);
    answer.status = std::stoi(answer.head.substr(9, 3));
    const std::size_t length = answer.head.find("Content-Length: ");
    const std::size_t size = length == std::string::npos || !with_body ? 0 : std::stoul(answer.head.substr(length + 16));
    while (bytes_.size() < size && read()) {
    }
    answer.body = bytes_.substr(0, size);
    bytes_.erase(0, size);
    return answer;
  }
  Answer ask(const std::string& bytes) {
    send(bytes);
    return hear();
  }
  /// The server has closed, and said no more.
  bool at_end() { return bytes_.empty() && !read(); }
  net::Stream& stream() { return stream_; }

 private:
  bool read() {
    char buffer[4096];
    const auto got = stream_.read_some(buffer, sizeof buffer, net::patience(), nullptr);
    if (!got || *got == 0) return false;
    bytes_.append(buffer, *got);
    return true;
  }

  net::Stream stream_;
  std::string bytes_;
};

std::shared_ptr<const net::TlsContext> any_certificate() { return net::TlsContext::client({.verify = false}).value(); }

}  // namespace

TEST_CASE("a connection is used again") {
  RunningServer server;
  for (const std::size_t listener : {0u, 1u}) {
    Browser browser(server.connect(listener));
    CHECK(browser.ask(get("/a")).body == "GET /a ");
    CHECK(browser.ask("POST /in" + form + "Content-Length: 11\r\n\r\nwords=Thank").body == "POST /in Thank");
    browser.send("HEAD /b" + fields + "\r\n");
    const Answer head = browser.hear(false);
    CHECK(head.status == 200);
    CHECK(head.head.find("Content-Length: 8\r\n") != std::string::npos);
    CHECK(browser.ask(get("/c", "Connection: close\r\n")).body == "GET /c ");
    CHECK(browser.at_end());
  }
}

TEST_CASE("requests sent at once are answered in order") {
  RunningServer server;
  Browser browser(server.connect());
  std::string all;
  for (int i = 0; i < 50; ++i) all += get("/" + std::to_string(i));
  browser.send(all + get("/large") + get("/last"));
  for (int i = 0; i < 50; ++i) CHECK(browser.hear().body == "GET /" + std::to_string(i) + " ");
  CHECK(browser.hear().body.size() == 3u << 20);
  CHECK(browser.hear().body == "GET /last ");
}

TEST_CASE("a refusal is said, and is the last word") {
  RunningServer server;
  Browser browser(server.connect());
  browser.send(get("/a") + "GET /echoed HTTP/1.1\nHost: desk.example\n\n" + get("/c"));
  CHECK(browser.hear().status == 200);
  const Answer refused = browser.hear();
  CHECK(refused.status == 400);
  CHECK(refused.head.find("Connection: close\r\n") != std::string::npos);
  CHECK(refused.body.find("echoed") == std::string::npos);
  // The browser closes first where it can.
  browser.stream().close();

  Browser hidden(server.connect());
  hidden.send("POST /in" + form + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get("/smuggled"));
  CHECK(hidden.hear().status == 400);
  CHECK(hidden.at_end());
}

TEST_CASE("the answer to who sends too much arrives") {
  RunningServer server;
  for (const std::size_t listener : {0u, 1u}) {
    Browser browser(server.connect(listener));
    // A browser that cannot send all of it does not look for an answer.
    CHECK(browser.send("POST /in" + form + "Content-Length: 900000\r\n\r\n" + std::string(900'000, 'x')));
    CHECK(browser.hear().status == 413);
  }
  Browser header(server.connect());
  header.send(get("/", "X: " + std::string(100'000, 'x') + "\r\n"));
  CHECK(header.hear().status == 431);
  Browser target(server.connect());
  target.send(get("/" + std::string(100'000, 'x')));
  CHECK(target.hear().status == 414);
}

TEST_CASE("who is slow is cut, however many bytes come one by one") {
  HttpSettings settings;
  settings.header_timeout_ms = settings.body_timeout_ms = 200;
  settings.idle_timeout_ms = 200;
  RunningServer server(std::move(settings));
  Browser drips(server.connect());
  drips.send("GET / HTTP/1.1\r\nX: ");
  std::atomic<bool> done{false};
  {
    // A byte now and then for as long as it takes.
    std::jthread dripping([&] {
      while (!done) {
        drips.send("x");
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    });
    CHECK(drips.hear().status == 408);
    done = true;
  }
  Browser body(server.connect());
  CHECK(body.ask("POST /in" + form + "Content-Length: 3\r\n\r\na=").status == 408);
  CHECK(body.at_end());
  Browser idle(server.connect());
  CHECK(idle.at_end());
  Browser between(server.connect());
  CHECK(between.ask(get("/a")).status == 200);
  CHECK(between.at_end());
}

TEST_CASE("what the application throws or writes wrongly is a 500 without its words") {
  RunningServer server;
  Browser browser(server.connect());
  for (const char* path : {"/throw", "/throw-number", "/split"}) {
    INFO(path);
    const Answer answer = browser.ask(get(path));
    CHECK(answer.status == 500);
    CHECK((answer.head + answer.body).find("secret") == std::string::npos);
    CHECK(answer.head.find("Set-Cookie") == std::string::npos);
  }
  CHECK(browser.ask(get("/a")).status == 200);
}

TEST_CASE("who does not read what was asked for is cut") {
  HttpSettings settings;
  settings.write_timeout_ms = 200;
  settings.connections = 1;
  RunningServer server(std::move(settings));
  Browser deaf(server.connect(1)), next(server.connect(1));
  deaf.send(get("/large"));
  // There is one place, which the next one gets when the first one has lost it.
  CHECK(next.ask(get("/a")).status == 200);
  const Answer cut = deaf.hear();
  CHECK(cut.status == 200);
  CHECK(cut.body.size() < 3u << 20);
}

TEST_CASE("the log has neither what was asked for nor what went wrong with it") {
  const net::TemporaryFolder folder;
  std::fflush(stderr);
  const int before = ::dup(STDERR_FILENO);
  REQUIRE(std::freopen((folder / "log").c_str(), "w", stderr) != nullptr);
  set_log(LogLevel::debug, false);
  {
    RunningServer server;
    Browser browser(server.connect());
    browser.ask(get("/held/17?q=gambling"));
    browser.ask(get("/sender/" + std::string(40, 'k')));
    browser.ask(get("/throw"));
    browser.ask("GET /hidden\r\n\r\n");
  }
  set_log(LogLevel::info, false);
  std::fflush(stderr);
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  std::ifstream file(folder / "log");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  INFO(text);
  CHECK(text.find("web-request method=GET path=/held/17 status=200 ms=") != std::string::npos);
  CHECK(text.find("web-request method=GET path=/sender/* status=200 ms=") != std::string::npos);
  CHECK(text.find("web-exception method=GET path=/throw type=") != std::string::npos);
  CHECK(text.find("web-request status=400 why=") != std::string::npos);
  for (const char* secret : {"gambling", "mayor", "kkkk", "hidden"}) CHECK(text.find(secret) == std::string::npos);
}

TEST_CASE("TLS, and what is not TLS") {
  const net::Certificates certificates;
  HttpSettings settings;
  const auto files = certificates.issue({.names = "DNS:desk.example"});
  settings.tls = net::TlsContext::server({files.certificate, files.key}).value();
  RunningServer server(std::move(settings));

  Browser plain(server.connect());
  plain.send(get("/a"));
  const Answer nothing = plain.hear();
  CHECK(nothing.status == 0);

  net::Stream stream = server.connect();
  REQUIRE(stream.start_tls_client(*any_certificate(), "desk.example", net::patience(), nullptr));
  Browser browser(std::move(stream));
  const Answer answer = browser.ask(get("/a"));
  CHECK(answer.body == "GET /a  secure");
  CHECK(answer.head.find("Strict-Transport-Security: ") != std::string::npos);
  CHECK(browser.ask(get("/b")).body == "GET /b  secure");
  CHECK(browser.ask("GET\r\n\r\n").head.find("Strict-Transport-Security: ") != std::string::npos);

  // A proxy on this machine comes without.
  Browser proxy(server.connect(1));
  CHECK(proxy.ask(get("/a")).body == "GET /a ");
}

TEST_CASE("one host has so many connections, and a proxy as many as there are") {
  HttpSettings settings;
  settings.connections_per_host = 2;
  std::string message;
  RunningServer server(settings);
  {
    Browser first(server.connect()), second(server.connect());
    REQUIRE(first.ask(get("/a")).status == 200);
    REQUIRE(second.ask(get("/a")).status == 200);
    Browser third(server.connect());
    CHECK(third.ask(get("/a")).status == 0);
    CHECK(first.ask(get("/a")).status == 200);
    std::vector<Browser> by_socket;
    for (int i = 0; i < 4; ++i) {
      by_socket.emplace_back(server.connect(1));
      CHECK(by_socket.back().ask(get("/a")).status == 200);
    }
  }
  settings.proxies = {parse_network("127.0.0.1", message).value()};
  RunningServer behind(settings);
  std::vector<Browser> all;
  for (int i = 0; i < 4; ++i) {
    all.emplace_back(behind.connect());
    CHECK(all.back().ask(get("/a")).status == 200);
  }
}

TEST_CASE("where places are short, nobody keeps one between two clicks") {
  HttpSettings settings;
  settings.connections = 4;
  RunningServer server(std::move(settings));
  std::vector<Browser> all;
  for (int i = 0; i < 3; ++i) {
    all.emplace_back(server.connect());
    REQUIRE(all.back().ask(get("/a")).head.find("Connection: close") == std::string::npos);
  }
  Browser fourth(server.connect());
  CHECK(fourth.ask(get("/a")).head.find("Connection: close\r\n") != std::string::npos);
  CHECK(fourth.at_end());
}

TEST_CASE("a connection lasts so many requests") {
  RunningServer server;
  Browser browser(server.connect());
  for (std::size_t i = 1; i < limits::web_requests_per_connection_max; ++i) {
    REQUIRE(browser.ask(get("/a")).head.find("Connection: close") == std::string::npos);
  }
  CHECK(browser.ask(get("/a")).head.find("Connection: close\r\n") != std::string::npos);
  CHECK(browser.at_end());
}

TEST_CASE("a stop lets the request at hand be answered, and ends idle connections") {
  std::atomic<bool> begun{false}, go_on{false};
  RunningServer server({}, [&](const Request&) {
    begun = true;
    while (!go_on) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return Response{.body = "done"};
  });
  Browser idle(server.connect()), busy(server.connect());
  busy.send(get("/a"));
  while (!begun) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::jthread stopping([&] { server.stop(); });
  CHECK(idle.at_end());
  go_on = true;
  const Answer answer = busy.hear();
  CHECK(answer.body == "done");
  CHECK(answer.head.find("Connection: close\r\n") != std::string::npos);
  CHECK(busy.at_end());
}
