// Sealing anew: what is plain or has an old key gets the key of today, some rows at a time, so that mail goes on meanwhile. What is sealed with a key
// that is not there stays as it is, and so does what is damaged: both are logged, and Store::get says so of each.
#include <algorithm>

#include "base/log.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/sealing.h"

namespace beadle::store {
namespace {

constexpr SealedColumns all_columns[] = {sealed_message, sealed_release,     sealed_subject, sealed_reason,
                                         sealed_note,    sealed_notice,      sealed_totp,    sealed_break_glass};
// A transaction's changes all stand in the log at once.
constexpr std::size_t reseal_bytes_most = 32u << 20;
// Damaged rows that may stand in the way of whole ones.
constexpr std::size_t reseal_damaged_most = 1000;

struct Work {
  Database& database;
  const Vault& vault;
  std::size_t most = 0;
  std::size_t done = 0, bytes = 0, damaged = 0;
  bool full() const { return done >= most || bytes >= reseal_bytes_most; }
};

std::string name_of(std::string_view text) { return std::string(text); }

/// Rows of `columns` whose key is `key_id`. Subjects and reasons that are empty never get a key (and the index leaves them out).
Result<std::vector<std::string>> rows_with(Work& work, const SealedColumns& columns, std::string_view key_id) {
  const std::string filled = columns.table == "held" ? " AND " + name_of(columns.columns[0]) + " <> ''" : "";
  const std::string id = name_of(columns.id);
  const std::string sql = "SELECT " + id + " FROM " + name_of(columns.table) + " WHERE " + name_of(columns.key) + " = ?1" + filled + " LIMIT ?2";
  Statement query = TRY(work.database.query(sql, key_id, work.most - work.done + reseal_damaged_most));
  std::vector<std::string> ids;
  while (TRY(query.step())) ids.push_back(columns.id == "number" ? std::to_string(query.integer(0)) : query.text(0));
  return ids;
}

struct Plain {
  std::vector<std::string> values;
  bool damaged = false;
};

Result<Plain> plain_of(Work& work, const SealedColumns& columns, const std::string& id, std::string_view key_id) {
  Plain plain;
  for (std::size_t i = 0; i < columns.columns.size() && !columns.columns[i].empty(); ++i) {
    Statement row = TRY(work.database.query(
        "SELECT " + name_of(columns.columns[i]) + " FROM " + name_of(columns.table) + " WHERE " + name_of(columns.id) + " = ?1", id));
    if (!TRY(row.step())) return Error{ErrorKind::bad_data, place_of(columns, i, id) + " is not there"};
    Result<std::string> value = unsealed(work.vault, key_id, row.text(0), columns, i, id);
    if (!value) {
      log(LogLevel::error, "reseal-damaged", {{"why", value.error().what}});
      plain.damaged = true;
      return plain;
    }
    plain.values.push_back(*std::move(value));
  }
  return plain;
}

Result<void> write(Work& work, const SealedColumns& columns, const std::string& id, const Plain& plain) {
  for (std::size_t i = 0; i < plain.values.size(); ++i) {
    const std::string value = sealed(work.vault, plain.values[i], columns, i, id);
    work.bytes += value.size();
    const std::string_view as = columns.is_text[i] ? "CAST(?2 AS TEXT)" : "?2";
    TRY(work.database.run("UPDATE " + name_of(columns.table) + " SET " + name_of(columns.columns[i]) + " = " + name_of(as) + ", " +
                              name_of(columns.key) + " = ?3 WHERE " + name_of(columns.id) + " = ?1",
                          id, Blob{value}, work.vault.key_id()));
  }
  return {};
}

Result<void> reseal_with(Work& work, const SealedColumns& columns, const std::string& key_id) {
  for (const std::string& id : TRY(rows_with(work, columns, key_id))) {
    if (work.full()) return {};
    const Plain plain = TRY(plain_of(work, columns, id, key_id));
    if (plain.damaged) {
      ++work.damaged;
      continue;
    }
    TRY(write(work, columns, id, plain));
    ++work.done;
  }
  return {};
}

Result<void> reseal_all(Work& work) {
  std::vector<std::string> others = work.vault.old_key_ids();
  if (work.vault.seals()) others.emplace_back();
  for (const SealedColumns& columns : all_columns) {
    for (const std::string& key_id : others) {
      if (!work.full()) TRY(reseal_with(work, columns, key_id));
    }
  }
  return {};
}

/// What is sealed with keys that nobody gave us, so that it is not found out only when somebody wants to read it.
Result<void> tell_of_missing_keys(Work& work) {
  std::vector<std::string> known = work.vault.old_key_ids();
  known.push_back(work.vault.key_id());
  known.emplace_back();
  Statement query = TRY(work.database.prepare("SELECT key_id, count(*) FROM message GROUP BY key_id"));
  while (TRY(query.step())) {
    const std::string key_id = query.text(0);
    if (std::find(known.begin(), known.end(), key_id) == known.end()) {
      log(LogLevel::warning, "sealed-with-missing-key", {{"key", key_id}, {"messages", std::to_string(query.integer(1))}});
    }
  }
  return {};
}

}  // namespace

Result<std::size_t> Store::reseal(std::size_t most, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  Work work{.database = *database, .vault = *content_->vault, .most = most};
  TRY(reseal_all(work));
  // Words are made of subjects, so they come when all of those can be read.
  for (WordsPlace place; !work.full() && !place.at_end;) {
    work.done += TRY(renew_words(*database, work.vault, content_->words, work.most - work.done, place));
  }
  if (work.done == 0) {
    TRY(tell_of_missing_keys(work));
    TRY(transaction.commit());
    // What was plain stands in the log too until it is written over.
    TRY(database->script("PRAGMA wal_checkpoint(TRUNCATE)"));
    return work.done;
  }
  TRY(append_audit(*database, "resealed", "beadle", "", json_object({{"key", work.vault.key_id()}, {"rows", std::to_string(work.done)}}), now));
  TRY(transaction.commit());
  return work.done;
}

}  // namespace beadle::store
