// What an IMAP client says: commands and their literals (machine.h). What it hears is in machine.cpp.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "imap/folder_name.h"
#include "imap/machine.h"

namespace beadle::imap {

std::vector<std::vector<std::uint32_t>> batches_of(const std::vector<std::uint32_t>& uids) {
  std::vector<std::vector<std::uint32_t>> batches;
  for (std::size_t i = 0; i < uids.size(); i += fetch_uids_max) {
    const auto begin = uids.begin() + static_cast<std::ptrdiff_t>(i);
    batches.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(std::min(fetch_uids_max, uids.size() - i)));
  }
  return batches;
}

std::string uid_set(const std::vector<std::uint32_t>& uids) {
  std::string out;
  for (std::size_t i = 0; i < uids.size();) {
    std::size_t last = i;
    while (last + 1 < uids.size() && uids[last + 1] == uids[last] + 1) ++last;
    if (!out.empty()) out += ',';
    out += std::to_string(uids[i]);
    if (last > i) out += ":" + std::to_string(uids[last]);
    i = last + 1;
  }
  return out;
}

void Machine::begin(Doing doing, std::string command, std::size_t literal_bytes) {
  CHECK(!busy() && problem_.empty() && !ended_);
  doing_ = doing;
  unasked_ = folders_ = found_ = 0;
  // A folder with many flags of its own says them in one line, too.
  reader_.set_bounds(doing == Doing::search ? search_line_bytes_max : line_bytes_max, literal_bytes);
  steps_.push_back(std::move(command));
  send_next_step();
}

void Machine::send_next_step() {
  tag_ = "b" + std::to_string(++number_);
  output_ += tag_ + " " + steps_.front() + "\r\n";
  steps_.pop_front();
}

void Machine::expect(const std::vector<std::uint32_t>& uids) {
  CHECK(!uids.empty() && uids.size() <= fetch_uids_max && std::is_sorted(uids.begin(), uids.end()));
  asked_ = std::set<std::uint32_t>(uids.begin(), uids.end());
}

void Machine::ask_capabilities() {
  capabilities_ = {};
  begin(Doing::capability, "CAPABILITY");
}

void Machine::ask_namespaces() { begin(Doing::namespaces, "NAMESPACE"); }

void Machine::list_folders() {
  // RFC 6154 §2: said unasked, or where asked for by RFC 5258.
  const bool ask = capabilities_.has("SPECIAL-USE") && capabilities_.has("LIST-EXTENDED");
  begin(Doing::list, ask ? "LIST \"\" \"*\" RETURN (SPECIAL-USE)" : "LIST \"\" \"*\"");
}

void Machine::open_folder(std::string_view name, bool read_only) {
  folder_ = {};
  begin(Doing::open, (read_only ? "EXAMINE " : "SELECT ") + quoted_string(to_wire_name(name)));
}

void Machine::search(std::uint32_t first, std::uint32_t last) {
  CHECK(first >= 1 && first <= last);
  first_ = first;
  last_ = last;
  begin(Doing::search, "UID SEARCH UID " + std::to_string(first) + ":" + std::to_string(last));
}

void Machine::fetch_summaries(const std::vector<std::uint32_t>& uids) {
  expect(uids);
  begin(Doing::summaries, "UID FETCH " + uid_set(uids) + " (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]<0." +
                              std::to_string(message_id_field_bytes_max) + ">)");
}

void Machine::fetch_headers(const std::vector<std::uint32_t>& uids, std::size_t most) {
  CHECK(most <= body_bytes_max);
  expect(uids);
  begin(Doing::headers, "UID FETCH " + uid_set(uids) + " (UID BODY.PEEK[HEADER]<0." + std::to_string(most) + ">)", most);
}

// A part of a message, so that a server which is wrong about sizes still sends no more than that.
void Machine::fetch_bodies(const std::vector<std::uint32_t>& uids, std::size_t most) {
  CHECK(most <= body_bytes_max);
  expect(uids);
  begin(Doing::bodies, "UID FETCH " + uid_set(uids) + " (UID BODY.PEEK[]<0." + std::to_string(most) + ">)", most);
}

void Machine::append(std::string_view folder, const std::vector<std::string>& flags, Time received, std::string_view bytes) {
  std::string words;
  for (const std::string& flag : flags) words += (words.empty() ? "" : " ") + flag;
  CHECK(words.find_first_of("\r\n(){\"") == std::string::npos);
  // RFC 7888: LITERAL+ takes any length at once, LITERAL- 4096 bytes.
  const bool at_once = capabilities_.has("LITERAL+") || (capabilities_.has("LITERAL-") && bytes.size() <= 4096);
  const std::string command = "APPEND " + quoted_string(to_wire_name(folder)) + " (" + words + ") \"" + to_internal_date(received) + "\" {" +
                              std::to_string(bytes.size()) + (at_once ? "+}" : "}");
  begin(Doing::append, command);
  const std::string literal = std::string(bytes) + "\r\n";
  if (at_once) {
    output_ += literal;
  } else {
    behind_go_ahead_.push_back(literal);
  }
}

bool Machine::move(const std::vector<std::uint32_t>& uids, std::string_view folder) {
  const std::string set = uid_set(uids), name = quoted_string(to_wire_name(folder));
  CHECK(!set.empty());
  if (capabilities_.has("MOVE") || capabilities_.has("IMAP4REV2")) {
    begin(Doing::move, "UID MOVE " + set + " " + name);
    return true;
  }
  // Without UID EXPUNGE others' deleted messages would go with ours.
  if (!capabilities_.has("UIDPLUS")) return false;
  begin(Doing::move, "UID COPY " + set + " " + name);
  steps_ = {"UID STORE " + set + " +FLAGS.SILENT (\\Deleted)", "UID EXPUNGE " + set};
  return true;
}

bool Machine::idle() {
  if (!capabilities_.has("IDLE") && !capabilities_.has("IMAP4REV2")) return false;
  begin(Doing::idle, "IDLE");
  return true;
}

void Machine::end_idle() {
  CHECK(idling_);
  idling_ = false;
  output_ += "DONE\r\n";
}

void Machine::noop() { begin(Doing::noop, "NOOP"); }
void Machine::log_out() { begin(Doing::logout, "LOGOUT"); }

std::string Machine::take_output() { return std::exchange(output_, {}); }

}  // namespace beadle::imap
