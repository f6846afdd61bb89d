#include "web/http_reader.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "web/http_target.h"

namespace beadle::web {
namespace {

constexpr std::size_t read_bytes = 16u << 10;
// Of the size of a chunk, in hexadecimal digits: more than a body may have.
constexpr std::size_t chunk_size_digits_max = 6;

Pairs cookies_of(const Head& head) {
  Pairs cookies;
  for (const auto& [name, value] : head.fields) {
    if (name != "cookie") continue;
    for (const std::string_view cookie : split(value, ';')) {
      const std::size_t equals = cookie.find('=');
      if (equals == std::string_view::npos) continue;
      cookies.emplace_back(trimmed(cookie.substr(0, equals)), trimmed(cookie.substr(equals + 1)));
    }
  }
  return cookies;
}

}  // namespace

std::optional<Refusal> read_request(const Head& head, const HttpSettings& settings, const Hop& hop, Incoming& incoming, Framing& framing) {
  if (const auto refusal = refusal_of_repeats(head)) return refusal;
  if (const auto refusal = refusal_of_method(head)) return refusal;
  if (const auto refusal = refusal_of_host(head, settings.hosts)) return refusal;
  if (const auto refusal = read_target(head.target, *field_of(head, "host"), incoming.request)) return refusal;
  if (const auto refusal = read_framing(head, framing)) return refusal;
  if (const auto refusal = refusal_of_body(head)) return refusal;
  incoming.keep_alive = wants_keep_alive(head);
  incoming.request.method = head.method;
  incoming.request.headers = head.fields;
  incoming.request.cookies = cookies_of(head);
  const Browser browser = browser_of(head.fields, hop, settings.proxies);
  incoming.request.peer = browser.host;
  incoming.request.secure = browser.secure;
  return std::nullopt;
}

Reading RequestReader::next() {
  CHECK(!ended_);
  if (rest().empty()) {
    source_.begin(ByteSource::Wait::idle);
    if (more() != More::yes) return Gone{};
  }
  source_.begin(ByteSource::Wait::header);
  HeadScanner scanner;
  HeadScanner::Found found = scanner.scan(rest());
  while (found.size == 0 && !found.refusal) {
    const More got = more();
    if (got == More::ended) return Gone{};
    if (got == More::failed) return Refusal{408, "header too slow"};
    found = scanner.scan(rest());
  }
  if (found.refusal) return *found.refusal;
  const auto parsed = parse_head(rest().substr(0, found.size));
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) return *refusal;
  taken_ += found.size;
  const Head& head = std::get<Head>(parsed);
  Incoming incoming;
  Framing framing;
  if (const auto refusal = read_request(head, settings_, hop_, incoming, framing)) return *refusal;
  return read_body_of(std::move(incoming), head, framing);
}

Reading RequestReader::read_body_of(Incoming incoming, const Head& head, const Framing& framing) {
  if (head.method != "POST") return incoming;
  source_.begin(ByteSource::Wait::body);
  std::string body;
  const auto refusal = framing.chunked ? read_chunked(body) : read_sized(framing.length, body);
  if (ended_) return Gone{};
  if (refusal) return *refusal;
  auto form = parse_form(body);
  if (!form) return Refusal{400, "form that cannot be decoded"};
  incoming.request.form = std::move(*form);
  return incoming;
}

std::optional<Refusal> RequestReader::read_sized(std::size_t size, std::string& body) {
  if (const auto refusal = fill(size)) return refusal;
  body += rest().substr(0, size);
  taken_ += size;
  return std::nullopt;
}

// Extensions and trailers are refused: nobody sends them with a form, and servers find their ends differently (RFC 9112 §7.1).
std::optional<Refusal> RequestReader::read_chunked(std::string& body) {
  while (true) {
    std::size_t size = 0;
    if (const auto refusal = read_chunk_size(size)) return refusal;
    if (size == 0) return read_line_end();
    if (body.size() + size > limits::web_body_bytes_max) return Refusal{413, "body too large"};
    if (const auto refusal = read_sized(size, body)) return refusal;
    if (const auto refusal = read_line_end()) return refusal;
  }
}

std::optional<Refusal> RequestReader::read_chunk_size(std::size_t& size) {
  std::size_t digits = 0;
  while (true) {
    if (const auto refusal = fill(digits + 1)) return refusal;
    if (rest()[digits] == '\r') break;
    if (++digits > chunk_size_digits_max) return Refusal{400, "chunk size that is not a plain number"};
  }
  const std::string_view text = rest().substr(0, digits);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size, 16);
  // A sign is none of from_chars' for unsigned numbers, and neither is "0x".
  if (error != std::errc() || end != text.data() + text.size()) return Refusal{400, "chunk size that is not a plain number"};
  taken_ += digits;
  return read_line_end();
}

std::optional<Refusal> RequestReader::read_line_end() {
  if (const auto refusal = fill(2)) return refusal;
  if (!rest().starts_with("\r\n")) return Refusal{400, "chunk that ends elsewhere"};
  taken_ += 2;
  return std::nullopt;
}

std::optional<Refusal> RequestReader::fill(std::size_t size) {
  while (rest().size() < size) {
    const More got = more();
    ended_ = got == More::ended;
    if (got != More::yes) return Refusal{408, "body too slow"};
  }
  return std::nullopt;
}

RequestReader::More RequestReader::more() {
  buffer_.erase(0, taken_);
  taken_ = 0;
  const std::size_t held = buffer_.size();
  buffer_.resize(held + read_bytes);
  const auto got = source_.read_some(buffer_.data() + held, read_bytes);
  buffer_.resize(held + (got ? *got : 0));
  if (!got) return More::failed;
  return *got == 0 ? More::ended : More::yes;
}

}  // namespace beadle::web
