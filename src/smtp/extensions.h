// Service extensions (RFC 5321 §2.2) that this program understands and passes on. What is not among them is never offered: CHUNKING, above all,
// because every message is looked at whole.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beadle::smtp {

struct Extensions {
  bool pipelining = false;         // RFC 2920
  bool eight_bit_mime = false;     // RFC 6152
  bool smtputf8 = false;           // RFC 6531
  bool dsn = false;                // RFC 3461
  bool enhanced_codes = false;     // RFC 2034
  bool starttls = false;           // RFC 3207: of this hop alone
  bool size = false;               // RFC 1870
  std::uint64_t size_bytes = 0;    // 0: no fixed bound
  std::vector<std::string> xforward{};  // attribute names, upper case (Postfix: XFORWARD_README); empty: not offered
  std::vector<std::string> auth{};      // mechanisms, upper case (RFC 4954)
  bool operator==(const Extensions&) const = default;
};

/// Attributes of XFORWARD that we understand.
inline constexpr std::array<std::string_view, 7> xforward_attributes = {"NAME", "ADDR", "PORT", "PROTO", "HELO", "IDENT", "SOURCE"};
bool is_xforward_attribute(std::string_view name);

/// From the lines of a reply to EHLO after the first ("SIZE 10240000"). Unknown ones are left out, also of XFORWARD's attributes.
Extensions parse_extensions(const std::vector<std::string>& lines);

/// A reply, as it was said or is to be said: lines without code, separator and line end; at least one.
struct Reply {
  int code = 0;
  std::vector<std::string> lines;
  bool positive() const { return code / 100 == 2; }
  bool operator==(const Reply&) const = default;
};
/// "250-first\r\n250 last\r\n"; printable ASCII ("?" stands for the rest), each line at most 510 bytes and its end (RFC 5321 §4.5.3.1.5).
std::string to_wire(const Reply& reply);
/// "550 5.7.1 Refused" → {550, {"5.7.1 Refused"}}. Our own words: CHECKs that a code (200 to 599) stands in front.
Reply reply(std::string_view words);
/// In one line, for logs and people: "550 5.7.1 Refused; ask the office". An enhanced code that each line repeats is said once.
std::string to_words(const Reply& reply);

}  // namespace beadle::smtp
