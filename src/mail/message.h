// A message as its reader would see it: parts with their byte ranges, addresses, decoded text with zones, and what is odd about it.
// `parse_message` always gives a Message: what is broken or hostile becomes a Defect, what could not be read a NotInspected.
// Leaves who is who to people/ and every judgement to inspect/.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beadle::mail {

/// Bytes [begin, end) of Message::bytes, or of a Text's utf8: which of them is said at each use.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
  bool operator==(const Range&) const = default;
};

/// Something odd in a message. The kinds are a closed list; names for people come from `to_string`.
enum class DefectKind {
  nul_byte,               // NUL in header or structure
  bare_cr,                // CR without LF
  header_junk,            // a line in the header that is no field
  header_8bit,            // bytes over 127 in the header that are not UTF-8
  duplicate_field,        // two From, To, Subject, … (RFC 5322 §3.6)
  missing_from,           // no From, or one without an address
  bad_address,            // an address field that could not be read to its end
  unclosed_multipart,     // the closing delimiter is missing
  no_blank_line,          // a header that runs into a boundary or the end
  missing_boundary,       // multipart without boundary parameter
  ambiguous_boundary,     // same or prefix boundaries, look-alike lines, odd boundary value
  ambiguous_structure,    // two readings of the structure disagree
  unknown_encoding,       // Content-Transfer-Encoding that RFC 2045 does not know
  bad_encoding,           // base64 or quoted-printable with foreign characters or a broken end
  unknown_charset,        // charset label that nobody knows
  bad_charset,            // bytes that the charset does not have
  limit,                  // a bound of base/limits.h was met; detail says which
};

struct Defect {
  DefectKind kind;
  std::string part;    // section number, "" for the message as a whole
  std::string detail;  // short, without content of the mail
  bool operator==(const Defect&) const = default;
};

std::string_view to_string(DefectKind kind);

/// One header field. Ranges are into Message::bytes and keep folding; `name` as written.
struct Field {
  std::string name;
  Range whole;  // from the first byte of the name to the end of the last line, its line end included
  Range value;  // behind the colon, without the last line end
};

struct Mailbox {
  std::string name;     // display name, decoded (RFC 2047), UTF-8
  std::string address;  // local@domain without quotes or comments, as written
  std::string group;    // name of the group that it stands in, or ""
  /// Only looks like an address: it stands in a name or comment of a value that could not be read to its end. May get mail, may
  /// be shown to nobody.
  bool doubtful = false;
  bool operator==(const Mailbox&) const = default;
};

enum class Encoding { none, quoted_printable, base64, unknown };  // none: 7bit, 8bit, binary or absent (RFC 2045 §6)

struct Parameter {
  std::string name;   // lower case
  std::string value;  // decoded (RFC 2231, RFC 2047), UTF-8
};

/// One node of the MIME tree (RFC 2045, RFC 2046). Part 0 of Message::parts is the message itself.
struct Part {
  std::string id;  // IMAP section number: "1", "2.1"; "" for a multipart root and for the root of a message that has parts
  int parent = -1;
  std::vector<int> children;
  Range header;  // fields, without the blank line
  Range body;    // without the line end that belongs to the boundary (RFC 2046 §5.1.1)
  std::vector<Field> fields;
  std::string type = "text/plain";  // lower case, e.g. "multipart/alternative"
  std::vector<Parameter> parameters;
  Encoding encoding = Encoding::none;
  std::string charset;      // as labelled, lower case; "" where it is not
  bool attachment = false;  // Content-Disposition: attachment, or a named part that is not the body
  std::string file_name;    // decoded
  bool inside_original = false;  // within a message/rfc822

  bool is_multipart() const { return type.starts_with("multipart/"); }
  bool is_message() const { return type == "message/rfc822" || type == "message/global"; }
  std::string_view parameter(std::string_view name) const;  // "" where it is absent
};

enum class ZoneKind {
  own,         // what the sender wrote in this message
  quoted,      // a quoted reply
  forwarded,   // a forwarded original, its header block included
  signature,   // name, role, telephone
  disclaimer,  // standing legal text
  banner,      // "external sender" and the like
  footer,      // a line that Beadle appended
};
std::string_view to_string(ZoneKind kind);

/// A stretch of Text::utf8. Zones of a text are sorted, do not overlap, and cover it.
struct Zone {
  ZoneKind kind = ZoneKind::own;
  Range range;
  bool certain = true;  // false: could not be told apart for sure
  int original = -1;    // index into Message::originals, for quoted and forwarded
};

/// The readable text of one part (or of one attached message's part), as UTF-8; HTML becomes plain lines.
struct Text {
  int part = 0;  // index into Message::parts
  bool html = false;
  std::string utf8;
  std::string hidden;  // text of HTML that is not shown: comments, display:none, alt and title
  std::vector<Zone> zones;
  /// The same words exist in another text (multipart/alternative): zones of both are read, findings are merged.
  bool alternative = false;
};

/// Another message within this one: quoted, forwarded in line, or attached. Fields are those of its header block; empty where
/// the block does not name them.
struct Original {
  enum class Where { quoted, forwarded, attached };
  Where where = Where::quoted;
  std::vector<Mailbox> from, to, cc;  // address may be "" where only a name is shown
  std::string subject;
  std::string date;
  std::string sensitivity;  // of attached messages
  std::string message_id;   // of attached messages
  int text = -1;            // index into Message::texts that holds the block (quoted, forwarded), else -1
  Range range;              // of Text::utf8
  std::size_t words = 0;    // where in Text::utf8 its words begin, behind the header block or attribution
  int part = -1;            // the message/rfc822 part (attached), else -1
};

struct NotInspected {
  std::string part;
  std::string reason;  // encrypted, document, image, over limit …
  std::string file_name;
  bool operator==(const NotInspected&) const = default;
};

/// What was read out of an attached document by those who may start programs (intake/documents.h); parse_message leaves it out.
struct DocumentText {
  std::string path;    // "papers.zip/report.docx"
  bool marks = false;  // file name, properties, first page, header or footer: where a marking stands
  std::string utf8;
};
struct Document {
  std::string part;  // section number of a part that stands in Message::not_inspected
  std::vector<DocumentText> texts;
  std::vector<NotInspected> unread;  // what of it could not be read after all; empty: all was read
};

struct Message {
  std::string bytes;
  std::vector<Part> parts;  // parts[0] is the root; parents stand before their children
  std::vector<Text> texts;  // in the order of their parts
  std::vector<Original> originals;
  std::vector<Defect> defects;
  std::vector<NotInspected> not_inspected;
  std::vector<Document> documents;

  std::vector<Mailbox> from, sender, reply_to;
  std::vector<Mailbox> to, cc, bcc;                       // all fields of the name together
  std::vector<Mailbox> resent_from, resent_to, resent_cc;
  std::string subject;  // decoded, unfolded
  std::string date;
  std::string message_id;               // without angle brackets
  std::vector<std::string> in_reply_to;  // message ids without angle brackets
  std::vector<std::string> references;

  /// Decoded, unfolded value of the first root field of that name (any case), "" where it is absent.
  std::string header(std::string_view name) const;
  /// Those of all root fields of that name: of a field that stands twice, mail programs show one or the other.
  std::vector<std::string> headers(std::string_view name) const;
  bool has_header(std::string_view name) const;
  bool has_defect(DefectKind kind) const;
};

/// Reads a whole message (RFC 5322 with CRLF or LF line ends). Linear in its size; never fails.
Message parse_message(std::string bytes);

/// The stretch of `text` as a view; CHECKs that it lies within.
std::string_view slice(std::string_view text, Range range);

}  // namespace beadle::mail
