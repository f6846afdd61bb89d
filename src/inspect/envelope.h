// The SMTP envelope (RFC 5321 §2.3.1) and what the mail server said about the session.
#pragma once

#include <string>
#include <vector>

namespace beadle::inspect {

struct Envelope {
  std::string sender;                   // "" for the null sender
  std::vector<std::string> recipients;  // as given, without angle brackets
  std::string login;                    // authenticated user (SASL), "" where there is none
  bool smtputf8 = false;
  std::string body;  // BODY= parameter: "", "7BIT", "8BITMIME"
};

}  // namespace beadle::inspect
