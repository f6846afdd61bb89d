#include "store/record_queue.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <utility>

namespace beadle::store {
namespace {

// As long as a write takes on a slow disk: patience beyond it would cost more than it saves.
constexpr std::chrono::milliseconds patience{1};
// As many as fit into that time; those who are here need not wait for others then.
constexpr std::size_t enough = 8;

}  // namespace

Result<void> Recorded::wait(const std::function<bool()>& more_to_come) {
  return entry_ == nullptr ? Result<void>() : queue_->wait(*entry_, more_to_come);
}

Recorded RecordQueue::add(NewRecord record) {
  auto entry = std::make_shared<Recorded::Entry>();
  entry->record = std::move(record);
  {
    const Lock lock(mutex_);
    waiting_.push_back(entry);
    if (waiting_.size() == enough) filled_.notify_one();
  }
  return Recorded(*this, std::move(entry));
}

Result<void> RecordQueue::wait(Recorded::Entry& entry, const std::function<bool()>& more_to_come) {
  Lock lock(mutex_);
  entry.waited_for = true;
  while (!entry.done) {
    if (somebody_writes_) {
      entry.changed.wait(lock);
      continue;
    }
    somebody_writes_ = true;
    const auto until = std::chrono::steady_clock::now() + patience;
    while (more_to_come && waiting_.size() < enough && more_to_come() && filled_.wait_until(lock, until) == std::cv_status::no_timeout) {
    }
    write_all(lock);
  }
  if (entry.failed) return *entry.failed;
  return {};
}

void RecordQueue::write_all(Lock& lock) noexcept {
  const auto entries = std::exchange(waiting_, {});
  lock.unlock();
  std::vector<NewRecord> records;
  for (const auto& entry : entries) records.push_back(std::move(entry->record));
  const Result<void> together = write(records);
  for (std::size_t i = 0; !together && i < records.size(); ++i) {
    // One that cannot be written must not keep the others from it.
    const Result<void> alone = records.size() == 1 ? together : write({&records[i], 1});
    if (!alone) entries[i]->failed = alone.error();
  }
  lock.lock();
  for (const auto& entry : entries) entry->done = true;
  somebody_writes_ = false;
  const auto next = std::find_if(waiting_.begin(), waiting_.end(), [](const auto& entry) { return entry->waited_for; });
  const std::shared_ptr<Recorded::Entry> next_writer = next == waiting_.end() ? nullptr : *next;
  // Whoever is woken needs the lock.
  lock.unlock();
  for (const auto& entry : entries) entry->changed.notify_one();
  if (next_writer) next_writer->changed.notify_one();
  lock.lock();
}

/// What is thrown must not leave the others waiting for ever.
Result<void> RecordQueue::write(std::span<const NewRecord> records) const {
  try {
    return write_(records);
  } catch (const std::exception& error) {
    return Error{ErrorKind::try_later, std::string("the record: ") + error.what()};
  }
}

}  // namespace beadle::store
