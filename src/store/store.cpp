#include "store/store.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "base/digest.h"
#include "base/log.h"
#include "store/content.h"
#include "store/schema.h"

namespace beadle::store {
namespace {

constexpr std::size_t words_batch = 500;  // messages in one transaction
constexpr std::size_t secret_bytes = 32;  // of HMAC-SHA-256: as long as its digest (RFC 2104 §3)

constexpr std::pair<HeldState, std::string_view> state_names[] = {{HeldState::held, "held"},
                                                                  {HeldState::releasing, "releasing"},
                                                                  {HeldState::released, "released"},
                                                                  {HeldState::returned, "returned"},
                                                                  {HeldState::withdrawn, "withdrawn"}};

/// Name of a network file system, "" for a local one. Numbers of statfs(2).
std::string_view network_file_system(const std::string& directory) {
  struct statfs found {};
  if (::statfs(directory.c_str(), &found) != 0) return "";
  switch (static_cast<std::uint32_t>(found.f_type)) {
    case 0x6969:
      return "NFS";
    case 0xff534d42:
      return "CIFS";
    case 0xfe534d42:
      return "SMB2";
    case 0x517b:
      return "SMB";
    case 0x5346414f:
      return "AFS";
    case 0x00c36400:
      return "Ceph";
    default:
      return "";
  }
}

std::string directory_of(const std::string& path) {
  const std::string directory = std::filesystem::path(path).parent_path().string();
  return directory.empty() ? "." : directory;
}

std::string user_name(uid_t user) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const bool known = ::getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
  return known ? entry.pw_name : std::to_string(user);
}

/// Whose it is, and what to do: most often an administrator made as root what the daemon's user should have made.
Error no_rights(const std::string& path, const std::string& directory) {
  struct stat owner {}, keeper {};
  const bool seen = ::stat(path.c_str(), &owner) == 0 && ::stat(directory.c_str(), &keeper) == 0;
  const std::string us = user_name(::geteuid());
  if (!seen) return {ErrorKind::bad_settings, path + ": user " + us + " may not look into the directory " + directory + ": run beadle as its owner"};
  const std::string whose = path + ": belongs to " + user_name(owner.st_uid) + ", and user " + us + " may not open it: ";
  if (owner.st_uid != keeper.st_uid) return {ErrorKind::bad_settings, whose + "chown " + user_name(keeper.st_uid) + ": " + path + "*"};
  return {ErrorKind::bad_settings,
          whose + "run beadle as " + user_name(owner.st_uid) + ", or, where " + us + " is to run it: chown " + us + ": " + directory + " " + path + "*"};
}

/// The file and those that SQLite puts beside it; all of them may be absent, but they can be made.
Result<void> check_rights(const std::string& path) {
  const std::string directory = directory_of(path);
  struct stat keeper {};
  const bool seen = ::stat(directory.c_str(), &keeper) == 0 && ::faccessat(AT_FDCWD, directory.c_str(), X_OK, AT_EACCESS) == 0;
  if (seen && ::faccessat(AT_FDCWD, directory.c_str(), W_OK, AT_EACCESS) != 0 && errno == EACCES) {
    const std::string owner = user_name(keeper.st_uid), us = user_name(::geteuid());
    return Error{ErrorKind::bad_settings, path + ": the directory belongs to " + owner + ", and user " + us + " may make no file there: run beadle as " + owner +
                                              ", or, where " + us + " is to run it: chown " + us + ": " + directory};
  }
  for (const char* beside : {"", "-wal", "-shm"}) {
    const std::string file = path + beside;
    if (::faccessat(AT_FDCWD, file.c_str(), R_OK | W_OK, AT_EACCESS) != 0 && errno == EACCES) return no_rights(file, directory);
  }
  return {};
}

Result<void> check_directory(const std::string& path) {
  const std::string directory = directory_of(path);
  struct stat found {};
  if (::stat(directory.c_str(), &found) != 0) {
    const int why = errno;
    if (why != ENOENT) return Error{ErrorKind::try_later, directory + ": " + std::strerror(why)};
    return Error{ErrorKind::bad_settings, directory + ": no such directory: create it, owned by the user that runs Beadle"};
  }
  if (!S_ISDIR(found.st_mode)) return Error{ErrorKind::bad_settings, directory + ": not a directory"};
  // The shared memory of SQLite's log works on one host only (https://www.sqlite.org/wal.html).
  const std::string_view network = network_file_system(directory);
  if (!network.empty()) {
    return Error{ErrorKind::bad_settings,
                 directory + ": is on a network file system (" + std::string(network) + "): the database needs a local disk"};
  }
  return {};
}

/// Makes the file where there is none, readable by its owner only; SQLite gives the files beside it the same mode.
/// Made by root, it gets the owner of the directory, as otherwise the daemon could not open it; SQLite then does the same for the files beside it.
/// An existing file is never opened here: closing it would drop the locks that another Store of this process has on it
/// (https://www.sqlite.org/howtocorrupt.html §2.2). So a new one gets its name only when it is closed.
Result<void> make_file(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    std::string temporary = path + ".new-XXXXXX";
    const int file = ::mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600
    if (file < 0) return Error{ErrorKind::try_later, path + ": cannot be made: " + std::strerror(errno)};
    struct stat directory {};
    const bool given = ::geteuid() != 0 || (::stat(directory_of(path).c_str(), &directory) == 0 && ::fchown(file, directory.st_uid, directory.st_gid) == 0);
    const int not_given = given ? 0 : errno;
    ::close(file);
    if (!given) {
      ::unlink(temporary.c_str());
      return Error{ErrorKind::try_later, path + ": cannot be given to the owner of its directory: " + std::strerror(not_given)};
    }
    const int why = ::link(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
    ::unlink(temporary.c_str());
    if (why != 0 && why != EEXIST) return Error{ErrorKind::try_later, path + ": cannot be made: " + std::strerror(why)};
    return {};
  }
  if (!S_ISREG(found.st_mode)) return Error{ErrorKind::bad_settings, path + ": not a file"};
  if ((found.st_mode & 077) != 0) log(LogLevel::warning, "store-readable-by-others", {{"path", path}});
  return {};
}

/// SQLite takes a file that is too short for a database for a new one, and drops the log beside it, which holds mail.
/// So what was cut or emptied is told here.
Result<void> check_not_emptied(const std::string& path) {
  constexpr off_t page_bytes_least = 512;
  struct stat file {};
  struct stat journal {};
  if (::stat(path.c_str(), &file) != 0 || file.st_size >= page_bytes_least) return {};
  if (::stat((path + "-wal").c_str(), &journal) == 0 && journal.st_size != 0) {
    return Error{ErrorKind::bad_data,
                 path + ": damaged: it was emptied, but " + path + "-wal beside it is not: keep that file, it may hold mail"};
  }
  if (file.st_size != 0) return Error{ErrorKind::bad_data, path + ": not a database, or damaged: too short"};
  return {};
}

Result<void> use_write_ahead_log(Database& database, int busy_timeout_ms) {
  // Two processes that make the same new database meet here, and SQLite does not always wait at this point.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(busy_timeout_ms);
  for (;;) {
    Statement query = TRY(database.query("PRAGMA journal_mode = wal"));
    Result<bool> row = query.step();
    if (row) {
      const std::string mode = query.text(0);
      if (mode == "wal" || mode == "memory") return {};
      return Error{ErrorKind::bad_settings, "the file system cannot keep a write-ahead log (journal mode " + mode + ")"};
    }
    if (row.error().kind != ErrorKind::try_later || std::chrono::steady_clock::now() >= deadline) return row.error();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

constexpr std::string_view safe_reading = "PRAGMA trusted_schema = off; PRAGMA cell_size_check = on; PRAGMA temp_store = memory; ";

Result<void> prepare_database(Database& database, const Store::OpenOptions& options, Time now) {
  {
    // Before anything is changed in what may not be ours; in one look, as another process may be making it.
    Transaction snapshot = TRY(Transaction::begin_read(database));
    TRY(check_identity(database, migrations().back().version));
  }
  TRY(use_write_ahead_log(database, options.busy_timeout_ms));
  TRY(database.script(
      std::string(safe_reading) + "PRAGMA synchronous = full; PRAGMA foreign_keys = on; PRAGMA secure_delete = on; PRAGMA journal_size_limit = " +
      std::to_string(limits::store_journal_bytes_max)));
  if (options.pages_max > 0) TRY(database.script("PRAGMA max_page_count = " + std::to_string(options.pages_max)));
  return bring_up_to_date(database, migrations(), now);
}

Result<std::string> secret_in(Database& database, std::string_view name) {
  {
    Statement query = TRY(database.query("SELECT bytes FROM secret WHERE name = ?1", name));
    if (TRY(query.step()) && query.text(0).size() == secret_bytes) return query.text(0);
  }
  // Two processes may ask first at the same time: one of them makes it, both read it.
  Transaction transaction = TRY(Transaction::begin_write(database));
  const std::string made = random_bytes(secret_bytes);
  TRY(database.run("INSERT OR IGNORE INTO secret VALUES (?1, ?2)", name, Blob{made}));
  Statement query = TRY(database.query("SELECT bytes FROM secret WHERE name = ?1", name));
  const bool row = TRY(query.step());
  std::string bytes = row ? query.text(0) : "";
  if (bytes.size() != secret_bytes) return Error{ErrorKind::bad_data, "damaged: the secret " + std::string(name) + " is broken"};
  TRY(transaction.commit());
  return bytes;
}

/// For mail from before there was a search: some at a time, so that a crash loses little and other processes get their turn.
Result<void> make_missing_words(Database& database, const Vault& vault, const WordKey& words) {
  if (TRY(database.number("SELECT EXISTS (SELECT 1 FROM held WHERE words_key = '' AND purged_ms IS NULL)")) == 0) {
    const std::string_view others = "SELECT EXISTS (SELECT 1 FROM held WHERE words_key < ?1 AND purged_ms IS NULL) OR "
                                    "EXISTS (SELECT 1 FROM held WHERE words_key > ?1 AND purged_ms IS NULL)";
    // Not done here: it would take as long as all of it takes, and other processes may have the other key.
    if (TRY(database.number(others, words.id)) != 0) {
      log(LogLevel::warning, "store-search-incomplete", {{"why", "mail from before the key was changed is not found by words until it is resealed"}});
    }
    return {};
  }
  std::size_t mails = 0;
  for (WordsPlace place; !place.at_end;) {
    Transaction transaction = TRY(Transaction::begin_write(database));
    mails += TRY(renew_words(database, vault, words, words_batch, place));
    TRY(transaction.commit());
  }
  log(LogLevel::notice, "store-search-made", {{"mails", std::to_string(mails)}});
  return {};
}

}  // namespace

std::string_view to_string(HeldState state) {
  for (const auto& [value, name] : state_names) {
    if (value == state) return name;
  }
  return "";
}

std::optional<HeldState> held_state_from(std::string_view text) {
  for (const auto& [value, name] : state_names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

Result<void> Store::check_place(const std::string& path) {
  if (path.empty()) return Error{ErrorKind::bad_settings, "the path of the database is empty"};
  TRY(check_directory(path));
  TRY(check_rights(path));
  struct stat found {};
  if (::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode)) return Error{ErrorKind::bad_settings, path + ": not a file"};
  return check_not_emptied(path);
}

Store::Store(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(const std::string& path, Time now) { return open(path, now, OpenOptions()); }

Result<Store> Store::open(const std::string& path, Time now, const OpenOptions& options) {
  std::string file = path;
  if (path != ":memory:") {
    if (path.empty()) return Error{ErrorKind::bad_settings, "the path of the database is empty"};
    // A name like file:… or :name: would mean something to SQLite.
    std::error_code ignored;
    file = std::filesystem::absolute(path, ignored).string();
    TRY(check_directory(file));
    TRY(check_rights(file));
    TRY(check_not_emptied(file));
    TRY(make_file(file));
  }
  Database database = TRY(Database::open(file, options.busy_timeout_ms));
  const Result<void> prepared = prepare_database(database, options, now);
  if (!prepared) {
    const bool says_path = prepared.error().what.starts_with(file);
    return says_path ? prepared.error() : in_context(file, prepared.error());
  }
  std::shared_ptr<const Vault> vault = options.vault == nullptr ? std::make_shared<const Vault>() : options.vault;
  const std::string search_key = vault->seals() ? vault->search_key() : TRY(secret_in(database, "search"));
  WordKey words = word_key_of(search_key);
  TRY(make_missing_words(database, *vault, words));
  std::optional<Database> second;
  if (path != ":memory:") {
    second = TRY(Database::open(file, options.busy_timeout_ms));
    TRY(second->script(std::string(safe_reading) + "PRAGMA query_only = on"));
  }
  return Store(std::make_unique<Content>(std::move(database), std::move(second), std::move(vault), std::move(words)));
}

Result<std::vector<std::pair<HeldState, std::int64_t>>> Store::counts() {
  auto database = content_->database.access();
  std::vector<std::pair<HeldState, std::int64_t>> counts;
  Statement query = TRY(database->prepare("SELECT count(*) FROM held WHERE state = ?1"));
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  for (const auto& [state, name] : state_names) {
    const bool row = TRY(query.with(name).step());
    counts.emplace_back(state, row ? query.integer(0) : 0);
  }
  return counts;
}

Result<std::string> Store::secret(std::string_view name) {
  auto database = content_->database.access();
  return secret_in(*database, name);
}

}  // namespace beadle::store
