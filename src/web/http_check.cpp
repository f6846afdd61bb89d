#include "web/http_check.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace beadle::web {
namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";
// Enough for any length that we take; more digits could overflow somewhere.
constexpr std::size_t length_digits_max = 9;
// RFC 1035 §2.3.4
constexpr std::size_t host_name_bytes_max = 253;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool are_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

bool are_of(std::string_view text, std::string_view letters) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || letters.find(c) != std::string_view::npos;
  });
}

/// The name of "name", "name:port", "[2001:db8::1]:port"; "" where it is none of these.
std::string_view name_of_host(std::string_view host) {
  const std::size_t name_end = host.starts_with('[') ? host.find(']') + 1 : std::min(host.find(':'), host.size());
  const std::string_view name = host.substr(0, name_end), rest = host.substr(name.size());
  if (!rest.empty() && (rest.size() > 6 || !are_digits(rest.substr(1)) || rest[0] != ':')) return "";
  if (name.size() > host_name_bytes_max) return "";
  if (!name.starts_with('[')) return are_of(name, "-._") ? name : "";
  std::string message;
  const auto address = parse_network(name, message);
  return address && name.find('/') == std::string_view::npos ? name : "";
}

bool same_host(std::string_view wanted, std::string_view name) {
  if (name.starts_with('[') && !wanted.starts_with('[')) name = name.substr(1, name.size() - 2);
  return ascii_iequals(wanted, name);
}

bool is_form(std::string_view type) {
  const std::size_t semicolon = type.find(';');
  if (!ascii_iequals(trimmed(type.substr(0, semicolon)), form_type)) return false;
  if (semicolon == std::string_view::npos) return true;
  const std::string_view parameter = trimmed(type.substr(semicolon + 1));
  return ascii_iequals(parameter, "charset=utf-8") || ascii_iequals(parameter, "charset=\"utf-8\"");
}

std::optional<Refusal> read_length(std::string_view value, Framing& framing) {
  const bool odd = !are_digits(value) || (value.size() > 1 && value[0] == '0');
  if (odd) return Refusal{400, "Content-Length that is not a plain number"};
  if (value.size() > length_digits_max) return Refusal{413, "body too large"};
  std::from_chars(value.data(), value.data() + value.size(), framing.length);
  if (framing.length > limits::web_body_bytes_max) return Refusal{413, "body too large"};
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> field_of(const Head& head, std::string_view name) {
  for (const auto& [known, value] : head.fields) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::optional<Refusal> refusal_of_method(const Head& head) {
  if (head.method == "GET" || head.method == "HEAD" || head.method == "POST") return std::nullopt;
  return Refusal{405, "method"};
}

std::optional<Refusal> refusal_of_repeats(const Head& head) {
  const auto may_come_once = [](std::string_view name) {
    for (const std::string_view one : {"host", "content-length", "transfer-encoding", "content-type", "content-encoding", "expect", "origin", "referer"}) {
      if (name == one) return true;
    }
    return name.starts_with("sec-fetch-");
  };
  for (auto field = head.fields.begin(); field != head.fields.end(); ++field) {
    if (!may_come_once(field->first)) continue;
    const auto same = [&](const auto& later) { return later.first == field->first; };
    if (std::any_of(field + 1, head.fields.end(), same)) return Refusal{400, "a header field twice that may come once"};
  }
  return std::nullopt;
}

std::optional<Refusal> refusal_of_host(const Head& head, const std::vector<std::string>& hosts) {
  const auto host = field_of(head, "host");
  if (!host) return Refusal{400, "no Host"};
  const std::string_view name = name_of_host(*host);
  if (name.empty()) return Refusal{400, "Host that is no name"};
  const bool known = hosts.empty() || std::any_of(hosts.begin(), hosts.end(), [&](const std::string& one) { return same_host(one, name); });
  if (!known) return Refusal{421, "Host that is not ours"};
  return std::nullopt;
}

std::optional<Refusal> read_framing(const Head& head, Framing& framing) {
  const auto length = field_of(head, "content-length"), encoding = field_of(head, "transfer-encoding");
  if (length && encoding) return Refusal{400, "Content-Length and Transfer-Encoding"};
  if (encoding) {
    if (head.minor_version == 0) return Refusal{400, "Transfer-Encoding in HTTP/1.0"};
    if (*encoding != "chunked") return Refusal{501, "Transfer-Encoding other than chunked"};
    framing.chunked = true;
  } else if (length) {
    if (const auto refusal = read_length(*length, framing)) return refusal;
  }
  if (head.method != "POST" && (framing.chunked || framing.length > 0)) return Refusal{400, "body of a request that has none"};
  if (head.method == "POST" && !length && !encoding) return Refusal{411, "POST without a length"};
  return std::nullopt;
}

std::optional<Refusal> refusal_of_body(const Head& head) {
  // Nobody waits for "100 Continue" with the few bytes of a form; who does, sends it again without asking (RFC 9110 §10.1.1).
  if (field_of(head, "expect")) return Refusal{417, "Expect"};
  if (head.method != "POST") return std::nullopt;
  if (field_of(head, "content-encoding")) return Refusal{415, "Content-Encoding"};
  if (!is_form(field_of(head, "content-type").value_or(""))) return Refusal{415, "body that is no form"};
  return std::nullopt;
}

bool wants_keep_alive(const Head& head) {
  if (head.minor_version == 0) return false;
  for (const auto& [name, value] : head.fields) {
    if (name != "connection") continue;
    for (const std::string_view word : split(value, ',')) {
      if (ascii_iequals(trimmed(word), "close")) return false;
    }
  }
  return true;
}

}  // namespace beadle::web
