// Property: any value of a header field is read to something bounded in valid UTF-8, each address once; and a value of plain
// addresses, parted by commas, is read back as it was written.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "base/text.h"
#include "mail/header_value.h"

namespace {

using namespace beadle;
using namespace beadle::mail;

// A byte may become three of UTF-8, each of those U+FFFD in a charset that has none of them, and once more where it is swept.
constexpr std::size_t growth_most = 16;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_plain(std::string_view address) {
  const std::size_t at = address.find('@');
  return at != std::string_view::npos && address.find_first_of("()<>[]:;@,\"\\ =?'", at + 1) == std::string_view::npos &&
         address.substr(0, at).find_first_of("()<>[]:;,\"\\ =?'") == std::string_view::npos;
}

void check_addresses(std::string_view value) {
  const AddressList list = parse_addresses(value, 100);
  require(list.mailboxes.size() <= 100);
  std::set<std::string> addresses;
  std::string written;
  std::size_t bytes = 0;
  for (const Mailbox& mailbox : list.mailboxes) {
    require(is_valid_utf8(mailbox.name) && is_valid_utf8(mailbox.address) && is_valid_utf8(mailbox.group));
    require(!mailbox.name.empty() || !mailbox.address.empty());
    require(!mailbox.doubtful || (!list.complete && !mailbox.address.empty()));
    if (!mailbox.address.empty()) require(addresses.insert(mailbox.address).second);
    bytes += mailbox.name.size() + mailbox.address.size();
    if (is_plain(mailbox.address)) written += mailbox.address + ", ";
  }
  require(bytes <= growth_most * value.size());
  const AddressList again = parse_addresses(written, 100);
  require(again.complete);
  std::string back;
  for (const Mailbox& mailbox : again.mailboxes) back += mailbox.address + ", ";
  require(back == written);
}

void check_content(const ContentField& field, std::size_t size) {
  std::size_t bytes = field.value.size();
  std::set<std::string> names;
  for (const Parameter& parameter : field.parameters) {
    require(is_valid_utf8(parameter.name) && is_valid_utf8(parameter.value));
    require(names.insert(parameter.name).second);
    bytes += parameter.name.size() + parameter.value.size();
  }
  require(bytes <= growth_most * (size + 1));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string value(reinterpret_cast<const char*>(data), size);
  check_addresses(value);
  check_content(parse_content_field(value), size);
  check_content(parse_token_field(value), size);
  const std::string decoded = decode_header(value);
  require(is_valid_utf8(decoded) && decoded.find_first_of(std::string_view("\0\r\n\t", 4)) == std::string::npos);
  const auto ids = parse_message_ids(value, 5);
  require(ids.size() <= 5);
  for (const std::string& id : ids) require(!id.empty() && is_valid_utf8(id));
  return 0;
}
