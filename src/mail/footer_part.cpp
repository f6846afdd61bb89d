#include "mail/footer_part.h"

#include <algorithm>
#include <string>

#include "base/digest.h"
#include "base/text.h"
#include "mail/encoders.h"
#include "mail/footer_splice.h"

namespace beadle::mail {
namespace {

FooterPlan refused(std::string reason) {
  FooterPlan plan;
  plan.refusal = std::move(reason);
  return plan;
}

// Start of the first delimiter line of the root; npos where it is not where it must be.
std::size_t first_delimiter(const Message& message) {
  const Part& root = message.parts[0];
  if (root.children.empty()) return std::string::npos;
  const std::size_t behind = message.parts[static_cast<std::size_t>(root.children[0])].header.begin;
  if (behind < 2 || message.bytes[behind - 1] != '\n') return std::string::npos;
  const std::size_t before = message.bytes.rfind('\n', behind - 2);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  const std::string delimiter = "--" + std::string(root.parameter("boundary"));
  const std::string_view found = std::string_view(message.bytes).substr(begin, behind - begin);
  if (begin < root.body.begin || trimmed(found) != delimiter || !found.starts_with(delimiter)) return std::string::npos;
  return begin;
}

std::string text_part(std::string_view delimiter, std::string_view line, std::string_view line_end) {
  const bool ascii = is_ascii(line);
  std::string out = std::string(delimiter) + std::string(line_end);
  out += std::string("Content-Type: text/plain; charset=") + (ascii ? "us-ascii" : "utf-8") + std::string(line_end);
  out += std::string("Content-Transfer-Encoding: ") + (ascii ? "7bit" : "quoted-printable") + std::string(line_end);
  out += line_end;
  return out + (ascii ? std::string(line) : encode_quoted_printable(line, line_end)) + std::string(line_end);
}

FooterPlan plan_first_part(const Message& message, std::string_view line) {
  const std::size_t at = first_delimiter(message);
  if (at == std::string::npos) return refused("no text body, and no place for one");
  const std::string_view line_end = first_line_end(std::string_view(message.bytes).substr(at));
  FooterPlan plan;
  plan.shape = FooterPlan::Shape::added;
  plan.edits = {{at, 0, text_part("--" + std::string(message.parts[0].parameter("boundary")), line, line_end)}};
  plan.remarks = {"text part added"};
  return plan;
}

bool describes_body(const Field& field) { return ascii_istarts_with(trimmed(field.name), "content-"); }

// The same for the same message, and in none of its lines.
std::string boundary_for(const Message& message) {
  std::string boundary = "=_beadle_" + sha256_hex(message.bytes).substr(0, 32);
  while (message.bytes.find(boundary) != std::string::npos) boundary += '_';
  return boundary;
}

// RFC 2045 §3: fields that describe the body go with it. The rest of the header stays where it is.
FooterPlan plan_wrapping(const Message& message, std::string_view line) {
  const Part& root = message.parts[0];
  const std::string_view line_end = first_line_end(slice(message.bytes, root.header));
  const auto type = std::find_if(root.fields.begin(), root.fields.end(),
                                 [](const Field& field) { return ascii_iequals(trimmed(field.name), "Content-Type"); });
  if (root.body.begin <= root.header.end || line_end.empty() || type == root.fields.end()) return refused("no text body");
  const std::string boundary = boundary_for(message), delimiter = "--" + boundary;
  FooterPlan plan;
  plan.shape = FooterPlan::Shape::wrapped;
  plan.remarks = {"text part added", "body moved into a multipart"};
  std::string moved;
  for (auto field = root.fields.begin(); field != root.fields.end(); ++field) {
    if (!describes_body(*field)) continue;
    const std::string_view written = slice(message.bytes, field->whole);
    if (!written.ends_with('\n')) return refused("no text body");
    moved += written;
    std::string instead;
    if (field == type) {
      if (!message.has_header("MIME-Version")) instead = "MIME-Version: 1.0" + std::string(line_end);
      instead += "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"" + std::string(line_end);
    }
    plan.edits.push_back({field->whole.begin, field->whole.size(), std::move(instead)});
  }
  plan.edits.push_back({root.body.begin, 0,
                        text_part(delimiter, line, line_end) + delimiter + std::string(line_end) + moved + std::string(line_end)});
  plan.edits.push_back({root.body.end, 0, std::string(line_end) + delimiter + "--" + std::string(line_end)});
  return plan;
}

}  // namespace

FooterPlan plan_part(const Message& message, std::string_view line) {
  const Part& root = message.parts[0];
  if (root.type == "multipart/mixed") return plan_first_part(message, line);
  // A mail within a mail, or a container of another kind, means something as it is.
  if (root.is_multipart() || root.type.starts_with("message/") || root.type.starts_with("text/")) return refused("no text body");
  return plan_wrapping(message, line);
}

}  // namespace beadle::mail
