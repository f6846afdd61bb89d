// Earlier mail that waits to be written, by whoever waits for it first (recorded.h). Knows nothing of the database.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "inspect/history.h"
#include "store/recorded.h"

namespace beadle::store {

/// One mail and the fingerprints of its passages (Store::remember).
struct NewRecord {
  inspect::EarlierMail mail;
  std::vector<std::uint64_t> fingerprints;
};

struct Recorded::Entry {
  NewRecord record;
  bool done = false, waited_for = false;
  std::optional<Error> failed{};
  std::condition_variable changed{};  // it is done, or it is its turn to write
};

class RecordQueue {
 public:
  /// write: all or none, durable when it returns. Called by one thread at a time.
  explicit RecordQueue(std::function<Result<void>(std::span<const NewRecord>)> write) : write_(std::move(write)) {}

  Recorded add(NewRecord record);
  Result<void> wait(Recorded::Entry& entry, const std::function<bool()>& more_to_come);

 private:
  using Lock = std::unique_lock<std::mutex>;
  /// noexcept: without memory the program ends and is started again, rather than leave everybody waiting for ever.
  void write_all(Lock& lock) noexcept;
  Result<void> write(std::span<const NewRecord> records) const;

  const std::function<Result<void>(std::span<const NewRecord>)> write_;
  std::mutex mutex_;
  std::condition_variable filled_;  // enough wait
  std::vector<std::shared_ptr<Recorded::Entry>> waiting_;
  bool somebody_writes_ = false;
};

}  // namespace beadle::store
