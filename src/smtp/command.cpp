#include "smtp/command.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"

namespace beadle::smtp {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c); }
bool is_eight_bit(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool is_graphic(char c) { return c > ' ' && c < 0x7F; }
bool is_ascii(std::string_view text) { return ascii_prefix(text) == text.size(); }

/// RFC 5322 §3.2.3, and RFC 6531 §3.3.
bool is_atext(char c) {
  return is_alphanumeric(c) || is_eight_bit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool all(std::string_view text, bool (*holds)(char)) { return std::all_of(text.begin(), text.end(), holds); }

/// UTF-8 without control characters of any kind.
bool is_clean(std::string_view text) {
  if (!is_valid_utf8(text)) return false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return false;
  }
  return true;
}

/// Bytes of the quoted string that `text` begins with, quotes included (RFC 5321 §4.1.2); 0 where it is not closed.
std::size_t quoted_size(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return 0;
}

/// Labels of letters, digits, "-" and "_", which are between dots. The underscore is no part of RFC 5321 but of many a host's
/// name.
bool is_domain(std::string_view text) {
  if (text.empty() || text.size() > limits::smtp_domain_bytes_max) return false;
  for (const std::string_view label : split(text, '.')) {
    if (label.empty() || !all(label, [](char c) { return is_alphanumeric(c) || is_eight_bit(c) || c == '-' || c == '_'; }))
      return false;
  }
  return true;
}

/// RFC 5321 §4.1.3; what stands in it is for the next hop to judge.
bool is_address_literal(std::string_view text) {
  if (text.size() < 3 || text.size() > limits::smtp_domain_bytes_max || text.front() != '[' || text.back() != ']') return false;
  return all(text.substr(1, text.size() - 2), [](char c) { return is_graphic(c) && c != '[' && c != ']' && c != '\\'; });
}

/// RFC 5321 §4.1.2, but for dots: "a..b@" and "a.@" are in use, and nobody reads them in two ways.
bool is_mailbox(std::string_view text) {
  std::size_t at = text.starts_with('"') ? quoted_size(text) : std::min(text.find('@'), text.size());
  if (at == 0 || at >= text.size() || text[at] != '@') return false;
  if (!text.starts_with('"') && !all(text.substr(0, at), [](char c) { return is_atext(c) || c == '.'; })) return false;
  const std::string_view domain = text.substr(at + 1);
  return is_domain(domain) || is_address_literal(domain);
}

/// Without the source route, which is read over (RFC 5321 appendix C); nullopt where it is none.
std::optional<std::string_view> without_route(std::string_view path) {
  if (!path.starts_with('@')) return path;
  const std::size_t colon = path.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  for (const std::string_view hop : split(path.substr(0, colon), ',')) {
    if (!hop.starts_with('@') || !is_domain(hop.substr(1))) return std::nullopt;
  }
  return path.substr(colon + 1);
}

/// Bytes of "<path>" at the start; 0 where it is not closed.
std::size_t path_size(std::string_view text) {
  if (!text.starts_with('<')) return 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '>') return i + 1;
    if (text[i] != '"') continue;
    const std::size_t quoted = quoted_size(text.substr(i));
    if (quoted == 0) return 0;
    i += quoted - 1;
  }
  return 0;
}

