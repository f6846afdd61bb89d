// Reads what lists show of held mail, row by row; the statements are used again.
#pragma once

#include <string>
#include <utility>

#include "store/sqlite.h"
#include "store/store.h"
#include "store/vault.h"

namespace beadle::store {

/// What becomes of a subject or reason that is sealed with a key that is not there.
enum class Unreadable { left_out, is_an_error };

class SummaryReader {
 public:
  /// Both must live as long as the reader.
  static Result<SummaryReader> prepare(Database& database, const Vault& vault);
  /// not_found; bad_data, where it is damaged.
  Result<HeldSummary> read(const std::string& id, Unreadable unreadable);

 private:
  SummaryReader(const Vault& vault, Statement row, Statement recipients, Statement clauses)
      : vault_(&vault), row_(std::move(row)), recipients_(std::move(recipients)), clauses_(std::move(clauses)) {}

  const Vault* vault_;
  Statement row_, recipients_, clauses_;
};

}  // namespace beadle::store
