// The outbox: mail of Beadle's own, kept until the mail server has taken it. Written within the caller's transaction.
#pragma once

#include <string_view>
#include <vector>

#include "store/sqlite.h"
#include "store/store.h"
#include "store/vault.h"

namespace beadle::store {

/// Puts notices about `held` into the outbox, due at once.
Result<void> add_notices(Database& database, const Vault& vault, std::string_view held, const std::vector<Notice>& notices, Time now);

/// When to try again after `tries` failures: soon at first, then ever later.
Time next_try(int tries, Time now);

/// The code at the beginning of a mail server's reply, "550 5.7.1"; "" where it has none. For the audit trail, which keeps no
/// words.
std::string reply_code(std::string_view reply);

}  // namespace beadle::store
