// SQLite with owners and typed values: Database, Statement, Transaction. Nothing here knows of mail.
// The connection has no lock of its own: callers serialise (Guarded). Text and blobs may hold any byte, NUL too.
// Failures: try_later (locked, full, not writable), bad_data (damaged, not a database, tables not as expected).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"
#include "base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace beadle::store {

/// Bytes for a BLOB column. Not copied: they must live until the statement has run.
struct Blob {
  std::string_view bytes;
};

/// Statements that wait to be run again: reading the SQL of a look-up takes longer than the look-up.
class IdleStatements;

class Statement {
 public:
  /// idle: where it goes when it is done with.
  Statement(sqlite3_stmt* statement, std::shared_ptr<IdleStatements> idle);
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement();

  /// Starts anew with `values` for ?1, ?2 …
  template <class... Values>
  Statement& with(const Values&... values) {
    reset();
    int place = 0;
    (bind(++place, values), ...);
    return *this;
  }
  /// Gives whether there is a row.
  Result<bool> step();
  /// Runs to the end; rows are passed over.
  Result<void> run();

  // Columns of the current row, from 0. What is NULL reads as "" or 0.
  std::string text(int column) const;
  /// The same without a copy, until the next step.
  std::string_view view(int column) const;
  std::int64_t integer(int column) const;
  bool is_null(int column) const;
  Time time(int column) const { return from_ms(integer(column)); }
  std::optional<Time> maybe_time(int column) const;

 private:
  template <class Value>
  void bind(int place, const Value& value) {
    if constexpr (std::is_same_v<Value, Blob>) {
      bind_blob(place, value.bytes);
    } else if constexpr (std::is_same_v<Value, Time>) {
      bind_integer(place, to_ms(value));
    } else if constexpr (std::is_same_v<Value, std::nullopt_t>) {
      bind_null(place);
    } else if constexpr (std::is_integral_v<Value>) {
      bind_integer(place, static_cast<std::int64_t>(value));
    } else {
      bind_text(place, std::string_view(value));
    }
  }
  void reset();
  void bind_blob(int place, std::string_view bytes);
  void bind_text(int place, std::string_view text);
  void bind_integer(int place, std::int64_t number);
  void bind_null(int place);
  void note(int code);

  sqlite3_stmt* statement_ = nullptr;
  int failure_ = 0;  // of the first bind that failed; step() tells
  std::shared_ptr<IdleStatements> idle_;
};

class Database {
 public:
  /// Opens an existing file (or `:memory:`) for reading and writing; tells `failures` by their path.
  static Result<Database> open(const std::string& path, int busy_timeout_ms);
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  ~Database();

  /// Several statements without values.
  Result<void> script(const std::string& sql);
  Result<Statement> prepare(std::string_view sql);
  template <class... Values>
  Result<Statement> query(std::string_view sql, const Values&... values) {
    Statement statement = TRY(prepare(sql));
    statement.with(values...);
    return statement;
  }
  /// Runs one statement to its end and gives how many rows it changed.
  template <class... Values>
  Result<std::int64_t> run(std::string_view sql, const Values&... values) {
    Statement statement = TRY(query(sql, values...));
    TRY(statement.run());
    return changes();
  }
  /// The first column of the first row; 0 where there is no row.
  template <class... Values>
  Result<std::int64_t> number(std::string_view sql, const Values&... values) {
    Statement statement = TRY(query(sql, values...));
    return TRY(statement.step()) ? statement.integer(0) : 0;
  }
  bool in_transaction() const;

 private:
  explicit Database(sqlite3* handle);
  std::int64_t changes() const;

  sqlite3* handle_ = nullptr;
  std::shared_ptr<IdleStatements> idle_;
};

/// Undone by its destructor unless committed.
class Transaction {
 public:
  /// BEGIN IMMEDIATE: waits for other writers at once, so that what is read first cannot change before it is written.
  static Result<Transaction> begin_write(Database& database);
  /// Every query within sees the same state.
  static Result<Transaction> begin_read(Database& database);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_ = nullptr;
};

}  // namespace beadle::store
