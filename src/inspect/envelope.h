// The SMTP envelope (RFC 5321 §2.3.1) and what the mail server said about the session.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beadle::inspect {

struct Envelope {
  std::string sender;                   // "" for the null sender
  std::vector<std::string> recipients;  // as given, without angle brackets
  std::string login;                    // authenticated user (SASL), "" where there is none
  bool smtputf8 = false;
  std::string body;  // BODY= parameter: "", "7BIT", "8BITMIME"
  // What the sender wants to hear of the delivery (RFC 3461), as it came, blanks between: "RET=HDRS ENVID=QQ314159". Whoever sends it on looks at its grammar.
  std::string dsn{};
  std::vector<std::string> recipient_dsn{};  // "NOTIFY=SUCCESS ORCPT=rfc822;jo@b.example", in the order of `recipients`; missing ones at its end are empty
};

/// Adds a parameter of MAIL or RCPT ("NOTIFY=NEVER") where it is one of RFC 3461, and one word.
void add_dsn(std::string& dsn, std::string_view parameter);
/// Of the recipient at `index`; "" where nothing was asked.
std::string_view dsn_of_recipient(const Envelope& envelope, std::size_t index);

}  // namespace beadle::inspect
