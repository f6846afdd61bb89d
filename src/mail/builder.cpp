#include "mail/builder.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"
#include "mail/encoders.h"

namespace beadle::mail {
namespace {

constexpr std::size_t columns_most = 78;            // RFC 5322 §2.1.1
constexpr std::size_t line_bytes_max = 998;         // RFC 5322 §2.1.1
constexpr std::size_t text_line_bytes_plain = 900;  // longer lines of text are quoted-printable

// One line: control characters become nothing, line ends a blank.
std::string one_line(std::string_view value) {
  std::string out;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r' || c == '\n' || c == '\t') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else if (byte >= 0x20 && byte != 0x7F) {
      out += c;
    }
  }
  return std::string(trimmed(out));
}

// An address or a message id: what no field may hold within angle brackets is dropped.
std::string bare(std::string_view value) {
  std::string out;
  for (const char c : one_line(value)) {
    if (c != ' ' && c != '<' && c != '>') out += c;
  }
  return out;
}

bool is_atom_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" !#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  });
}

std::string phrase(std::string_view name) {
  const std::string clean = one_line(name);
  if (!is_ascii(clean) || clean.find("=?") != std::string::npos) return encode_words(clean);
  if (is_atom_text(clean)) return clean;
  std::string quoted = "\"";
  for (const char c : clean) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string mailbox(const Mailbox& box) {
  const std::string name = phrase(box.name), address = bare(box.address);
  return name.empty() ? address : name + " <" + address + ">";
}

// A field folded at blanks (RFC 5322 §2.2.3); a word longer than a line may be stays whole.
void add_field(std::string& out, std::string_view name, std::string_view value) {
  std::string line = std::string(name) + ":";
  bool fresh = true;
  for (const std::string_view word : split(value, ' ')) {
    if (word.empty()) continue;
    if (!fresh && line.size() + 1 + word.size() > columns_most) {
      out += line + "\r\n";
      line.clear();
    }
    line += ' ';
    line += word.substr(0, line_bytes_max - columns_most);
    fresh = false;
  }
  out += line + "\r\n";
}

std::string mailboxes(const std::vector<Mailbox>& boxes) {
  std::vector<std::string> out;
  for (const Mailbox& box : boxes) out.push_back(mailbox(box));
  return joined(out, ", ");
}

bool is_field_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F && c != ':'; });
}

// LF line ends; other control characters than tabs are dropped.
std::string clean_text(std::string_view text) {
  std::string out;
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n' || c == '\t' || (byte >= 0x20 && byte != 0x7F)) out += c;
  }
  if (!out.empty() && !out.ends_with('\n')) out += '\n';
  return out;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 30);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (text[i] == '\n') out += '\r';
    out += text[i];
  }
  return out;
}

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    longest = std::max(longest, end - begin);
    begin = end + 1;
  }
  return longest;
}

bool is_plain(std::string_view text) {
  if (!is_ascii(text) || longest_line(text) > text_line_bytes_plain) return false;
  // Mail servers change these; quoted-printable keeps them.
  return !text.starts_with("From ") && text.find("\nFrom ") == std::string_view::npos &&
         text.find(" \n") == std::string_view::npos;
}

// Header fields and body of the text, as a part or as the whole mail.
std::string text_entity(std::string_view text) {
  const bool plain = is_plain(text);
  std::string out = "Content-Type: text/plain; charset=utf-8\r\n";
  out += plain ? "Content-Transfer-Encoding: 7bit\r\n\r\n" : "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
  return out + (plain ? with_crlf(text) : encode_quoted_printable(text, "\r\n"));
}

std::string_view encoding_of(std::string_view message) {
  if (message.find('\0') != std::string_view::npos || longest_line(message) > line_bytes_max) return "binary";
  return is_ascii(message) ? "7bit" : "8bit";
}

// A boundary that stands in neither part: taken from their digest, so that the same mail gets the same bytes.
std::string boundary_for(std::string_view text, std::string_view attached) {
  std::string boundary = "=_" + sha256_hex(std::string(text) + std::string(attached)).substr(0, 40);
  while (text.find(boundary) != std::string_view::npos || attached.find(boundary) != std::string_view::npos) {
    boundary = "=_" + sha256_hex(boundary).substr(0, 40);
  }
  return boundary;
}

std::string with_attachment(std::string_view text, std::string_view attached) {
  const std::string message = with_crlf(attached);
  const std::string boundary = boundary_for(text, message);
  std::string out = "Content-Type: multipart/mixed;\r\n boundary=\"" + boundary + "\"\r\n";
  out += "Content-Transfer-Encoding: " + std::string(encoding_of(message)) + "\r\n\r\n";
  out += "--" + boundary + "\r\n" + text_entity(text) + "\r\n";
  out += "--" + boundary + "\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=\"message.eml\"\r\n";
  out += "Content-Transfer-Encoding: " + std::string(encoding_of(message)) + "\r\n\r\n";
  return out + message + "\r\n--" + boundary + "--\r\n";
}

}  // namespace

std::string build_mail(const NewMail& mail, Time now) {
  std::string out;
  add_field(out, "Date", to_rfc5322(now));
  add_field(out, "From", mailbox(mail.from));
  if (!mail.to.empty()) add_field(out, "To", mailboxes(mail.to));
  add_field(out, "Subject", encode_words(one_line(valid_utf8(mail.subject))));
  if (const std::string id = bare(mail.message_id); !id.empty()) add_field(out, "Message-ID", "<" + id + ">");
  if (const std::string id = bare(mail.in_reply_to); !id.empty()) add_field(out, "In-Reply-To", "<" + id + ">");
  std::vector<std::string> references;
  for (const std::string& reference : mail.references) {
    if (const std::string id = bare(reference); !id.empty()) references.push_back("<" + id + ">");
  }
  if (!references.empty()) add_field(out, "References", joined(references, " "));
  for (const auto& [name, value] : mail.extra_fields) {
    if (is_field_name(name)) add_field(out, name, encode_words(one_line(valid_utf8(value))));
  }
  out += "MIME-Version: 1.0\r\n";
  const std::string text = clean_text(mail.text);
  return out + (mail.attached_message.empty() ? text_entity(text) : with_attachment(text, mail.attached_message));
}

}  // namespace beadle::mail
