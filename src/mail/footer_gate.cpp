#include "mail/footer_gate.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace beadle::mail {
namespace {

std::size_t count_fields(const Part& part, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(part.fields.begin(), part.fields.end(),
                                                [&](const Field& field) { return ascii_iequals(trimmed(field.name), name); }));
}

bool is_signed(const Message& message) {
  const auto& fields = message.parts[0].fields;
  return std::any_of(fields.begin(), fields.end(), [](const Field& field) {
    const std::string name = ascii_lower(trimmed(field.name));
    return name == "dkim-signature" || name == "domainkey-signature" || name.starts_with("arc-");
  });
}

// Defects of characters only; all others leave the structure in doubt.
bool spoils_structure(DefectKind kind) {
  switch (kind) {
    case DefectKind::header_8bit:
    case DefectKind::missing_from:
    case DefectKind::bad_address:
    case DefectKind::duplicate_field:  // of Content-*: looked at part by part
    case DefectKind::bad_encoding:     // of the edited part: looked at by the splice
    case DefectKind::unknown_charset:
    case DefectKind::bad_charset:
    case DefectKind::unknown_encoding:
      return false;                  // looked at part by part as well
    case DefectKind::no_blank_line:  // a broken part; of the root: a mail of a header only, see below
    case DefectKind::nul_byte:
    case DefectKind::bare_cr:
    case DefectKind::header_junk:
    case DefectKind::unclosed_multipart:
    case DefectKind::missing_boundary:
    case DefectKind::ambiguous_boundary:
    case DefectKind::ambiguous_structure:
    case DefectKind::limit:
      break;
  }
  return true;
}

// A text mail whose header runs to the end of the bytes: there is only one way to read it.
bool is_header_only(const Message& message, const Defect& defect) {
  const Part& root = message.parts.front();
  return defect.kind == DefectKind::no_blank_line && message.parts.size() == 1 && root.type.starts_with("text/") &&
         root.body.begin == message.bytes.size() && message.bytes.ends_with('\n');
}

bool is_smime_name(std::string_view name) {
  const std::string lower = ascii_lower(name);
  return lower.ends_with(".p7m") || lower.ends_with(".p7s");
}

// A boundary that is folded, or ends in a blank, is read in more than one way: it must stand in the field as it is used.
bool is_odd_boundary(const Message& message, const Part& part) {
  const std::string_view boundary = part.parameter("boundary");
  if (boundary.empty() || boundary.ends_with(' ')) return true;
  for (const Field& field : part.fields) {
    if (ascii_iequals(trimmed(field.name), "Content-Type"))
      return slice(message.bytes, field.value).find(boundary) == std::string_view::npos;
  }
  return true;
}

std::string part_refusal(const Message& message, const Part& part) {
  if (count_fields(part, "Content-Type") > 1 || count_fields(part, "Content-Transfer-Encoding") > 1)
    return "duplicate Content-Type or Content-Transfer-Encoding";
  if (count_fields(part, "Content-MD5") > 0) return "Content-MD5";
  if (part.encoding == Encoding::unknown) return "unknown transfer encoding";
  if (part.is_multipart() && part.encoding != Encoding::none) return "encoded multipart";
  if (part.is_multipart() && is_odd_boundary(message, part)) return "odd boundary";
  if (part.type == "multipart/signed") return "signed";
  if (part.type == "multipart/encrypted") return "encrypted";
  if (part.type == "multipart/report") return "report";
  if (part.type == "application/pkcs7-mime" || part.type == "application/x-pkcs7-mime" ||
      part.type == "application/pgp-encrypted" || part.type == "application/pgp" || part.type == "application/pgp-signature" ||
      is_smime_name(part.file_name)) {
    return "signed or encrypted";
  }
  if (part.type == "application/ms-tnef" || part.type == "application/vnd.ms-tnef" ||
      ascii_iequals(part.file_name, "winmail.dat"))
    return "TNEF";
  if (part.type == "text/calendar" && !ascii_istarts_with(trimmed(raw_field(message, part, "Content-Disposition")), "attachment"))
    return "calendar invitation";
  if (part.type == "message/partial" || part.type == "message/external-body") return "partial or external message";
  return "";
}

