// What an IMAP client says that changes a mailbox, or finds its own work in it again (machine.h); append and move are in
// machine_commands.cpp.
#include <algorithm>

#include "base/check.h"
#include "imap/folder_name.h"
#include "imap/machine.h"

namespace beadle::imap {
namespace {

bool is_plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= ' ' && c < 0x7F && c != '"' && c != '\\' && c != '(' && c != ')';
  });
}

}  // namespace

void Machine::fetch_fields(const std::vector<std::uint32_t>& uids, std::string_view names) {
  CHECK(is_plain(names));
  expect(uids);
  begin(Doing::fields, "UID FETCH " + uid_set(uids) + " (UID FLAGS BODY.PEEK[HEADER.FIELDS (" + std::string(names) + ")]<0." +
                           std::to_string(message_id_field_bytes_max) + ">)");
}

void Machine::search_message_id(std::string_view id) {
  CHECK(is_plain(id));
  first_ = 1;
  last_ = UINT32_MAX;
  begin(Doing::search, "UID SEARCH HEADER Message-ID " + quoted_string(id));
}

void Machine::create(std::string_view folder) { begin(Doing::change, "CREATE " + quoted_string(to_wire_name(folder))); }

void Machine::subscribe(std::string_view folder) { begin(Doing::change, "SUBSCRIBE " + quoted_string(to_wire_name(folder))); }

void Machine::add_flag(const std::vector<std::uint32_t>& uids, std::string_view flag) {
  CHECK(!uids.empty());
  begin(Doing::change, "UID STORE " + uid_set(uids) + " +FLAGS.SILENT (" + std::string(flag) + ")");
}

bool Machine::can_remove() const { return capabilities_.has("UIDPLUS") || capabilities_.has("IMAP4REV2"); }

bool Machine::remove(const std::vector<std::uint32_t>& uids) {
  CHECK(!uids.empty());
  // EXPUNGE by itself would take others' deleted messages along.
  if (!can_remove()) return false;
  begin(Doing::change, "UID STORE " + uid_set(uids) + " +FLAGS.SILENT (\\Deleted)");
  steps_ = {"UID EXPUNGE " + uid_set(uids)};
  return true;
}

}  // namespace beadle::imap
