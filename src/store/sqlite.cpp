#include "store/sqlite.h"

#include <sqlite3.h>

#include <algorithm>
#include <list>
#include <utility>

namespace beadle::store {
namespace {

/// What a result code means for the caller, after https://www.sqlite.org/rescode.html
Error error_of(sqlite3* handle, int code) {
  const char* file = handle == nullptr ? nullptr : sqlite3_db_filename(handle, "main");
  const std::string path = file == nullptr || *file == '\0' ? "database" : file;
  const std::string words =
      std::string(handle == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle)) + " (" + std::to_string(code) + ")";
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return {ErrorKind::try_later, path + ": locked by another process: " + words};
    case SQLITE_FULL:
      return {ErrorKind::try_later, path + ": no room left on the disk: " + words};
    case SQLITE_IOERR:
      return {ErrorKind::try_later, path + ": the disk failed: " + words};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {ErrorKind::try_later, path + ": cannot be written: " + words};
    case SQLITE_CANTOPEN:
      return {ErrorKind::try_later, path + ": cannot be opened: " + words};
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
      return {ErrorKind::try_later, path + ": " + words};
    case SQLITE_CORRUPT:
      return {ErrorKind::bad_data, path + ": damaged: " + words};
    case SQLITE_NOTADB:
      return {ErrorKind::bad_data, path + ": not a database, or damaged: " + words};
    default:
      return {ErrorKind::bad_data, path + ": not as expected: " + words};
  }
}

}  // namespace

class IdleStatements {
 public:
  IdleStatements() = default;
  IdleStatements(const IdleStatements&) = delete;
  IdleStatements& operator=(const IdleStatements&) = delete;
  ~IdleStatements() { close(); }

  /// nullptr where none waits.
  sqlite3_stmt* take(std::string_view sql) {
    const auto found = std::find_if(idle_.begin(), idle_.end(), [&](sqlite3_stmt* one) { return sql == sqlite3_sql(one); });
    if (found == idle_.end()) return nullptr;
    sqlite3_stmt* statement = *found;
    idle_.erase(found);
    return statement;
  }

  void give(sqlite3_stmt* statement) {
    // Whoever failed may fail again for a reason of its own.
    const bool good = sqlite3_reset(statement) == SQLITE_OK;
    if (!good || closed_) {
      sqlite3_finalize(statement);
      return;
    }
    sqlite3_clear_bindings(statement);
    idle_.push_front(statement);
    if (idle_.size() <= most) return;
    sqlite3_finalize(idle_.back());
    idle_.pop_back();
  }

  void close() {
    closed_ = true;
    for (sqlite3_stmt* statement : idle_) sqlite3_finalize(statement);
    idle_.clear();
  }

 private:
  // What a message and a page ask for together.
  static constexpr std::size_t most = 64;
  std::list<sqlite3_stmt*> idle_;  // the one used last in front
  bool closed_ = false;
};

Statement::Statement(sqlite3_stmt* statement, std::shared_ptr<IdleStatements> idle) : statement_(statement), idle_(std::move(idle)) {}

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), failure_(other.failure_), idle_(std::move(other.idle_)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  std::swap(failure_, other.failure_);
  std::swap(idle_, other.idle_);
  return *this;
}

Statement::~Statement() {
  if (statement_ != nullptr) idle_->give(statement_);
}

void Statement::note(int code) {
  if (code != SQLITE_OK && failure_ == SQLITE_OK) failure_ = code;
}

void Statement::reset() {
  sqlite3_reset(statement_);  // repeats the last step's failure, which has been told
  failure_ = SQLITE_OK;
}

void Statement::bind_blob(int place, std::string_view bytes) {
  // A null pointer would be NULL, not an empty blob.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  note(sqlite3_bind_blob64(statement_, place, data, bytes.size(), SQLITE_STATIC));
}

void Statement::bind_text(int place, std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  note(sqlite3_bind_text64(statement_, place, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_integer(int place, std::int64_t number) { note(sqlite3_bind_int64(statement_, place, number)); }

void Statement::bind_null(int place) { note(sqlite3_bind_null(statement_, place)); }

Result<bool> Statement::step() {
  const int code = failure_ == SQLITE_OK ? sqlite3_step(statement_) : failure_;
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return error_of(sqlite3_db_handle(statement_), code);
}

Result<void> Statement::run() {
  while (TRY(step())) {
  }
  return {};
}

std::string Statement::text(int column) const { return std::string(view(column)); }

std::string_view Statement::view(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return data == nullptr ? std::string_view() : std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

std::optional<Time> Statement::maybe_time(int column) const {
  return is_null(column) ? std::nullopt : std::optional<Time>(time(column));
}

Result<Database> Database::open(const std::string& path, int busy_timeout_ms) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Database database(handle);
  if (code != SQLITE_OK) return error_of(handle, code);
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  return database;
}

Database::Database(sqlite3* handle) : handle_(handle), idle_(std::make_shared<IdleStatements>()) {}

Database::Database(Database&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)), idle_(std::move(other.idle_)) {}

Database& Database::operator=(Database&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(idle_, other.idle_);
  return *this;
}

Database::~Database() {
  if (idle_) idle_->close();
  sqlite3_close_v2(handle_);
}

Result<void> Database::script(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(handle_, code);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = idle_->take(sql);
  if (statement != nullptr) return Statement(statement, idle_);
  const int code = sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) return error_of(handle_, code);
  return Statement(statement, idle_);
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

Result<Transaction> Transaction::begin_write(Database& database) {
  TRY(database.run("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Result<Transaction> Transaction::begin_read(Database& database) {
  TRY(database.run("BEGIN"));
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
  // A full disk may have ended it already; a failure here leaves nothing committed either.
  if (database_ != nullptr && database_->in_transaction()) static_cast<void>(database_->run("ROLLBACK"));
}

Result<void> Transaction::commit() {
  TRY(database_->run("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace beadle::store
