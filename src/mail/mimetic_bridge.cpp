#include "mail/mimetic_bridge.h"

#include <mimetic/mimetic.h>

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::mail {
namespace {

using Types = std::vector<std::string>;

bool is_token_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte < 0x7F && std::string_view("()<>@,;:\\\"[]?=/").find(c) == std::string_view::npos;
}

// mimetic keeps blanks and comments around a word: "plain " and "plain (x)" are "plain", and "(x) text" is "text".
std::string bare_word(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('(')) text = trimmed(text.substr(std::min(text.find(')'), text.size() - 1) + 1));
  const auto end = std::find_if_not(text.begin(), text.end(), is_token_byte);
  return ascii_lower(text.substr(0, static_cast<std::size_t>(end - text.begin())));
}

// As we take it (RFC 2045 §5.2, RFC 2046 §5.1.5): no type is plain text, or a message within a digest.
std::string type_of(const mimetic::MimeEntity& entity, bool in_digest) {
  if (!entity.hasField(mimetic::ContentType::label)) return in_digest ? "message/rfc822" : "text/plain";
  const mimetic::ContentType& type = entity.header().contentType();
  const std::string main = bare_word({type.type().data(), type.type().size()});
  const std::string sub = bare_word({type.subtype().data(), type.subtype().size()});
  return main.empty() || sub.empty() ? "text/plain" : main + "/" + sub;
}

// Recurses as deep as mimetic did: is_harmless bounds that.
void add_leaves(const mimetic::MimeEntity& entity, bool in_digest, Types& out) {
  const std::string type = type_of(entity, in_digest);
  const mimetic::MimeEntityList& parts = entity.body().parts();
  if (parts.empty() || !type.starts_with("multipart/")) {
    out.push_back(type);
    return;
  }
  for (const mimetic::MimeEntity* part : parts) add_leaves(*part, type == "multipart/digest", out);
}

Types our_leaves(const Message& message) {
  Types out;
  for (const Part& part : message.parts) {
    if (!part.inside_original && (part.children.empty() || part.is_message())) out.push_back(part.type);
  }
  return out;
}

// Copies each field in steps of 128 bytes: what a field costs grows with the square of its length.
bool has_cheap_fields(const Message& message) {
  constexpr std::size_t work_max = 40 * (limits::header_field_bytes_max / 1024) * (limits::header_field_bytes_max / 1024);
  std::size_t work = 0;
  for (const Part& part : message.parts) {
    for (const Field& field : part.fields) work += (field.whole.size() / 1024) * (field.whole.size() / 1024);
  }
  return work <= work_max;
}

// It recurses, also into encoded messages, where we see a leaf. A level takes at least a line with a Content-Type; ten thousand
// levels overflow a stack of 2 MiB.
bool is_shallow(std::string_view bytes) {
  constexpr std::size_t levels_max = 3000;
  constexpr std::string_view name = "content-type";
  constexpr std::size_t level_bytes_min = 28;  // "Content-Type:message/rfc822\n"
  if (bytes.size() < levels_max * level_bytes_min) return true;
  std::size_t levels = 0;
  for (std::size_t at = 0; at < bytes.size() && levels <= levels_max;) {
    if (bytes.size() - at > name.size() && (bytes[at] | 0x20) == 'c' && ascii_istarts_with(bytes.substr(at), name)) ++levels;
    const std::size_t feed = bytes.find('\n', at);
    at = feed == std::string_view::npos ? bytes.size() : feed + 1;
  }
  return levels <= levels_max;
}

}  // namespace

bool mimetic_disagrees(const Message& message) {
  // Bare CRs are line ends to it, so that is_shallow would count too few.
  if (message.has_defect(DefectKind::limit) || message.has_defect(DefectKind::bare_cr)) return true;
  const std::string_view bytes = std::string_view(message.bytes).substr(message.parts[0].header.begin);
  if (!has_cheap_fields(message) || !is_shallow(bytes)) return true;
  try {
    mimetic::MimeEntity entity;
    entity.load(bytes.data(), bytes.data() + bytes.size(), mimetic::imBody | mimetic::imPreamble | mimetic::imEpilogue);
    Types leaves;
    const mimetic::MimeEntity& root = entity;
    add_leaves(root, false, leaves);
    return leaves != our_leaves(message);
  } catch (const std::exception&) {
    return true;
  }
}

}  // namespace beadle::mail
