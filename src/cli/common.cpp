// Helpers that several commands share (cli/commands.h).
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"

namespace beadle::cli {

std::optional<config::Settings> settings_of(const std::string& file) {
  Problems problems;
  auto settings = config::load_settings(file, problems);
  report(problems);
  return settings;
}

std::string find_rules(const std::string& given) {
  if (!given.empty()) return given;
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  static constexpr int levels = 5;  // build/<preset>/beadle and /usr/sbin/beadle are both within this
  auto folder = program.parent_path();
  for (int level = 0; !error && level < levels && folder.has_relative_path(); ++level, folder = folder.parent_path()) {
    for (const char* candidate : {"share/beadle/rules", "rules"}) {
      if (std::filesystem::is_directory(folder / candidate / "lexicon", error)) return (folder / candidate).string();
      error.clear();
    }
  }
  return config::Settings().rules_directory;
}

std::string find_actor(const std::string& given) {
  if (!given.empty()) return given;
  if (const char* name = std::getenv("SUDO_USER"); name != nullptr && *name != '\0') return name;
  const passwd* user = getpwuid(getuid());  // NOLINT: the command line has one thread
  return user != nullptr ? user->pw_name : std::to_string(getuid());
}

std::optional<Time> find_moment(const std::string& given) {
  if (given.empty()) return system_now();
  const auto moment = time_from(given);
  if (!moment) (void)fail({ErrorKind::usage, printable(given) + " is no moment: a day or a time, as in 2026-01-05 or 2026-01-05T10:00:00Z"});
  return moment;
}

}  // namespace beadle::cli
