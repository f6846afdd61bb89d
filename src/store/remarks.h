// Words of people about held mail, written within the caller's transaction.
#pragma once

#include <string>

#include "store/desk.h"
#include "store/sqlite.h"
#include "store/vault.h"

namespace beadle::store {

/// refused, where its content was purged: what is said of it would be kept for ever.
Result<void> check_not_purged(Database& database, const std::string& id);
/// refused: too many, or purged; usage: too long.
Result<void> add_note(Database& database, const Vault& vault, const std::string& id, const Note& note);

}  // namespace beadle::store
