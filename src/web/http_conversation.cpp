#include "web/http_conversation.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <typeinfo>

#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "web/http_reader.h"
#include "web/http_response.h"

namespace beadle::web {
namespace {

// A whole export over a slow line takes longer than a page: slower lines than this, in bytes a millisecond, are cut. Each piece has the time of a page,
// so that whoever reads nothing at all does not keep a large response for as long as that.
constexpr std::int64_t write_rate_least = 16;
constexpr std::size_t write_piece_bytes = 256u << 10;
// Longer words of a path are links that let somebody act: they have no place in a log.
constexpr std::size_t logged_segment_bytes_max = 36;
// Who is refused may still be sending: what arrives at a closed socket destroys the answer on its way. So much of it is taken, and so long.
constexpr std::size_t lingering_bytes_max = 1u << 20;
constexpr std::int64_t lingering_ms = 2'000;
constexpr std::size_t lingering_read_bytes = 16u << 10;

std::string path_for_log(const std::string& path) {
  std::string out;
  for (const std::string_view segment : split(std::string_view(path).substr(1), '/')) {
    out += "/";
    out += segment.size() > logged_segment_bytes_max ? "*" : segment;
  }
  return out;
}

class StreamSource : public ByteSource {
 public:
  StreamSource(net::Stream& stream, const HttpSettings& settings, const net::StopSwitch& stop) : stream_(stream), settings_(settings), stop_(stop) {}

  void begin(Wait wait) override {
    const std::int64_t most = wait == Wait::idle     ? settings_.idle_timeout_ms
                              : wait == Wait::header ? settings_.header_timeout_ms
                                                     : settings_.body_timeout_ms;
    deadline_ = net::after_ms(most);
    idle_ = wait == Wait::idle;
  }
  // A request that has begun is read to its end: the browser would not know whether it was carried out.
  Result<std::size_t> read_some(char* buffer, std::size_t size) override {
    return stream_.read_some(buffer, size, deadline_, idle_ ? &stop_ : nullptr);
  }

 private:
  net::Stream& stream_;
  const HttpSettings& settings_;
  const net::StopSwitch& stop_;
  net::Deadline deadline_;
  bool idle_ = true;
};

class Conversation {
 public:
  Conversation(net::Stream stream, HttpShared& shared, const net::StopSwitch& stop)
      : stream_(std::move(stream)), shared_(shared), stop_(stop), hop_{stream_.peer_host(), false} {
    ++shared_.open;
  }
  ~Conversation() { --shared_.open; }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  void run() {
    if (!shake_hands()) return;
    StreamSource source(stream_, shared_.settings, stop_);
    RequestReader reader(source, shared_.settings, hop_);
    for (std::size_t count = 1;; ++count) {
      const Reading reading = reader.next();
      const auto* incoming = std::get_if<Incoming>(&reading);
      if (incoming == nullptr) return refuse(std::get_if<Refusal>(&reading));
      if (!answer(incoming->request, incoming->keep_alive && count < limits::web_requests_per_connection_max)) return;
    }
  }

 private:
  bool shake_hands() {
    const HttpSettings& settings = shared_.settings;
    if (settings.tls == nullptr || hop_.host == "unix") return true;
    const auto shaken = stream_.start_tls_server(*settings.tls, net::after_ms(settings.header_timeout_ms), &stop_);
    // Often a browser that was sent by "http://", or one that does not trust the certificate: no trouble of ours.
    if (!shaken) log(LogLevel::debug, "web-tls", {{"peer", hop_.host}, {"why", shaken.error().what}});
    hop_.tls = shaken.has_value();
    return shaken.has_value();
  }

  /// Places are short: whoever is between two clicks can connect again.
  bool is_crowded() const { return shared_.open > shared_.settings.connections - shared_.settings.connections / 4; }

  /// False where that was the last answer.
  bool answer(const Request& request, bool may_go_on) {
    const auto begun = std::chrono::steady_clock::now();
    Response response = carry_out(request);
    if (!is_sendable(response)) {
      log(LogLevel::error, "web-header", {{"path", path_for_log(request.path)}, {"why", "a header of the response has a control character"}});
      response = error_page(500);
    }
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count();
    log(LogLevel::debug, "web-request",
        {{"method", request.method}, {"path", path_for_log(request.path)}, {"status", std::to_string(response.status)}, {"ms", std::to_string(ms)}});
    const bool close = !may_go_on || is_crowded() || stop_.stopped();
    return write(response, {.head = request.method == "HEAD", .close = close, .secure = request.secure, .now = system_now()}) && !close;
  }

  // What an exception says may be content.
  Response carry_out(const Request& request) {
    try {
      return shared_.handle(request);
    } catch (const std::exception& error) {
      log(LogLevel::error, "web-exception", {{"method", request.method}, {"path", path_for_log(request.path)}, {"type", typeid(error).name()}});
    } catch (...) {
      log(LogLevel::error, "web-exception", {{"method", request.method}, {"path", path_for_log(request.path)}});
    }
    return error_page(500);
  }

  /// nullptr: the browser has gone.
  void refuse(const Refusal* refusal) {
    if (refusal == nullptr) return;
    log(LogLevel::debug, "web-request", {{"status", std::to_string(refusal->status)}, {"why", std::string(refusal->why)}});
    shared_.rare_log.log(LogLevel::notice, "web-bad-request", hop_.host, std::string(refusal->why));
    if (write(error_page(refusal->status), {.close = true, .secure = hop_.tls, .now = system_now()}) && refusal->status != 408) linger();
  }

  bool write(const Response& response, const Sending& sending) {
    std::string head = head_of(response, sending);
    std::string_view body = has_body(response, sending) ? std::string_view(response.body) : std::string_view();
    const net::Deadline end = net::after_ms(shared_.settings.write_timeout_ms + static_cast<std::int64_t>(body.size()) / write_rate_least);
    // A page goes out at once, in one packet where it is small.
    head += body.substr(0, write_piece_bytes);
    body.remove_prefix(std::min(body.size(), write_piece_bytes));
    auto written = write_piece(head, end);
    while (written && !body.empty()) {
      written = write_piece(body.substr(0, write_piece_bytes), end);
      body.remove_prefix(std::min(body.size(), write_piece_bytes));
    }
    if (!written) log(LogLevel::debug, "web-write", {{"peer", hop_.host}, {"why", written.error().what}});
    return written.has_value();
  }

  Result<void> write_piece(std::string_view bytes, net::Deadline end) {
    return stream_.write_all(bytes, std::min(end, net::after_ms(shared_.settings.write_timeout_ms)), nullptr);
  }

  void linger() {
    std::string thrown_away(lingering_read_bytes, '\0');
    const net::Deadline deadline = net::after_ms(lingering_ms);
    for (std::size_t taken = 0; taken < lingering_bytes_max;) {
      const auto got = stream_.read_some(thrown_away.data(), thrown_away.size(), deadline, &stop_);
      if (!got || *got == 0) return;
      taken += *got;
    }
  }

  net::Stream stream_;
  HttpShared& shared_;
  const net::StopSwitch& stop_;
  Hop hop_;
};

}  // namespace

void converse(net::Stream stream, HttpShared& shared, const net::StopSwitch& stop) {
  // Nobody may end the process for one connection.
  try {
    Conversation(std::move(stream), shared, stop).run();
  } catch (const std::exception& error) {
    shared.rare_log.log(LogLevel::error, "web-exception", "", typeid(error).name());
  }
}

}  // namespace beadle::web
