// What a Store owns. For the .cpp files of this folder only.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "base/guarded.h"
#include "store/record_queue.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "store/vault.h"
#include "store/words.h"

namespace beadle::store {

struct Store::Content {
  Content(Database opened, std::optional<Database> second, std::shared_ptr<const Vault> keys, WordKey word_key)
      : database(std::move(opened)),
        vault(std::move(keys)),
        words(std::move(word_key)),
        second_connection(second ? std::make_unique<Guarded<Database>>(*std::move(second)) : nullptr),
        record_queue([this](std::span<const NewRecord> records) { return write_records(records); }) {}
  /// For look-ups that every message waits for: they need not wait until somebody else's write is on disk.
  Guarded<Database>& readings() { return second_connection ? *second_connection : database; }
  Result<void> write_records(std::span<const NewRecord> records);

  Guarded<Database> database;
  const std::shared_ptr<const Vault> vault;  // never nullptr: an empty one seals nothing
  const WordKey words;
  const std::unique_ptr<Guarded<Database>> second_connection;  // nullptr: a database in memory has one alone
  RecordQueue record_queue;
  std::atomic<bool> told_of_notices{false};
};

}  // namespace beadle::store
