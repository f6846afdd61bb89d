// Commands of an SMTP client (RFC 5321 §4.1), taken apart strictly: what is not as the standard says is refused, never repaired, because the
// next hop might read it otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "smtp/extensions.h"

namespace beadle::smtp {

/// MAIL or RCPT with its parameters as they came (ESMTP keyword upper case, value as written; "" without "=").
struct PathCommand {
  std::string address;  // without angle brackets and source route; "" for the null sender (MAIL only); "Postmaster" alone is allowed for RCPT
  std::vector<std::pair<std::string, std::string>> parameters;
  const std::string* parameter(std::string_view keyword) const;
};

/// What follows "MAIL FROM:" or "RCPT TO:", without blanks at the end of the line. `offered`: parameters of extensions that were not offered are refused
/// (555 5.5.4), so are values out of their grammar (501 5.5.4), double ones, addresses with control characters, unbalanced quotes or more than
/// limits::address_bytes_max, what is no address (501 5.1.7, 5.1.3), and addresses outside ASCII unless SMTPUTF8 is in force (553 5.6.7). Returns the
/// command, or the reply that refuses it.
struct ParsedPath {
  std::optional<PathCommand> command;
  Reply refusal;
};
ParsedPath parse_mail(std::string_view arguments, const Extensions& offered);
ParsedPath parse_rcpt(std::string_view arguments, const Extensions& offered, bool smtputf8);

/// Whether all its parameters are of extensions that are offered.
bool is_offered(const PathCommand& path, const Extensions& offered);

/// The command for the next hop: "MAIL FROM:<a@b> SIZE=100 BODY=8BITMIME", without line end. verb: MAIL or RCPT. Parameters stay in order and as written.
std::string to_command(std::string_view verb, const PathCommand& path);

/// Of parameters that were kept ("RET=HDRS ENVID=QQ314159", inspect/envelope.h) those of MAIL, or RCPT, in RFC 3461 that have its grammar, each with a
/// blank in front; a double one once.
std::string mail_dsn(std::string_view kept);
std::string recipient_dsn(std::string_view kept, bool smtputf8);

/// XFORWARD attributes (NAME, ADDR, PORT, PROTO, HELO, IDENT, SOURCE), values xtext-decoded (RFC 3461 §4); nullopt where one is unknown or broken.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_xforward(std::string_view arguments);
/// A value as xtext.
std::string to_xtext(std::string_view value);

/// Domain or address literal of HELO/EHLO (RFC 5321 §4.1.3): not empty, printable, no blanks, at most 255 bytes.
bool is_helo_name(std::string_view name);

}  // namespace beadle::smtp
