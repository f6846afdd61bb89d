#include "mail/message.h"

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/header_value.h"
#include "mail/mimetic_bridge.h"
#include "mail/structure.h"
#include "mail/texts.h"

namespace beadle::mail {
namespace {

/// Fields that RFC 5322 §3.6 allows once; every one of them is read all the same.
struct AddressField {
  std::string_view name;
  std::vector<Mailbox> Message::*mailboxes;
};
constexpr AddressField address_fields[] = {
    {"From", &Message::from},
    {"Sender", &Message::sender},
    {"Reply-To", &Message::reply_to},
    {"To", &Message::to},
    {"Cc", &Message::cc},
    {"Bcc", &Message::bcc},
    {"Resent-From", &Message::resent_from},
    {"Resent-To", &Message::resent_to},
    {"Resent-Cc", &Message::resent_cc},
};

void add_defect(Message& message, DefectKind kind, std::string detail) {
  Defect defect{kind, "", std::move(detail)};
  if (std::find(message.defects.begin(), message.defects.end(), defect) == message.defects.end())
    message.defects.push_back(std::move(defect));
}

std::string_view name_of(const Field& field) { return trimmed(field.name); }

void read_addresses(Message& message, const Field& field, std::size_t& left) {
  for (const AddressField& known : address_fields) {
    if (!ascii_iequals(name_of(field), known.name)) continue;
    AddressList list = parse_addresses(slice(message.bytes, field.value), left);
    left -= std::min(left, list.mailboxes.size());
    if (!list.complete) add_defect(message, DefectKind::bad_address, std::string(known.name));
    if (list.limit) add_defect(message, DefectKind::limit, "header_addresses_max");
    auto& mailboxes = message.*known.mailboxes;
    std::move(list.mailboxes.begin(), list.mailboxes.end(), std::back_inserter(mailboxes));
    return;
  }
}

void read_text_field(Message& message, const Field& field) {
  const std::string_view name = name_of(field), raw = slice(message.bytes, field.value);
  const auto add_ids = [&](std::vector<std::string>& ids) {
    for (std::string& id : parse_message_ids(raw, limits::references_max)) ids.push_back(std::move(id));
  };
  if (ascii_iequals(name, "Subject")) {
    // Two subjects: readers show one or the other, so both are looked at.
    const std::string subject = decode_header(raw);
    message.subject += (message.subject.empty() || subject.empty() ? "" : " ") + subject;
  } else if (ascii_iequals(name, "Date")) {
    if (message.date.empty()) message.date = decode_header(raw);
  } else if (ascii_iequals(name, "Message-ID")) {
    const auto ids = parse_message_ids(raw, 1);
    if (message.message_id.empty() && !ids.empty()) message.message_id = ids.front();
  } else if (ascii_iequals(name, "In-Reply-To")) {
    add_ids(message.in_reply_to);
  } else if (ascii_iequals(name, "References")) {
    add_ids(message.references);
  }
}

void read_header(Message& message) {
  std::size_t addresses_left = limits::header_addresses_max;
  const std::vector<Field>& fields = message.parts.front().fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    read_addresses(message, fields[i], addresses_left);
    read_text_field(message, fields[i]);
  }
  const auto has_address = [](const Mailbox& mailbox) { return !mailbox.address.empty(); };
  if (std::none_of(message.from.begin(), message.from.end(), has_address)) add_defect(message, DefectKind::missing_from, "");
}

// Where we ourselves are in no doubt, a second reader is asked; two that are of one mind leave none.
void compare_readings(Message& message) {
  static constexpr DefectKind doubts[] = {DefectKind::limit,
                                          DefectKind::nul_byte,
                                          DefectKind::bare_cr,
                                          DefectKind::header_junk,
                                          DefectKind::unclosed_multipart,
                                          DefectKind::no_blank_line,
                                          DefectKind::missing_boundary,
                                          DefectKind::ambiguous_boundary,
                                          DefectKind::ambiguous_structure};
  const bool doubtful =
      std::any_of(std::begin(doubts), std::end(doubts), [&](DefectKind kind) { return message.has_defect(kind); });
  if (!doubtful && mimetic_disagrees(message))
    add_defect(message, DefectKind::ambiguous_structure, "another reading has other parts");
}

const Field* field_named(const Message& message, std::string_view name) {
  if (message.parts.empty()) return nullptr;
  for (const Field& field : message.parts.front().fields) {
    if (ascii_iequals(name_of(field), name)) return &field;
  }
  return nullptr;
}

}  // namespace

