// What a Store owns. For the .cpp files of this folder only.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "base/guarded.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "store/vault.h"
#include "store/words.h"

namespace beadle::store {

struct Store::Content {
  Content(Database opened, std::shared_ptr<const Vault> keys, WordKey word_key)
      : database(std::move(opened)), vault(std::move(keys)), words(std::move(word_key)) {}
  Guarded<Database> database;
  const std::shared_ptr<const Vault> vault;  // never nullptr: an empty one seals nothing
  const WordKey words;
  std::atomic<bool> told_of_notices{false};
};

}  // namespace beadle::store
