// A mailbox as calls that wait: one command after the other over a transport, each with its deadline. After an error the conversation is over.
// Failures: try_later (away, time, stop, the server ends it), refused (the server says NO), bad_data (BAD, or what is no IMAP).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "imap/events.h"
#include "imap/machine.h"
#include "imap/transport.h"

namespace beadle::imap {

class Client {
 public:
  explicit Client(Transport& transport) : transport_(transport) {}

  /// First: what the server can do.
  Result<void> begin();
  Result<std::vector<Folder>> folders();
  /// So that nothing in it can change by us.
  Result<FolderState> examine(std::string_view folder);
  /// Rising.
  Result<std::vector<std::uint32_t>> search(std::uint32_t first, std::uint32_t last);
  /// Those of the open folder from `first` on, rising and piece by piece, each with the number up to which it has been searched; until `take` says false.
  using TakeFound = std::function<Result<bool>(const std::vector<std::uint32_t>& uids, std::uint32_t until)>;
  Result<void> search_on(std::uint32_t first, const TakeFound& take);
  using Take = std::function<Result<void>(Item&&)>;
  /// In the order in which the server sends them, each as soon as it is there. What has gone meanwhile does not come.
  Result<void> summaries(const std::vector<std::uint32_t>& uids, const Take& take);
  Result<void> headers(const std::vector<std::uint32_t>& uids, std::size_t most, const Take& take);
  Result<void> bodies(const std::vector<std::uint32_t>& uids, const Take& take, std::size_t most = body_bytes_max);
  void log_out();

  // What changes a mailbox; client_writes.cpp.
  const Capabilities& capabilities() const { return machine_.capabilities(); }
  /// Where one's own folders stand; without a prefix where the server says none.
  Result<Namespace> own_namespace();
  /// As examine(), and things in it can be changed.
  Result<FolderState> select(std::string_view folder);
  /// Flags and those fields of the header, as summaries(). `names` with a blank between.
  Result<void> fields(const std::vector<std::uint32_t>& uids, std::string_view names, const Take& take);
  /// Whether a message in the open folder has this Message-ID, without angle brackets.
  Result<bool> has_message_id(std::string_view id);
  /// And subscribes to it, where the server lets us.
  Result<void> create(std::string_view folder);
  /// `bytes` hold no NUL (RFC 3501 §4.3).
  Result<void> append(std::string_view folder, const std::vector<std::string>& flags, Time received, std::string_view bytes);
  /// Out of the open folder; refused, where the server offers neither MOVE nor UIDPLUS.
  Result<void> move(const std::vector<std::uint32_t>& uids, std::string_view folder);
  Result<void> remove(const std::vector<std::uint32_t>& uids);
  bool can_remove() const { return machine_.can_remove(); }
  Result<void> add_flag(const std::vector<std::uint32_t>& uids, std::string_view flag);
  /// Waits until the server tells of a change in the open folder, `woken` says so, which is asked every second or two, or it is `until`. false at once:
  /// it offers no IDLE (RFC 2177).
  Result<bool> idle(net::Deadline until, const std::function<bool()>& woken);

 private:
  static Error refusal(const Completed& done);
  /// Until the command is done; how long `take` needs does not count.
  Result<void> converse(std::int64_t timeout_ms, const std::function<Result<void>(Event&&)>& take);

  Transport& transport_;
  Machine machine_;
};

}  // namespace beadle::imap
