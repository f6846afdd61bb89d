#include "mail/texts.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/limits.h"
#include "base/text.h"
#include "mail/charset.h"
#include "mail/codec.h"
#include "mail/header_value.h"
#include "mail/html.h"
#include "mail/structure.h"
#include "mail/zones.h"

namespace beadle::mail {
namespace {

// Messages encoded within messages: real mail has one, a forwarded attachment of a forwarded attachment.
constexpr std::size_t encoded_depth_max = 5;

std::string extension_of(std::string_view file_name) {
  const std::size_t dot = file_name.rfind('.');
  return dot == std::string_view::npos ? "" : ascii_lower(trimmed(file_name.substr(dot + 1)));
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// What a leaf is to a reader.
enum class Kind { plain, html, message, image, media, encrypted, signature, document };

constexpr std::array<std::string_view, 11> plain_extensions{"txt", "text", "csv",  "md",  "log", "ics",
                                                            "vcf", "asc",  "json", "xml", "tsv"};
constexpr std::array<std::string_view, 3> html_extensions{"html", "htm", "xhtml"};
constexpr std::array<std::string_view, 5> html_types{"text/html", "application/xhtml+xml", "text/enriched", "text/richtext",
                                                     "text/x-amp-html"};

Kind kind_by_name(const Part& part) {
  const std::string extension = extension_of(part.file_name);
  if (extension == "eml") return Kind::message;
  if (extension == "p7m") return Kind::encrypted;
  if (extension == "p7s") return Kind::signature;
  if (contains(plain_extensions, extension)) return Kind::plain;
  if (contains(html_extensions, extension)) return Kind::html;
  return Kind::document;
}

Kind kind_of(const Message& message, const Part& part) {
  const std::string& type = part.type;
  if (part.parent >= 0 && message.parts[static_cast<std::size_t>(part.parent)].type == "multipart/encrypted")
    return Kind::encrypted;
  if (part.is_message()) return Kind::message;
  if (type == "application/pgp-encrypted" || type.ends_with("pkcs7-mime")) return Kind::encrypted;
  if (type == "application/pgp-signature" || type.ends_with("pkcs7-signature")) return Kind::signature;
  if (contains(html_types, type)) return Kind::html;
  if (type == "text/rtf" || type == "application/rtf") return Kind::document;
  // A multipart without parts is shown as the text that it is; reports and parts of messages are text too.
  if (type.starts_with("text/") || type.starts_with("message/") || part.is_multipart()) return Kind::plain;
  if (type.starts_with("image/")) return Kind::image;
  if (type.starts_with("audio/") || type.starts_with("video/")) return Kind::media;
  return kind_by_name(part);
}

std::string_view reason_of(Kind kind) {
  switch (kind) {
    case Kind::image:
      return "image";
    case Kind::media:
      return "sound or film";
    case Kind::encrypted:
      return "encrypted";
    default:
      return document_reason;
  }
}

class Reader {
 public:
  Reader(Message& message, std::size_t depth) : message_(message), depth_(depth) {}

  void run() {
    const std::size_t parts = message_.parts.size();  // read_encoded_message adds further ones
    for (std::size_t i = 0; i < parts; ++i) {
      if (message_.parts[i].is_message() && !message_.parts[i].children.empty()) add_attached(i);
      if (message_.parts[i].children.empty()) read_leaf(i);
    }
    mark_alternatives();
    read_uncovered();
  }

 private:
  void add_defect(DefectKind kind, const std::string& part, std::string detail) {
    Defect defect{kind, part, std::move(detail)};
    auto& defects = message_.defects;
    if (std::find(defects.begin(), defects.end(), defect) == defects.end()) defects.push_back(std::move(defect));
  }

  std::string_view body_of(std::size_t index) const { return slice(message_.bytes, message_.parts[index].body); }

  void read_leaf(std::size_t index) {
    const Kind kind = kind_of(message_, message_.parts[index]);
    switch (kind) {
      case Kind::plain:
      case Kind::html:
        read_text(index, kind == Kind::html);
        break;
      case Kind::message:
        read_encoded_message(index);
        break;
      case Kind::signature:
        break;
      case Kind::image:
      case Kind::media:
      case Kind::encrypted:
      case Kind::document:
        add_not_inspected(index, reason_of(kind));
        read_other_readings(index);
        break;
    }
  }

  void add_not_inspected(std::size_t index, std::string_view reason) {
    const Part& part = message_.parts[index];
    if (body_of(index).empty()) return;
    NotInspected entry{part.id, std::string(reason), part.file_name};
    auto& list = message_.not_inspected;
    if (std::find(list.begin(), list.end(), entry) == list.end()) list.push_back(std::move(entry));
  }

  // What is over the bound is not read: the message is then held.
  std::string_view within_bound(std::string_view bytes, const std::string& part) {
    if (bytes.size() > text_bytes_left_) {
      add_defect(DefectKind::limit, part, "text_bytes_max");
      bytes = bytes.substr(0, text_bytes_left_);
    }
    text_bytes_left_ -= bytes.size();
    return bytes;
  }

  std::string read_utf8(std::size_t index, bool html) {
    const Part& part = message_.parts[index];
    Decoded decoded;
    std::string_view bytes = body_of(index);
    if (part.encoding == Encoding::quoted_printable || part.encoding == Encoding::base64) {  // others need no copy
      decoded = decode_body(bytes, part.encoding);
      bytes = decoded.bytes;
      if (!decoded.regular) add_defect(DefectKind::bad_encoding, part.id, "");
    }
    bytes = within_bound(bytes, part.id);
    std::string label = part.charset;
    if (label.empty() && html) label = html_charset(bytes);
    CharsetText text = to_utf8(bytes, label);
    if (!text.known) add_defect(DefectKind::unknown_charset, part.id, printable(shortened(label, 60)));
    if (!text.clean) add_defect(DefectKind::bad_charset, part.id, printable(shortened(label, 60)));
    return std::move(text.utf8);
  }

  void read_text(std::size_t index, bool html) {
    const Part& part = message_.parts[index];
    std::string utf8 = read_utf8(index, html);
    Text text;
    text.part = static_cast<int>(index);
    text.html = html;
    std::vector<HtmlMark> marks;
    std::vector<UuFile> uuencoded;
    if (html) {
      HtmlText shown = html_to_text(utf8);
      text.utf8 = std::move(shown.utf8);
      text.hidden = std::move(shown.hidden);
      marks = std::move(shown.marks);
    } else {
      uuencoded = decode_uuencoded(utf8);
      if (utf8.find("-----BEGIN PGP MESSAGE-----") != std::string::npos) add_not_inspected(index, "encrypted");
      const bool flowed = ascii_iequals(part.parameter("format"), "flowed");
      text.utf8 = flowed ? unflowed(utf8, ascii_iequals(part.parameter("delsp"), "yes")) : std::move(utf8);
    }
    message_.texts.push_back(std::move(text));
    assign_zones(message_, message_.texts.size() - 1, marks);
    read_files(index, uuencoded);
    read_other_readings(index);
  }

  // A file within a text is a file, not words.
  void read_files(std::size_t index, const std::vector<UuFile>& files) {
    for (const UuFile& file : files) {
      const std::string extension = extension_of(file.name);
      if (contains(plain_extensions, extension) || contains(html_extensions, extension)) {
        add_hidden(index, to_utf8(within_bound(file.bytes, message_.parts[index].id), "").utf8);
      } else {
        message_.not_inspected.push_back({message_.parts[index].id, std::string(uuencoded_reason), printable(shortened(file.name, 200))});
      }
    }
  }

  std::vector<std::string_view> raw_fields(const Part& part, std::string_view name) const {
    std::vector<std::string_view> values;
    for (const Field& field : part.fields) {
      if (ascii_iequals(trimmed(field.name), name)) values.push_back(slice(message_.bytes, field.value));
    }
    return values;
  }

  // Encodings that nobody knows and fields that stand twice: a reader may take the other one.
  void read_other_readings(std::size_t index) {
    const Part& part = message_.parts[index];
    const auto types = raw_fields(part, "Content-Type"), encodings = raw_fields(part, "Content-Transfer-Encoding");
    if (types.size() < 2 && encodings.size() < 2 && part.encoding != Encoding::unknown) return;
    bool html = false, text = part.encoding == Encoding::unknown;
    for (std::size_t i = 1; i < types.size(); ++i) {
      const std::string type = parse_content_field(types[i]).value;
      html = html || contains(html_types, type);
      text = text || type.starts_with("text/") || type.starts_with("multipart/") || type.starts_with("message/");
    }
    if (!text && encodings.size() < 2) return;
    for (const Encoding encoding : {Encoding::none, Encoding::quoted_printable, Encoding::base64}) {
      if (encoding == part.encoding && types.size() < 2) continue;
      const Decoded decoded = decode_body(body_of(index), encoding);
      if (encoding != Encoding::none && !decoded.regular) continue;
      const std::string utf8 = to_utf8(within_bound(decoded.bytes, part.id), part.charset).utf8;
      add_hidden(index, html ? html_to_text(utf8).utf8 : utf8);
    }
  }

  // Joins the hidden words of the part's text; a part that has none gets an empty text to hold them.
  void add_hidden(std::size_t index, std::string_view words) {
    if (trimmed(words).empty()) return;
    auto& texts = message_.texts;
    const auto of_part = [&](const Text& text) { return static_cast<std::size_t>(text.part) == index; };
    auto text = std::find_if(texts.begin(), texts.end(), of_part);
    if (text == texts.end()) {
      texts.emplace_back();
      text = std::prev(texts.end());
      text->part = static_cast<int>(index);
    }
    if (!text->hidden.empty()) text->hidden += '\n';
    text->hidden += words;
  }

  std::vector<Mailbox> addresses(const Part& part, std::string_view name) {
    std::vector<Mailbox> out;
    for (const std::string_view raw : raw_fields(part, name)) {
      AddressList list = parse_addresses(raw, limits::header_addresses_max);
      if (list.limit) add_defect(DefectKind::limit, part.id, "header_addresses_max");
      std::move(list.mailboxes.begin(), list.mailboxes.end(), std::back_inserter(out));
    }
    return out;
  }

  std::string first(const Part& part, std::string_view name) const {
    const auto values = raw_fields(part, name);
    return values.empty() ? "" : decode_header(values.front());
  }

  // Two subjects: readers show one or the other, so both are looked at.
  std::string all(const Part& part, std::string_view name) const {
    std::string out;
    for (const std::string_view raw : raw_fields(part, name)) {
      const std::string value = decode_header(raw);
      out += (out.empty() || value.empty() ? "" : " ") + value;
    }
    return out;
  }

  void add_attached(std::size_t index) {
    const Part& inner = message_.parts[static_cast<std::size_t>(message_.parts[index].children.front())];
    Original original;
    original.where = Original::Where::attached;
    original.part = static_cast<int>(index);
    original.from = addresses(inner, "From");
    original.to = addresses(inner, "To");
    original.cc = addresses(inner, "Cc");
    original.subject = all(inner, "Subject");
    original.date = first(inner, "Date");
    original.sensitivity = all(inner, "Sensitivity");
    for (const std::string_view raw : raw_fields(inner, "Message-ID")) {
      const auto ids = parse_message_ids(raw, 1);
      if (original.message_id.empty() && !ids.empty()) original.message_id = ids.front();
    }
    message_.originals.push_back(std::move(original));
  }

  // A message in base64, which RFC 2046 §5.2.1 forbids and mail programs show; or a file that is one. It is read by itself, and
  // what it has to read joins ours. Its parts have no bytes in this message.
  void read_encoded_message(std::size_t index) {
    const Part part = message_.parts[index];
    if (body_of(index).empty()) return;
    if (depth_ >= encoded_depth_max) {
      add_defect(DefectKind::limit, part.id, "encoded messages within messages");
      return;
    }
    Decoded decoded = decode_body(body_of(index), part.encoding);
    if (!decoded.regular) add_defect(DefectKind::bad_encoding, part.id, "");
    decoded.bytes.resize(within_bound(decoded.bytes, part.id).size());
    decoded.bytes.shrink_to_fit();  // what was cut off would stay in memory while the rest is read
    Message inner = parse_message_at(std::move(decoded.bytes), depth_ + 1);
    const int first_part = static_cast<int>(message_.parts.size()), first_text = static_cast<int>(message_.texts.size()),
              first_original = static_cast<int>(message_.originals.size());
    if (message_.parts.size() + inner.parts.size() > limits::mime_parts_max) {
      add_defect(DefectKind::limit, part.id, "mime_parts_max");
      return;
    }
    take_parts(index, inner);
    message_.originals.push_back(as_original(inner, index));
    for (Original& original : inner.originals) {
      if (original.text >= 0) original.text += first_text;
      if (original.part >= 0) original.part += first_part;
      message_.originals.push_back(std::move(original));
    }
    for (Text& text : inner.texts) {
      text.part += first_part;
      for (Zone& zone : text.zones) {
        if (zone.original >= 0) zone.original += first_original + 1;
      }
      message_.texts.push_back(std::move(text));
    }
    const std::string prefix = part.id + ".";
    for (const Defect& defect : inner.defects) add_defect(defect.kind, prefix + defect.part, defect.detail);
    for (NotInspected& entry : inner.not_inspected) {
      entry.part.insert(0, prefix);
      message_.not_inspected.push_back(std::move(entry));
    }
  }

  void take_parts(std::size_t index, const Message& inner) {
    const int first = static_cast<int>(message_.parts.size());
    const std::size_t at = message_.parts[index].body.begin;
    const std::string prefix = message_.parts[index].id + ".";
    for (Part part : inner.parts) {
      part.id.insert(0, prefix);
      part.parent = part.parent < 0 ? static_cast<int>(index) : part.parent + first;
      for (int& child : part.children) child += first;
      part.header = part.body = {at, at};
      part.fields.clear();
      part.inside_original = true;
      message_.parts.push_back(std::move(part));
    }
  }

  static Original as_original(const Message& inner, std::size_t index) {
    Original original;
    original.where = Original::Where::attached;
    original.part = static_cast<int>(index);
    original.from = inner.from;
    original.to = inner.to;
    original.cc = inner.cc;
    original.subject = inner.subject;
    original.date = inner.date;
    original.sensitivity = joined(inner.headers("Sensitivity"), " ");
    original.message_id = inner.message_id;
    return original;
  }

  // RFC 2046 §5.1.4: the texts of one alternative say the same.
  void mark_alternatives() {
    const auto alternative_of = [&](const Text& text) {
      for (int at = message_.parts[static_cast<std::size_t>(text.part)].parent; at >= 0;
           at = message_.parts[static_cast<std::size_t>(at)].parent) {
        if (message_.parts[static_cast<std::size_t>(at)].type == "multipart/alternative") return at;
      }
      return -1;
    };
    std::vector<int> of_text;
    std::vector<int> count(message_.parts.size(), 0);
    for (const Text& text : message_.texts) {
      of_text.push_back(alternative_of(text));
      if (of_text.back() >= 0) ++count[static_cast<std::size_t>(of_text.back())];
    }
    for (std::size_t i = 0; i < of_text.size(); ++i) {
      if (of_text[i] >= 0) message_.texts[i].alternative = count[static_cast<std::size_t>(of_text[i])] > 1;
    }
  }

  // Bytes in no part: no reader shows them today, some other one may.
  void read_uncovered() {
    std::string words;
    for (const Range range : uncovered(message_)) {
      const std::string_view bytes = slice(message_.bytes, range);
      if (trimmed(bytes).empty()) continue;
      words += to_utf8(within_bound(bytes, ""), "").utf8;
      words += '\n';
    }
    if (words.empty()) return;
    add_hidden(message_.texts.empty() ? 0 : static_cast<std::size_t>(message_.texts.front().part), words);
  }

  Message& message_;
  std::size_t depth_;
  std::size_t text_bytes_left_ = limits::text_bytes_max;
};

}  // namespace

void read_texts(Message& message, std::size_t depth) { Reader(message, depth).run(); }

}  // namespace beadle::mail