std::string_view to_string(DefectKind kind) {
  switch (kind) {
    case DefectKind::nul_byte:
      return "NUL byte";
    case DefectKind::bare_cr:
      return "carriage return without line feed";
    case DefectKind::header_junk:
      return "header line that is no field";
    case DefectKind::header_8bit:
      return "header bytes that are not UTF-8";
    case DefectKind::duplicate_field:
      return "field that may stand only once";
    case DefectKind::missing_from:
      return "no From address";
    case DefectKind::bad_address:
      return "unreadable address";
    case DefectKind::unclosed_multipart:
      return "multipart that is not closed";
    case DefectKind::no_blank_line:
      return "header without a blank line behind it";
    case DefectKind::missing_boundary:
      return "multipart without boundary";
    case DefectKind::ambiguous_boundary:
      return "ambiguous boundary";
    case DefectKind::ambiguous_structure:
      return "ambiguous structure";
    case DefectKind::unknown_encoding:
      return "unknown transfer encoding";
    case DefectKind::bad_encoding:
      return "broken transfer encoding";
    case DefectKind::unknown_charset:
      return "unknown charset";
    case DefectKind::bad_charset:
      return "bytes that the charset does not have";
    case DefectKind::limit:
      return "over the limit";
  }
  return "";
}

std::string_view to_string(ZoneKind kind) {
  switch (kind) {
    case ZoneKind::own:
      return "own";
    case ZoneKind::quoted:
      return "quoted";
    case ZoneKind::forwarded:
      return "forwarded";
    case ZoneKind::signature:
      return "signature";
    case ZoneKind::disclaimer:
      return "disclaimer";
    case ZoneKind::banner:
      return "banner";
    case ZoneKind::footer:
      return "footer";
  }
  return "";
}

std::string_view Part::parameter(std::string_view name) const {
  for (const Parameter& one : parameters) {
    if (one.name == name) return one.value;
  }
  return "";
}

std::string Message::header(std::string_view name) const {
  const Field* field = field_named(*this, name);
  return field == nullptr ? "" : decode_header(slice(bytes, field->value));
}

std::vector<std::string> Message::headers(std::string_view name) const {
  std::vector<std::string> values;
  if (parts.empty()) return values;
  for (const Field& field : parts.front().fields) {
    if (ascii_iequals(name_of(field), name)) values.push_back(decode_header(slice(bytes, field.value)));
  }
  return values;
}

bool Message::has_header(std::string_view name) const { return field_named(*this, name) != nullptr; }

bool Message::has_defect(DefectKind kind) const {
  return std::any_of(defects.begin(), defects.end(), [&](const Defect& defect) { return defect.kind == kind; });
}

std::string_view slice(std::string_view text, Range range) {
  CHECK(range.begin <= range.end && range.end <= text.size());
  return text.substr(range.begin, range.size());
}

Message parse_message(std::string bytes) { return parse_message_at(std::move(bytes), 0); }

Message parse_message_at(std::string bytes, std::size_t depth) {
  Message message;
  message.bytes = std::move(bytes);
  if (message.bytes.size() > limits::message_bytes_max) add_defect(message, DefectKind::limit, "message_bytes_max");
  scan_structure(message);
  compare_readings(message);
  read_header(message);
  read_texts(message, depth);
  return message;
}

}  // namespace beadle::mail
