// beadle store: the key that content is sealed with.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "cli/commands.h"
#include "cli/exit.h"
#include "store/vault.h"

namespace beadle::cli {
namespace {

constexpr std::size_t rows_at_once = 50;

/// Never over a file that is there: it may be the only copy of a key.
Result<void> write_new_file(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);  // NOLINT
  if (file < 0) {
    const int why = errno;
    if (why == EEXIST) return Error{ErrorKind::refused, path + " is there already: a key is never written over"};
    return Error{ErrorKind::try_later, path + ": " + std::strerror(why)};
  }
  const bool whole = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!whole) return Error{ErrorKind::try_later, path + ": cannot be written whole"};
  return {};
}

}  // namespace

int store_new_key(const StoreOptions& options) {
  const auto written = write_new_file(options.file, store::Vault::new_key());
  if (!written) return fail(written.error());
  std::printf("%s has a new key. Give it to the user that runs Beadle (chown beadle %s), set it as key in [store],\n"
              "and keep a copy where the backups of the database are not: without it what is sealed is lost.\n",
              options.file.c_str(), options.file.c_str());
  return exit_ok;
}

int store_seal(const StoreOptions& options) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  std::size_t all = 0;
  for (;;) {
    const auto some = store->reseal(rows_at_once, system_now());
    if (!some) return fail(some.error());
    if (*some == 0) break;
    all += *some;
    if (terminal) std::fprintf(stderr, "\r%zu rows …", all);
  }
  if (terminal && all > 0) std::fprintf(stderr, "\n");
  if (settings->store_key.empty()) {
    std::printf("%zu rows opened: there is no key in [store], so nothing is sealed.\n", all);
  } else {
    std::printf("%zu rows sealed with the key of [store]. What is still sealed with a key that is not there, or damaged, is said above.\n", all);
  }
  return exit_ok;
}

}  // namespace beadle::cli