bool is_hex(char c) { return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f'); }
int hex_value(char c) { return is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10; }

/// RFC 3461 §4; nullopt where it is none. Eight-bit characters stand for themselves (RFC 6533 §3, utf-8-addr-unitext).
std::optional<std::string> from_xtext(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '+') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return std::nullopt;
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else if ((is_graphic(c) && c != '=') || is_eight_bit(c)) {
      out += c;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

using Parameter = std::pair<std::string, std::string>;

bool is_orcpt(std::string_view value, bool smtputf8) {
  const std::size_t semicolon = std::min(value.find(';'), value.size());
  if (semicolon == 0 || !all(value.substr(0, semicolon), is_atext) || semicolon + 1 >= value.size()) return false;
  const auto address = from_xtext(value.substr(semicolon + 1));
  return value.size() <= limits::smtp_orcpt_bytes_max && (smtputf8 || is_ascii(value)) && address && is_clean(*address);
}

bool is_notify(std::string_view value) {
  if (ascii_iequals(value, "NEVER")) return true;
  const auto words = split(value, ',');
  return std::all_of(words.begin(), words.end(), [](std::string_view word) {
    return ascii_iequals(word, "SUCCESS") || ascii_iequals(word, "FAILURE") || ascii_iequals(word, "DELAY");
  });
}

bool is_envid(std::string_view value) {
  const auto decoded = from_xtext(value);
  return !value.empty() && value.size() <= limits::smtp_envid_bytes_max && is_ascii(value) && decoded && is_clean(*decoded);
}

enum class Known { unknown, good, bad };
Known judged(bool good) { return good ? Known::good : Known::bad; }

Known judge_mail(const Parameter& parameter, const Extensions& offered) {
  const auto& [keyword, value] = parameter;
  if (keyword == "SIZE" && offered.size)
    return judged(!value.empty() && value.size() <= limits::smtp_size_digits_max && all(value, is_digit));
  if (keyword == "BODY" && offered.eight_bit_mime)
    return judged(ascii_iequals(value, "7BIT") || ascii_iequals(value, "8BITMIME"));
  if (keyword == "SMTPUTF8" && offered.smtputf8) return judged(value.empty());
  if (keyword == "RET" && offered.dsn) return judged(ascii_iequals(value, "FULL") || ascii_iequals(value, "HDRS"));
  if (keyword == "ENVID" && offered.dsn) return judged(is_envid(value));
  return Known::unknown;
}

Known judge_rcpt(const Parameter& parameter, const Extensions& offered, bool smtputf8) {
  const auto& [keyword, value] = parameter;
  if (keyword == "NOTIFY" && offered.dsn) return judged(is_notify(value));
  if (keyword == "ORCPT" && offered.dsn) return judged(is_orcpt(value, smtputf8));
  return Known::unknown;
}

/// RFC 5321 §4.1.2: SP keyword ["=" value], again and again. The words of a refusal, "" where all is well.
template <class Judge>
std::string take_parameters(std::string_view text, PathCommand& command, const Judge& judge) {
  while (!text.empty()) {
    text.remove_prefix(1);  // the blank
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    const std::size_t equals = std::min(word.find('='), word.size());
    const std::string keyword = ascii_upper(word.substr(0, equals));
    const bool has_value = equals < word.size();
    const std::string_view value = has_value ? word.substr(equals + 1) : "";
    if (keyword.empty() || keyword.front() == '-' || !all(keyword, [](char c) { return is_alphanumeric(c) || c == '-'; }) ||
        (has_value && value.empty()) || value.find('=') != std::string_view::npos)
      return "501 5.5.4 Bad parameter";
    if (command.parameter(keyword) != nullptr) return "501 5.5.4 " + keyword + " is given twice";
    command.parameters.emplace_back(keyword, value);
    switch (judge(command.parameters.back())) {
      case Known::unknown:
        return "555 5.5.4 " + keyword + " is not offered here";
      case Known::bad:
        return "501 5.5.4 Bad value of " + keyword;
      case Known::good:
        break;
    }
  }
  return "";
}

/// What `judge` finds good of parameters that were kept.
template <class Judge>
std::string good_parameters(std::string_view kept, const Judge& judge) {
  PathCommand good;
  std::string out;
  for (const std::string_view word : split(kept, ' ')) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) continue;
    const Parameter parameter{ascii_upper(word.substr(0, equals)), word.substr(equals + 1)};
    if (judge(parameter) != Known::good || good.parameter(parameter.first) != nullptr) continue;
    out += " " + parameter.first + "=" + parameter.second;
    good.parameters.push_back(parameter);
  }
  return out;
}

ParsedPath refused(std::string_view words) { return {std::nullopt, reply(words)}; }

/// The address of "<address>", into `command`; what follows the bracket is given back. nullopt where it is none.
std::optional<std::string_view> take_path(std::string_view arguments, PathCommand& command) {
  const std::size_t size = path_size(arguments);
  if (size == 0) return std::nullopt;
  const auto address = without_route(arguments.substr(1, size - 2));
  const std::string_view rest = arguments.substr(size);
  if (!address || (!rest.empty() && rest.front() != ' ')) return std::nullopt;
  if (address->size() > limits::address_bytes_max || !is_clean(*address)) return std::nullopt;
  command.address = *address;
  return rest;
}

