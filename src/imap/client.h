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

 private:
  /// Until the command is done; how long `take` needs does not count.
  Result<void> converse(std::int64_t timeout_ms, const std::function<Result<void>(Event&&)>& take);

  Transport& transport_;
  Machine machine_;
};

}  // namespace beadle::imap
