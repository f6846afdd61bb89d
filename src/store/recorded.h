// Earlier mail that is on its way into the record. Writing to disk takes longer than all else that is done for a message, and several are written
// in one go as fast as one: whoever waits first writes for all who have come by then.
#pragma once

#include <functional>
#include <memory>

#include "base/result.h"

namespace beadle::store {

class RecordQueue;

class [[nodiscard]] Recorded {
 public:
  /// Nothing to wait for.
  Recorded() = default;
  /// Until it is on disk, or cannot be. `more_to_come`: whether it is worth a moment's patience, as others are about to come; asked from time to time.
  /// The store must outlive it. What nobody waits for is written with the next that somebody does.
  Result<void> wait(const std::function<bool()>& more_to_come = nullptr);

 private:
  friend class RecordQueue;
  struct Entry;
  Recorded(RecordQueue& queue, std::shared_ptr<Entry> entry) : queue_(&queue), entry_(std::move(entry)) {}

  RecordQueue* queue_ = nullptr;
  std::shared_ptr<Entry> entry_;
};

}  // namespace beadle::store
