// An IMAP client's side of a conversation behind the login (RFC 3501, RFC 9051): commands in, events out, no socket. One command at a time.
// Believes a server nothing that was not asked for: messages under other UIDs, answers under other tags, lines in between. Such a conversation ends in
// problem(); it is then for the caller to hang up. Time is for the caller too.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imap/events.h"
#include "imap/response_reader.h"

namespace beadle::imap {

class Machine {
 public:
  // Each begins a command, and CHECKs that none is in progress. What is to be sent then is in take_output().
  void ask_capabilities();
  void ask_namespaces();
  /// All folders, with what they are for where the server knows (RFC 6154).
  void list_folders();
  /// EXAMINE: nothing in it can be changed by us; SELECT.
  void open_folder(std::string_view name, bool read_only);
  /// UIDs from `first` to `last`, of which the server may find search_uids_max at most.
  void search(std::uint32_t first, std::uint32_t last);
  /// UID, flags, size, date and Message-ID of those messages. Marks nothing as read.
  void fetch_summaries(const std::vector<std::uint32_t>& uids);
  /// The header of each, or its first `most` bytes. Marks nothing as read.
  void fetch_headers(const std::vector<std::uint32_t>& uids, std::size_t most);
  /// The whole of them, up to body_bytes_max, or their first `most` bytes. Marks nothing as read.
  void fetch_bodies(const std::vector<std::uint32_t>& uids, std::size_t most = body_bytes_max);
  void append(std::string_view folder, const std::vector<std::string>& flags, Time received, std::string_view bytes);
  /// MOVE (RFC 6851), or COPY, STORE and UID EXPUNGE (RFC 4315). false: the server offers neither; nothing was begun.
  [[nodiscard]] bool move(const std::vector<std::uint32_t>& uids, std::string_view folder);
  /// RFC 2177. false: it is not offered; nothing was begun.
  [[nodiscard]] bool idle();
  void end_idle();
  /// UID, flags and those fields of the header: names with a blank between. Marks nothing as read.
  void fetch_fields(const std::vector<std::uint32_t>& uids, std::string_view names);
  /// Of all in the folder that is open: whose Message-ID holds this one, without angle brackets.
  void search_message_id(std::string_view id);
  void create(std::string_view folder);
  /// So that mail programs show it.
  void subscribe(std::string_view folder);
  void add_flag(const std::vector<std::uint32_t>& uids, std::string_view flag);
  /// STORE and UID EXPUNGE (RFC 4315). false: it is not offered; nothing was begun.
  [[nodiscard]] bool remove(const std::vector<std::uint32_t>& uids);
  /// Whether remove() can be.
  bool can_remove() const;
  void noop();
  void log_out();

  /// Bytes for the server; what stands behind a literal waits until the server wants it.
  std::string take_output();
  /// Then next_event() until there is none.
  void feed(std::string_view bytes) { reader_.add(bytes); }
  std::optional<Event> next_event();

  bool busy() const { return !tag_.empty(); }
  /// "the server sent a message that was not asked for". "" while all is well.
  const std::string& problem() const { return problem_; }
  const FolderState& folder() const { return folder_; }
  const Capabilities& capabilities() const { return capabilities_; }

 private:
  enum class Doing { nothing, capability, namespaces, list, open, search, summaries, headers, fields, bodies, append, move, change, idle, noop, logout };

  void begin(Doing doing, std::string command, std::size_t literal_bytes = literal_bytes_max);
  void send_next_step();
  void expect(const std::vector<std::uint32_t>& uids);
  bool is_wanted(const Item& item, bool has_size) const;
  std::optional<Event> take(Response&& response);
  std::optional<Event> on_go_ahead();
  std::optional<Event> on_tagged(const Response& response);
  std::optional<Event> on_untagged(Response&& response);
  std::optional<Event> on_status(const Response& response);
  std::optional<Event> on_data(Response&& response);
  std::optional<Event> on_search(const Response& response);
  std::optional<Event> on_fetch(Response&& response);
  std::optional<Event> broken(std::string what);
  bool counts_unasked();

  ResponseReader reader_;
  Doing doing_ = Doing::nothing;
  std::string tag_;  // of the command in progress
  unsigned number_ = 0;
  std::string output_;
  std::deque<std::string> behind_go_ahead_;  // pieces of the command behind its literals
  std::deque<std::string> steps_;            // commands that follow, if this one succeeds
  std::set<std::uint32_t> asked_;            // UIDs that are still to come
  std::uint32_t first_ = 0, last_ = 0;       // of a search
  std::size_t unasked_ = 0, folders_ = 0, found_ = 0;
  bool idling_ = false, ended_ = false;
  FolderState folder_;
  Capabilities capabilities_;
  std::string problem_;
};

/// As many as one FETCH takes at most.
std::vector<std::vector<std::uint32_t>> batches_of(const std::vector<std::uint32_t>& uids);
/// "3:7,9": UIDs in rising order as RFC 3501 §9 sequence-set.
std::string uid_set(const std::vector<std::uint32_t>& uids);

}  // namespace beadle::imap
