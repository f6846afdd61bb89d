#include "imap/mailbox_url.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace beadle::imap {
namespace {

/// Without "%XX"; nullopt where it is none, or says what has no place in a name.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    unsigned value = 0;
    const std::string_view digits = text.substr(at + 1, 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2) return std::nullopt;
    out += static_cast<char>(value);
    at += 2;
  }
  const bool has_control = std::any_of(out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (has_control || !is_valid_utf8(out)) return std::nullopt;
  return out;
}

}  // namespace

std::string read_mailbox_url(std::string_view text, MailboxUrl& out) {
  out = {};
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return "is no address as imaps://USER@HOST/FOLDER";
  std::string_view rest = text.substr(scheme + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view who = rest.substr(0, slash);
  const auto folder = decoded(slash == rest.size() ? "" : rest.substr(slash + 1));
  const std::size_t at = who.rfind('@');
  if (at == std::string_view::npos) return "does not say whose mailbox it is: imaps://USER@HOST/FOLDER";
  out.server = std::string(text.substr(0, scheme + 3)) + std::string(who.substr(at + 1));
  who = who.substr(0, at);
  const std::size_t how = std::min(who.find(';'), who.size());
  const std::string_view login = who.substr(how);
  if (ascii_iequals(login, ";AUTH=XOAUTH2")) out.by = Login::By::xoauth2;
  else if (ascii_iequals(login, ";AUTH=OAUTHBEARER")) out.by = Login::By::oauthbearer;
  else if (!login.empty()) return "has another login than ;AUTH=XOAUTH2 or ;AUTH=OAUTHBEARER";
  if (who.find(':') != std::string_view::npos) return "has a password in it, which belongs in a file (--password-file)";
  const auto user = decoded(who.substr(0, how));
  if (!user || user->empty() || !folder) return "has a user or folder that is none";
  out.user = *user;
  out.folder = *folder;
  return url_mistake(out.server);
}

}  // namespace beadle::imap
