// What a reviewer reads instead of our terms.
#include "base/text.h"
#include "review/view_parts.h"

namespace beadle::review {
namespace {

std::string_view kind_says(mail::DefectKind kind) {
  using mail::DefectKind;
  switch (kind) {
    case DefectKind::nul_byte:
      return "The message has NUL bytes, which no mail should have.";
    case DefectKind::bare_cr:
      return "Some lines end in a way that mail programs read differently.";
    case DefectKind::header_junk:
      return "The header has a line that is no header field.";
    case DefectKind::header_8bit:
      return "The header has bytes that are no proper text.";
    case DefectKind::duplicate_field:
      return "A header field stands twice that may stand only once; mail programs show one or the other.";
    case DefectKind::missing_from:
      return "No sender's address stands in From.";
    case DefectKind::bad_address:
      return "An address field cannot be read to its end.";
    case DefectKind::unclosed_multipart:
      return "The message breaks off: its last part has no end.";
    case DefectKind::no_blank_line:
      return "A header is not told apart from the text that follows it.";
    case DefectKind::missing_boundary:
      return "The message says that it has parts, but not how they are told apart.";
    case DefectKind::ambiguous_boundary:
      return "It is not certain where the parts of the message begin and end.";
    case DefectKind::ambiguous_structure:
      return "The message can be taken apart in more than one way; each was read.";
    case DefectKind::unknown_encoding:
      return "A part is encoded in a way that nobody knows.";
    case DefectKind::bad_encoding:
      return "The encoding of a part is broken.";
    case DefectKind::unknown_charset:
      return "A part is written in a character set that nobody knows.";
    case DefectKind::bad_charset:
      return "A part has bytes that its character set does not have.";
    case DefectKind::limit:
      return "The message is larger or more nested than Beadle reads; part of it was not read.";
  }
  return "The message is odd.";
}

struct Says {
  std::string_view name, words;
};

constexpr Says reasons[] = {
    {"encrypted", "encrypted, so nobody but its recipient can read it"},
    {"image", "a picture; words in it are not read"},
    {"sound or film", "sound or film, which is not listened to"},
    {"document", "a document that was not opened"},
    {"uuencoded document", "a document within the text that was not opened"},
};

}  // namespace

std::string_view zone_says(mail::ZoneKind kind) {
  switch (kind) {
    case mail::ZoneKind::own:
      return "The sender's own words";
    case mail::ZoneKind::quoted:
      return "Quoted from an earlier message";
    case mail::ZoneKind::forwarded:
      return "Forwarded message";
    case mail::ZoneKind::signature:
      return "Signature";
    case mail::ZoneKind::disclaimer:
      return "Standing legal text";
    case mail::ZoneKind::banner:
      return "Banner of a mail system";
    case mail::ZoneKind::footer:
      return "Line that Beadle appended earlier";
  }
  return "";
}

std::string_view place_says(std::string_view zone) {
  static constexpr Says places[] = {
      {"own", "in the sender's own words"},   {"subject", "in the subject"},           {"quoted", "in the text that is quoted"},
      {"forwarded", "in the message that is forwarded"}, {"attached", "in an attached message"}, {"attachment", "in an attachment"},
      {"document", "in an attached document"}, {"signature", "in the signature"},      {"header", "in the header of the message"},
      {"envelope", "among the recipients"},   {"record", "in earlier correspondence"}, {"hidden", "in text that its reader is not shown"},
      {"message", "in the message as a whole"}, {"footer", "in a line that Beadle appended earlier"},
  };
  for (const Says& place : places) {
    if (place.name == zone) return place.words;
  }
  return "in the message";
}

std::string defect_says(const mail::Defect& defect) {
  std::string out(kind_says(defect.kind));
  const std::string detail = printable(defect.detail);
  if (!defect.part.empty() || !detail.empty()) {
    out += " (";
    if (!defect.part.empty()) out += "part " + printable(defect.part) + (detail.empty() ? "" : ": ");
    out += detail + ")";
  }
  return out;
}

std::string not_inspected_says(const mail::NotInspected& part) {
  std::string words = printable(part.reason);
  for (const Says& reason : reasons) {
    if (reason.name == part.reason) words = reason.words;
  }
  const std::string name = printable(part.file_name);
  if (!name.empty()) return name + ": " + words;
  return part.part.empty() ? words : "part " + printable(part.part) + ": " + words;
}

}  // namespace beadle::review
