// What a Store owns. For the .cpp files of this folder only.
#pragma once

#include <utility>

#include "base/guarded.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace beadle::store {

struct Store::Content {
  explicit Content(Database opened) : database(std::move(opened)) {}
  Guarded<Database> database;
};

}  // namespace beadle::store