bool has_inline_pgp(const Message& message) {
  return std::any_of(message.texts.begin(), message.texts.end(),
                     [](const Text& text) { return text.utf8.find("-----BEGIN PGP ") != std::string::npos; });
}

// A part that is named or attached is not the body, whatever its type.
bool is_aside(const Part& part, bool root) { return !root && (part.attachment || !part.file_name.empty()); }

class Picker {
 public:
  explicit Picker(const Message& message) : message_(message) {}

  FooterLeaves pick(std::size_t index) {
    const Part& part = message_.parts[index];
    if (is_aside(part, index == 0)) return {};
    if (part.is_multipart()) return pick_multipart(index, part);
    if (part.type == "text/plain" || part.type == "text/html") return {{index}, ""};
    if (part.type.starts_with("text/") && part.type != "text/calendar") return {{}, "displayed text of another kind"};
    return {};
  }

 private:
  FooterLeaves pick_multipart(std::size_t index, const Part& part) {
    if (part.type == "multipart/alternative") return pick_alternative(part);
    if (part.type == "multipart/related") return pick_related(index, part);
    for (const int child : part.children) {
      FooterLeaves leaves = pick(static_cast<std::size_t>(child));
      if (!leaves.parts.empty() || !leaves.refusal.empty()) return leaves;
    }
    return {};
  }

  // Each reader sees another one of them: all, or none.
  FooterLeaves pick_alternative(const Part& part) {
    FooterLeaves out;
    for (const int child : part.children) {
      FooterLeaves leaves = pick(static_cast<std::size_t>(child));
      if (!leaves.refusal.empty()) return leaves;
      if (leaves.parts.empty()) return {{}, "an alternative without text"};
      out.parts.insert(out.parts.end(), leaves.parts.begin(), leaves.parts.end());
    }
    return out;
  }

  // RFC 2387 §3.2: the part that `start` names, else the first.
  FooterLeaves pick_related(std::size_t index, const Part& part) {
    const std::string_view start = message_.parts[index].parameter("start");
    if (part.children.empty()) return {};
    if (start.empty()) return pick(static_cast<std::size_t>(part.children[0]));
    for (const int child : part.children) {
      const auto at = static_cast<std::size_t>(child);
      if (trimmed(raw_field(message_, message_.parts[at], "Content-ID")) == trimmed(start)) return pick(at);
    }
    return {{}, "related part without its root"};
  }

  const Message& message_;
};

}  // namespace

std::string raw_field(const Message& message, const Part& part, std::string_view name) {
  for (const Field& field : part.fields) {
    if (!ascii_iequals(trimmed(field.name), name)) continue;
    std::string value;
    for (const char c : slice(message.bytes, field.value)) {
      if (c != '\r' && c != '\n') value += c;
    }
    return std::string(trimmed(value));
  }
  return "";
}

std::string footer_refusal(const Message& message) {
  if (message.parts.empty()) return "no structure";
  if (is_signed(message)) return "signed (DKIM or ARC)";
  for (const Defect& defect : message.defects) {
    if (spoils_structure(defect.kind) && !is_header_only(message, defect)) return "structure in doubt";
  }
  for (const Part& part : message.parts) {
    if (part.inside_original) continue;  // what is attached is not touched
    if (std::string reason = part_refusal(message, part); !reason.empty()) return reason;
  }
  if (has_inline_pgp(message)) return "signed or encrypted (PGP in the text)";
  return "";
}

FooterLeaves footer_leaves(const Message& message) { return Picker(message).pick(0); }

}  // namespace beadle::mail
