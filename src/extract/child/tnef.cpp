#include "extract/child/tnef.h"

extern "C" {
#include <ytnef.h>
}

#include <algorithm>
#include <string>

#include "base/limits.h"
#include "extract/child/mapi.h"
#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

constexpr std::uint32_t type_string8 = 0x001E;
constexpr std::uint32_t type_unicode = 0x001F;
constexpr std::uint32_t type_object = 0x000D;
constexpr std::uint32_t type_binary = 0x0102;
constexpr std::size_t interface_id_bytes = 16;  // stands before an embedded message

struct Tnef {
  TNEFStruct content;
  Tnef() {
    TNEFInitialize(&content);
    content.Debug = 0;
  }
  Tnef(const Tnef&) = delete;
  Tnef& operator=(const Tnef&) = delete;
  ~Tnef() { TNEFFree(&content); }
};

std::string_view bytes_of(const variableLength& value) {
  if (value.data == nullptr || value.size <= 0) return {};
  return {reinterpret_cast<const char*>(value.data), static_cast<std::size_t>(value.size)};
}

// The library's own lookup gives a mark for "not found" that looks like a pointer; this does not.
std::string_view property(const MAPIProps& properties, std::uint32_t type, std::uint32_t id) {
  if (properties.properties == nullptr) return {};
  for (DWORD i = 0; i < properties.count; ++i) {
    const MAPIProperty& each = properties.properties[i];
    if (each.id != (id << 16 | type) || each.count == 0 || each.data == nullptr) continue;
    return bytes_of(each.data[0]);
  }
  return {};
}

std::string_view without_end(std::string_view text) { return text.substr(0, std::min(text.size(), text.find('\0'))); }

// The library has converted wide strings to UTF-8 already.
std::string text_property(const MAPIProps& properties, std::uint32_t id, unsigned code_page) {
  const std::string_view wide = property(properties, type_unicode, id);
  if (!wide.empty()) return tidied(without_end(wide));
  return utf8_from_code_page(without_end(property(properties, type_string8, id)), code_page);
}

OutlookMessage message_of(const TNEFStruct& tnef, unsigned code_page) {
  const MAPIProps& properties = tnef.MapiProperties;
  OutlookMessage message;
  message.headers = text_property(properties, mapi::transport_headers, code_page);
  message.sender = text_property(properties, mapi::sender_name, code_page);
  message.to = text_property(properties, mapi::display_to, code_page);
  message.cc = text_property(properties, mapi::display_cc, code_page);
  message.subject = text_property(properties, mapi::subject, code_page);
  if (message.subject.empty()) message.subject = utf8_from_code_page(without_end(bytes_of(tnef.subject)), code_page);
  message.body = text_property(properties, mapi::body, code_page);
  if (message.body.empty()) message.body = utf8_from_code_page(without_end(bytes_of(tnef.body)), code_page);
  message.html = property(properties, type_binary, mapi::html);
  if (message.html.empty()) message.html = text_property(properties, mapi::html, code_page);
  message.rtf_compressed = property(properties, type_binary, mapi::rtf_compressed);
  return message;
}

std::string name_of(const Attachment& attachment, unsigned code_page) {
  std::string name = text_property(attachment.MAPI, mapi::attach_long_file_name, code_page);
  if (name.empty()) name = utf8_from_code_page(without_end(bytes_of(attachment.Title)), code_page);
  return name.empty() ? "attachment" : name;
}

void read_attachment(Document& document, const Attachment& attachment, unsigned code_page) {
  const std::string name = name_of(attachment, code_page);
  std::string_view bytes = bytes_of(attachment.FileData);
  const std::string_view object = property(attachment.MAPI, type_object, mapi::attach_data);
  if (object.size() > interface_id_bytes) bytes = object.substr(interface_id_bytes);
  if (bytes.empty()) bytes = property(attachment.MAPI, type_binary, mapi::attach_data);
  if (bytes.empty()) return document.unread_member(name, Outcome::unreadable, "an attachment without content");
  document.read_member(name, bytes);
}

}  // namespace

void read_tnef(Document& document) {
  document.job().report.kind("tnef");
  std::string copy(document.bytes());  // the library may write to it
  Tnef tnef;
  const int status =
      TNEFParseMemory(reinterpret_cast<unsigned char*>(copy.data()), static_cast<long>(copy.size()), &tnef.content);
  const unsigned code_page = u32_at(bytes_of(tnef.content.CodePage), 0) == 0 ? 1252 : u32_at(bytes_of(tnef.content.CodePage), 0);
  const OutlookMessage message = message_of(tnef.content, code_page);
  if (!message.body.empty() || !message.html.empty() || !message.rtf_compressed.empty() || !message.subject.empty())
    add_outlook_message(document, message);
  std::size_t attachments = 0;
  for (const Attachment* each = tnef.content.starting_attach.next; each != nullptr; each = each->next) {
    if (++document.job().entries > limits::document_entries_max)
      return document.unread(Outcome::limit, "more attachments than are read");
    read_attachment(document, *each, code_page);
    ++attachments;
  }
  if (status == 0) return;
  document.unread(document.has_text() || attachments > 0 ? Outcome::truncated : Outcome::unreadable, "a damaged TNEF file");
}

}  // namespace beadle::extract
