// beadle show: one message as Beadle reads it: parts with their bytes, texts with their zones, letters within it, what is odd and what
// was not read. Judges nothing and needs no settings.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "mail/codec.h"
#include "mail/message.h"

namespace beadle::cli {
namespace {

using mail::Message;
using nlohmann::ordered_json;

constexpr std::size_t line_bytes_shown = 120;

std::string shown(const std::vector<mail::Mailbox>& mailboxes) {
  std::vector<std::string> out;
  for (const mail::Mailbox& mailbox : mailboxes) {
    out.push_back(mailbox.name.empty() ? mailbox.address : mailbox.name + (mailbox.address.empty() ? "" : " <" + mailbox.address + ">"));
  }
  return printable(joined(out, ", "));
}

std::string_view where_of(const mail::Original& original) {
  static constexpr std::string_view places[] = {"quoted", "forwarded", "attached"};
  return places[static_cast<std::size_t>(original.where)];
}

std::string_view encoding_of(mail::Encoding encoding) {
  static constexpr std::string_view names[] = {"plain", "quoted-printable", "base64", "unknown encoding"};
  return names[static_cast<std::size_t>(encoding)];
}

int depth_of(const Message& message, const mail::Part& part) {
  int depth = 0;
  for (int at = part.parent; at >= 0; at = message.parts[static_cast<std::size_t>(at)].parent) ++depth;
  return depth;
}

std::string id_of(const mail::Part& part) { return part.id.empty() ? "-" : part.id; }

void print_parts(const Message& message) {
  std::printf("Parts (bytes of header, bytes of body)\n");
  for (const mail::Part& part : message.parts) {
    const std::string indent(static_cast<std::size_t>(2 * depth_of(message, part) + 2), ' ');
    std::printf("%s%s %s, %s%s%s%s  [%zu,%zu) [%zu,%zu)\n", indent.c_str(), id_of(part).c_str(), printable(part.type).c_str(),
                std::string(encoding_of(part.encoding)).c_str(), part.charset.empty() ? "" : (", " + printable(part.charset)).c_str(),
                part.attachment ? ", attachment" : "", part.file_name.empty() ? "" : (" \"" + printable(part.file_name) + "\"").c_str(),
                part.header.begin, part.header.end, part.body.begin, part.body.end);
  }
}

void print_texts(const Message& message) {
  for (const mail::Text& text : message.texts) {
    std::printf("\nText of part %s (%s)\n", id_of(message.parts[static_cast<std::size_t>(text.part)]).c_str(), text.html ? "HTML" : "plain");
    for (const mail::Zone& zone : text.zones) {
      const std::string label = std::string(mail::to_string(zone.kind)) + (zone.certain ? "" : "?");
      for (const std::string_view line : split(mail::slice(text.utf8, zone.range), '\n')) {
        if (trimmed(line).empty()) continue;
        std::printf("  %-11s %s\n", label.c_str(), shortened(printable(trimmed(line)), line_bytes_shown).c_str());
      }
    }
    for (const std::string_view line : split(text.hidden, '\n')) {
      if (!trimmed(line).empty()) std::printf("  %-11s %s\n", "(hidden)", shortened(printable(trimmed(line)), line_bytes_shown).c_str());
    }
  }
}

void print(const Message& message) {
  std::printf("From     %s\nTo       %s\n", shown(message.from).c_str(), shown(message.to).c_str());
  if (!message.cc.empty()) std::printf("Cc       %s\n", shown(message.cc).c_str());
  std::printf("Subject  %s\n\n", printable(message.subject).c_str());
  print_parts(message);
  print_texts(message);
  if (!message.originals.empty()) std::printf("\nLetters within it\n");
  for (const mail::Original& original : message.originals) {
    std::printf("  %-10s from %s to %s%s%s\n", std::string(where_of(original)).c_str(), shown(original.from).c_str(), shown(original.to).c_str(),
                original.subject.empty() ? "" : ": ", printable(original.subject).c_str());
  }
  if (!message.defects.empty()) std::printf("\nDefects\n");
  for (const mail::Defect& defect : message.defects) {
    std::printf("  %s%s%s%s\n", defect.part.empty() ? "" : ("part " + defect.part + ": ").c_str(), std::string(mail::to_string(defect.kind)).c_str(),
                defect.detail.empty() ? "" : ": ", printable(defect.detail).c_str());
  }
  if (!message.not_inspected.empty()) std::printf("\nNot read\n");
  for (const mail::NotInspected& part : message.not_inspected) {
    std::printf("  part %s: %s%s\n", part.part.c_str(), part.reason.c_str(), part.file_name.empty() ? "" : (" \"" + printable(part.file_name) + "\"").c_str());
  }
}

ordered_json to_json(const std::vector<mail::Mailbox>& mailboxes) {
  ordered_json out = ordered_json::array();
  for (const mail::Mailbox& mailbox : mailboxes) out.push_back({{"name", mailbox.name}, {"address", mailbox.address}});
  return out;
}

ordered_json to_json(const mail::Range& range) { return ordered_json::array({range.begin, range.end}); }

// Of a leaf: what its transfer encoding encodes. "" for what has parts, or lies within an encoded message and has no bytes of its own here.
std::string digest_of(const Message& message, const mail::Part& part) {
  for (int at = part.parent; at >= 0; at = message.parts[static_cast<std::size_t>(at)].parent) {
    const mail::Part& above = message.parts[static_cast<std::size_t>(at)];
    if (above.is_message() && above.encoding != mail::Encoding::none) return "";
  }
  if (!part.children.empty()) return "";
  return sha256_hex(mail::decode_body(mail::slice(message.bytes, part.body), part.encoding).bytes);
}

ordered_json to_json(const Message& message) {
  ordered_json out{{"from", to_json(message.from)}, {"to", to_json(message.to)}, {"cc", to_json(message.cc)}, {"subject", message.subject}};
  for (const char* list : {"parts", "texts", "originals", "defects", "not_inspected"}) out[list] = ordered_json::array();
  for (const mail::Part& part : message.parts) {
    out["parts"].push_back({{"id", part.id}, {"parent", part.parent}, {"type", part.type}, {"encoding", encoding_of(part.encoding)}, {"charset", part.charset},
                            {"attachment", part.attachment}, {"file_name", part.file_name}, {"header", to_json(part.header)}, {"body", to_json(part.body)},
                            {"sha256", digest_of(message, part)}});
  }
  for (const mail::Text& text : message.texts) {
    ordered_json zones = ordered_json::array();
    for (const mail::Zone& zone : text.zones) {
      zones.push_back({{"zone", mail::to_string(zone.kind)}, {"certain", zone.certain}, {"range", to_json(zone.range)}, {"text", mail::slice(text.utf8, zone.range)}});
    }
    out["texts"].push_back({{"part", message.parts[static_cast<std::size_t>(text.part)].id}, {"html", text.html}, {"zones", zones}, {"hidden", text.hidden}});
  }
  for (const mail::Original& original : message.originals) {
    out["originals"].push_back({{"where", where_of(original)}, {"from", to_json(original.from)}, {"to", to_json(original.to)}, {"cc", to_json(original.cc)},
                                {"subject", original.subject}, {"date", original.date}});
  }
  for (const mail::Defect& defect : message.defects) {
    out["defects"].push_back({{"part", defect.part}, {"kind", mail::to_string(defect.kind)}, {"detail", defect.detail}});
  }
  for (const mail::NotInspected& part : message.not_inspected) {
    out["not_inspected"].push_back({{"part", part.part}, {"reason", part.reason}, {"file_name", part.file_name}});
  }
  return out;
}

}  // namespace

int show(const ShowOptions& options) {
  auto bytes = read_message(options.file);
  if (!bytes) return fail(bytes.error());
  const Message message = mail::parse_message(std::move(*bytes));
  if (options.json) {
    std::printf("%s\n", to_json(message).dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
  } else {
    print(message);
  }
  return exit_ok;
}

}  // namespace beadle::cli