constexpr std::string_view needs_smtputf8 = "553 5.6.7 Addresses outside ASCII need SMTPUTF8";

}  // namespace

const std::string* PathCommand::parameter(std::string_view keyword) const {
  for (const auto& [name, value] : parameters) {
    if (ascii_iequals(name, keyword)) return &value;
  }
  return nullptr;
}

ParsedPath parse_mail(std::string_view arguments, const Extensions& offered) {
  PathCommand command;
  const auto rest = take_path(arguments, command);
  // The null sender is "<>"; an empty address behind a route is none.
  const bool is_null = arguments.starts_with("<>");
  if (!rest || (!is_null && !is_mailbox(command.address)))
    return refused("501 5.1.7 Bad sender address; the syntax is MAIL FROM:<address>");
  const std::string refusal =
      take_parameters(*rest, command, [&](const Parameter& parameter) { return judge_mail(parameter, offered); });
  if (!refusal.empty()) return refused(refusal);
  if (!is_ascii(command.address) && command.parameter("SMTPUTF8") == nullptr) return refused(needs_smtputf8);
  return {std::move(command), {}};
}

ParsedPath parse_rcpt(std::string_view arguments, const Extensions& offered, bool smtputf8) {
  PathCommand command;
  const auto rest = take_path(arguments, command);
  // RFC 5321 §4.5.1: the one address that needs no domain.
  const bool is_postmaster = arguments.size() > 1 && arguments[1] != '@' && ascii_iequals(command.address, "Postmaster");
  if (!rest || (!is_postmaster && !is_mailbox(command.address)))
    return refused("501 5.1.3 Bad recipient address; the syntax is RCPT TO:<address>");
  const std::string refusal =
      take_parameters(*rest, command, [&](const Parameter& parameter) { return judge_rcpt(parameter, offered, smtputf8); });
  if (!refusal.empty()) return refused(refusal);
  if (!is_ascii(command.address) && !smtputf8) return refused(needs_smtputf8);
  return {std::move(command), {}};
}

bool is_offered(const PathCommand& path, const Extensions& offered) {
  return std::all_of(path.parameters.begin(), path.parameters.end(), [&](const Parameter& parameter) {
    return judge_mail(parameter, offered) != Known::unknown || judge_rcpt(parameter, offered, true) != Known::unknown;
  });
}

std::string to_command(std::string_view verb, const PathCommand& path) {
  CHECK(verb == "MAIL" || verb == "RCPT");
  std::string out = verb == "MAIL" ? "MAIL FROM:<" : "RCPT TO:<";
  out += path.address + ">";
  for (const auto& [keyword, value] : path.parameters) {
    out += " " + keyword;
    if (!value.empty()) out += "=" + value;
  }
  return out;
}

std::string mail_dsn(std::string_view kept) {
  return good_parameters(kept, [](const Parameter& parameter) { return judge_mail(parameter, {.dsn = true}); });
}

std::string recipient_dsn(std::string_view kept, bool smtputf8) {
  return good_parameters(kept, [&](const Parameter& parameter) { return judge_rcpt(parameter, {.dsn = true}, smtputf8); });
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_xforward(std::string_view arguments) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const std::string_view word : split(arguments, ' ')) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    std::string name = ascii_upper(word.substr(0, equals));
    auto value = from_xtext(word.substr(equals + 1));
    const bool is_double =
        std::any_of(attributes.begin(), attributes.end(), [&](const auto& other) { return other.first == name; });
    if (!is_xforward_attribute(name) || is_double || !value || value->empty() ||
        value->size() > limits::smtp_xforward_value_bytes_max || !is_clean(*value))
      return std::nullopt;
    attributes.emplace_back(std::move(name), std::move(*value));
  }
  return attributes;
}

std::string to_xtext(std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : value) {
    if (is_graphic(c) && c != '+' && c != '=') {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'+', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

bool is_helo_name(std::string_view name) {
  return !name.empty() && name.size() <= limits::smtp_domain_bytes_max && all(name, is_graphic);
}

}  // namespace beadle::smtp
