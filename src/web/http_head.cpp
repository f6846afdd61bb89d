#include "web/http_head.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "base/text.h"

namespace beadle::web {
namespace {

namespace http = boost::beast::http;

// Of a request line: links of ours have some hundred bytes, a search at most a thousand.
constexpr std::size_t request_line_bytes_max = 4096;
// Browsers send twenty.
constexpr std::size_t fields_max = 100;

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }

/// RFC 9110 §5.6.2
bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
  });
}

/// Fields that decide where a request ends and for whom it is. Blanks around them are what servers have disagreed about most.
bool must_be_plain(std::string_view name) {
  return ascii_iequals(name, "host") || ascii_iequals(name, "content-length") || ascii_iequals(name, "transfer-encoding");
}

bool is_plain(std::string_view value) {
  if (value.starts_with(' ')) value.remove_prefix(1);
  return trimmed(value) == value;
}

std::optional<Refusal> refusal_of_request_line(std::string_view line) {
  if (std::count(line.begin(), line.end(), ' ') != 2) return Refusal{400, "request line is not three words"};
  if (!std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < '\x7F'; })) return Refusal{400, "request line is not ASCII"};
  return std::nullopt;
}

std::optional<Refusal> refusal_of_field(std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('\t')) return Refusal{400, "folded header field"};
  const std::size_t colon = line.find(':');
  // A blank before the colon is no token either (RFC 9112 §5.1).
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return Refusal{400, "header field without a proper name"};
  if (must_be_plain(line.substr(0, colon)) && !is_plain(line.substr(colon + 1))) return Refusal{400, "blanks around a field that must have none"};
  return std::nullopt;
}

std::optional<Refusal> refusal_of_lines(std::string_view block) {
  std::size_t lines = 0;
  while (true) {
    const std::string_view line = block.substr(0, block.find("\r\n"));
    if (line.empty()) return std::nullopt;
    block.remove_prefix(line.size() + 2);
    if (++lines > 1 + fields_max) return Refusal{431, "too many header fields"};
    if (const auto refusal = lines == 1 ? refusal_of_request_line(line) : refusal_of_field(line)) return refusal;
  }
}

Refusal refusal_of(const boost::system::error_code& error) {
  if (error == http::error::bad_version) return {505, "not HTTP/1.0 or HTTP/1.1"};
  if (error == http::error::header_limit) return {431, "header too large"};
  return {400, "head that is not HTTP"};
}

Head to_head(const http::request<http::empty_body>& message) {
  Head head;
  head.method = std::string(message.method_string());
  head.target = std::string(message.target());
  head.minor_version = static_cast<int>(message.version() % 10);
  for (const auto& field : message) {
    const std::string_view name(field.name_string().data(), field.name_string().size()), value(field.value().data(), field.value().size());
    head.fields.emplace_back(ascii_lower(name), valid_utf8(trimmed(value)));
  }
  return head;
}

}  // namespace

HeadScanner::Found HeadScanner::scan(std::string_view bytes) {
  const std::size_t end = std::min(bytes.size(), limits::web_header_bytes_max);
  for (; at_ < end; ++at_) {
    const char c = bytes[at_];
    const bool behind_return = at_ > 0 && bytes[at_ - 1] == '\r';
    if (behind_return != (c == '\n')) return {0, Refusal{400, "line end that is not CR LF"}};
    if (c == '\n') {
      const bool is_empty = at_ - line_start_ == 1;
      if (is_empty && lines_ == 0) return {0, Refusal{400, "empty line before the request"}};
      if (is_empty) return {at_ + 1};
      line_start_ = at_ + 1;
      ++lines_;
    } else if (is_control(c) && c != '\t' && c != '\r') {
      return {0, Refusal{400, "control character in the head"}};
    }
    if (lines_ == 0 && at_ >= request_line_bytes_max) return {0, Refusal{414, "request line too long"}};
  }
  if (end == limits::web_header_bytes_max) return {0, Refusal{431, "header too large"}};
  return {};
}

std::variant<Head, Refusal> parse_head(std::string_view block) {
  if (const auto refusal = refusal_of_lines(block)) return *refusal;
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits::web_header_bytes_max));
  parser.skip(true);  // the body is ours
  boost::system::error_code error;
  const std::size_t used = parser.put(boost::asio::buffer(block.data(), block.size()), error);
  if (error) return refusal_of(error);
  // Two readers that saw different ends saw different requests.
  if (used != block.size() || !parser.is_header_done()) return Refusal{400, "head that ends elsewhere"};
  return to_head(parser.get());
}

}  // namespace beadle::web
