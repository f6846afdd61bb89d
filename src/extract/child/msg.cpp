// Outlook messages ([MS-OXMSG]): a stream for each property, a storage for each attachment.
#include "base/limits.h"
#include "extract/child/mapi.h"
#include "extract/child/ole.h"
#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

constexpr const char* wide = "001F";
constexpr const char* narrow = "001E";
constexpr const char* binary = "0102";
constexpr const char* object = "000D";

std::string stream_name(std::uint32_t id, const char* type) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string name = "__substg1.0_";
  for (int shift = 12; shift >= 0; shift -= 4) name += digits[id >> shift & 0xF];
  return name + type;
}

std::string text_property(const CompoundFile& file, const std::string& prefix, std::uint32_t id) {
  const std::string units = file.stream(prefix + stream_name(id, wide));
  std::string text =
      units.empty() ? utf8_from_code_page(file.stream(prefix + stream_name(id, narrow)), 1252) : utf8_from_utf16le(units);
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

OutlookMessage message_of(const CompoundFile& file, const std::string& prefix) {
  OutlookMessage message;
  message.headers = text_property(file, prefix, mapi::transport_headers);
  message.sender = text_property(file, prefix, mapi::sender_name);
  message.to = text_property(file, prefix, mapi::display_to);
  message.cc = text_property(file, prefix, mapi::display_cc);
  message.subject = text_property(file, prefix, mapi::subject);
  message.body = text_property(file, prefix, mapi::body);
  message.html = file.stream(prefix + stream_name(mapi::html, binary));
  if (message.html.empty()) message.html = text_property(file, prefix, mapi::html);
  message.rtf_compressed = file.stream(prefix + stream_name(mapi::rtf_compressed, binary));
  return message;
}

void read_attachment(Document& document, const CompoundFile& file, const std::string& prefix) {
  std::string name = text_property(file, prefix, mapi::attach_long_file_name);
  if (name.empty()) name = text_property(file, prefix, mapi::attach_file_name);
  if (name.empty()) name = "attachment";
  const std::string inner = prefix + stream_name(mapi::attach_data, object) + "/";
  if (file.has(inner + "__properties_version1.0")) {
    document.read_member_by(
        name, {}, [&](Document& member) { read_guarded(member, [&](Document& each) { read_msg(each, file, inner); }); });
    return;
  }
  const std::string bytes = file.stream(prefix + stream_name(mapi::attach_data, binary));
  if (bytes.empty())
    return document.unread_member(name, Outcome::unreadable, "an attachment without content, or an object of another program");
  // Many attachments may point at the same sectors.
  if (!document.count_inflated(bytes.size()))
    return document.unread_member(name, Outcome::limit, "more attachments than are read");
  document.read_member(name, bytes);
}

}  // namespace

void read_msg(Document& document, const CompoundFile& file, const std::string& prefix) {
  add_outlook_message(document, message_of(file, prefix));
  const std::string attachments = prefix + "__attach_version1.0_#";
  for (const CompoundFile::Entry& entry : file.below(attachments)) {
    const bool direct = entry.is_storage && entry.path.find('/', attachments.size()) == std::string::npos;
    if (!direct) continue;
    if (++document.job().entries > limits::document_entries_max)
      return document.unread(Outcome::limit, "more attachments than are read");
    read_attachment(document, file, entry.path + "/");
  }
}

}  // namespace beadle::extract
