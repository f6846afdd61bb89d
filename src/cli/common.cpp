// Helpers that several commands share (cli/commands.h).
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "intake/documents.h"
#include "store/vault.h"

namespace beadle::cli {

Result<void> write_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".new";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(temporary, path, error);
  if (!out || error) return Error{ErrorKind::try_later, path + ": cannot be written"};
  return {};
}

std::optional<config::Settings> settings_of(const std::string& file) {
  Problems problems;
  auto settings = config::load_settings(file, problems);
  report(problems);
  return settings;
}

Result<store::Store> open_store(const config::Settings& settings) {
  store::Store::OpenOptions options;
  options.vault = TRY(store::Vault::load(settings.store_key, settings.store_old_keys));
  return store::Store::open(settings.database, system_now(), options);
}

std::optional<config::Settings> settings_with(const Named& named, Problems& problems) {
  config::Settings settings;
  if (!named.config.empty()) {
    auto loaded = config::load_settings(named.config, problems);
    if (!loaded) return std::nullopt;
    settings = std::move(*loaded);
  } else {
    settings.rules_directory = find_rules(named.rules);
  }
  if (!named.roster.empty()) settings.roster = named.roster;
  if (!named.rules.empty()) settings.rules_directory = named.rules;
  if (!named.protocol.empty()) settings.protocol = named.protocol;
  return settings;
}

deliver::NoticeSettings notice_settings_of(const config::Settings& settings, const people::Directory& people) {
  deliver::NoticeSettings notices = deliver::notice_settings(settings.notices_from, settings.reviewers, settings.host_name, people.roster().council);
  notices.page_url = settings.web.url;
  // Without a catalogue notices say what the rules say; `rules check` tells what is wrong with it.
  Problems ignored;
  if (auto catalogues = config::load_catalogues(settings.rules_directory, ignored)) notices.catalogues = std::move(*catalogues);
  notices.return_after = std::chrono::days(settings.review.return_after_days);
  return notices;
}

std::function<void(mail::Message&)> document_reader(const config::Settings& settings, Problems& problems) {
  if (!settings.documents_enabled) return nullptr;
  intake::DocumentSettings documents;
  documents.program = settings.documents_program;
  documents.budget_ms = settings.documents_budget_ms;
  documents.wall_clock_ms = settings.document_wall_clock_ms;
  documents.bounds = {.memory_bytes = static_cast<std::size_t>(settings.document_memory_mb) << 20,
                      .text_bytes = static_cast<std::size_t>(settings.document_text_kb) << 10};
  auto reader = intake::document_reader(documents);
  if (!reader && !settings.file.empty()) {
    const auto place = settings.places.find("documents.program");
    const std::string program = settings.documents_program.empty() ? "beadle-extract" : settings.documents_program;
    problems.push_back({Problem::Severity::odd, settings.file, place == settings.places.end() ? Position{} : place->second,
                        program + " is not there; attached documents count as not inspected",
                        "install it, or set enabled = false in [documents]"});
  }
  return reader;
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
