// beadle replay: which rules, which mail, how far it is, and the report.
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <thread>

#include "base/digest.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/replay_page.h"
#include "cli/replay_mailbox.h"
#include "cli/replay_report.h"
#include "replay/replay.h"

namespace beadle::cli {
namespace {

using Sources = std::vector<std::unique_ptr<replay::Source>>;

constexpr std::size_t key_bytes = 32;

// Thrown by a signal, so it stands here; a second Ctrl-C ends the program at once.
net::StopSwitch& stop_switch() {
  static net::StopSwitch stop;
  return stop;
}

void stop_on_signals() {
  stop_switch();  // made here: a signal handler may not
  struct sigaction action {};
  action.sa_handler = [](int) { stop_switch().stop(); };
  action.sa_flags = SA_RESETHAND;
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

std::shared_ptr<const inspect::Policy> policy_of(const config::Settings& settings, Problems& problems) {
  auto policy = config::load_policy(settings, problems);
  return policy ? std::make_shared<const inspect::Policy>(replay::for_replay(std::move(*policy))) : nullptr;
}

/// The two sets of rules; policy is nullptr where one of them is wrong.
replay::RuleSets rules_of(const ReplayOptions& options, const config::Settings& settings, Problems& problems) {
  replay::RuleSets rules;
  rules.policy = policy_of(settings, problems);
  if (options.documents) rules.documents = document_reader(settings, problems);
  if (!rules.policy || (options.against.empty() && options.against_protocol.empty())) return rules;
  config::Settings other = settings;
  if (!options.against.empty()) other.rules_directory = options.against;
  if (!options.against_protocol.empty()) {
    other.protocol = options.against_protocol;
    other.overrides.clear();  // they name clauses of the first
    other.within.clear();
  }
  rules.against = policy_of(other, problems);
  if (!rules.against) rules.policy = nullptr;
  return rules;
}

std::string words_for(const inspect::Policy& policy) { return "protocol " + policy.protocol + ", rules " + policy.digest; }

Result<Sources> sources_of(const ReplayOptions& options, const config::Settings& settings) {
  const replay::Depth depth = options.recursive ? replay::Depth::recursive : replay::Depth::flat;
  Sources sources;
  for (const std::string& folder : options.maildirs) sources.push_back(replay::maildir_source(folder, depth));
  for (const std::string& file : options.mboxes) sources.push_back(replay::mbox_source(file));
  for (const std::string& folder : options.folders) sources.push_back(replay::eml_source(folder, depth));
  TRY(add_mailboxes(options, settings, stop_switch(), sources));
  return sources;
}

/// A line on standard error: a bar that moves on a terminal, else one every ten seconds.
class ProgressLine {
 public:
  ProgressLine() : terminal_(isatty(STDERR_FILENO) != 0), begun_(Clock::now()), said_(begun_) {}
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const replay::Progress& progress) {
    const auto now = Clock::now();
    if (progress.phase != phase_) {
      phase_ = progress.phase;
      begun_ = now;
    }
    constexpr std::chrono::seconds pause{10};
    if (!terminal_ && now - said_ < pause) return;
    said_ = now;
    const std::string words = words_of(progress, std::chrono::duration<double>(now - begun_).count());
    std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "%s\n", words.c_str());
    shown_ = terminal_;
  }
  void clear() {
    if (shown_) std::fprintf(stderr, "\r\033[K");
    shown_ = false;
  }

 private:
  using Clock = std::chrono::steady_clock;

  static std::string duration(double seconds) {
    const auto whole = static_cast<long>(seconds + 0.5);
    char text[32];
    if (whole >= 3600) std::snprintf(text, sizeof text, "%ld h %02ld min", whole / 3600, whole / 60 % 60);
    else std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
    return text;
  }

  std::string words_of(const replay::Progress& progress, double seconds) const {
    using Phase = replay::Progress::Phase;
    if (progress.phase == Phase::listing && progress.total == 0) return "listing: " + counted(progress.done) + " messages";
    const double share = progress.total == 0 ? 1 : std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.total));
    std::string words = progress.phase == Phase::listing ? "listing " : progress.phase == Phase::ordering ? "headers " : "inspecting ";
    if (terminal_) {
      constexpr std::size_t width = 24;
      const auto full = static_cast<std::size_t>(share * width);
      words += "[" + std::string(full, '#') + std::string(width - full, ' ') + "] ";
    }
    words += counted(progress.done) + " of " + counted(progress.total);
    if (seconds < 1 || progress.done == 0) return words;
    const double rate = static_cast<double>(progress.done) / seconds;
    words += ", " + counted(static_cast<std::uint64_t>(rate)) + " a second";
    return words + ", " + duration(static_cast<double>(progress.total - std::min(progress.done, progress.total)) / rate) + " left";
  }

  bool terminal_, shown_ = false;
  replay::Progress::Phase phase_ = replay::Progress::Phase::listing;
  Clock::time_point begun_, said_;
};

replay::JournalHead head_of(const ReplayOptions& options, const replay::RuleSets& rules, const Sources& sources) {
  std::string how = "beadle " BEADLE_VERSION " " + rules.policy->digest + " " + (rules.against ? rules.against->digest : "-");
  how += options.documents ? " documents" : "";
  how += options.all ? " all" : "";
  how += options.journal ? " journal" : "";
  std::vector<std::string> identities;
  for (const auto& source : sources) identities.push_back(source->identity());
  return {.rules = how, .sources = joined(identities, "\n"), .key = random_bytes(key_bytes)};
}

Result<void> write_report(const ReplayOptions& options, const ReplayReport& report) {
  if (!options.html.empty()) TRY(write_file(options.html, to_html(report)));
  if (!options.json.empty() && options.json != "-") TRY(write_file(options.json, to_json(report)));
  const std::string text = options.json == "-" ? to_json(report) : to_text(report);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return {};
}

/// With what stands in the state, so that nobody thinks it lost.
Error with_what_is_kept(Error error, const ReplayOptions& options, const replay::Tally& tally) {
  const std::uint64_t count = tally.messages + tally.copies + tally.protected_only;
  if (count == 0) return error;
  const std::string done = counted(count);
  error.what += options.state.empty() ? "\nNothing is kept of this run: with --state FILE it could be gone on with."
                                      : "\nWhat was done until then, " + done + " messages, is kept in " + printable(options.state) + "; the same command goes on there.";
  return error;
}

Result<void> replay_and_report(const ReplayOptions& options, const config::Settings& settings, const replay::RuleSets& rules, ReplayReport& report) {
  const auto sources = TRY(sources_of(options, settings));
  for (const auto& source : sources) report.sources.push_back(source->name());
  report.tally = replay::Tally(rules.against && rules.against->protocol != rules.policy->protocol);

  // The record comes first: with a state, its key comes from there, and what is in the state goes into it.
  replay::JournalHead head = head_of(options, rules, sources);
  std::unique_ptr<replay::Record> record;
  std::optional<replay::Journal> journal;
  if (!options.record.empty()) record = TRY(replay::StoreRecord::open(options.record, system_now()));
  auto memory = std::make_unique<replay::MemoryRecord>(head.key);
  replay::MemoryRecord* in_memory = memory.get();
  if (!record) record = std::move(memory);
  replay::Past past(report.tally, *record);
  if (!options.state.empty()) {
    std::optional<Error> failed;
    journal = TRY(replay::Journal::open(options.state, head, [&](const replay::Outcome& outcome) {
      const auto added = past.add(outcome);
      if (!added && !failed) failed = added.error();
    }));
    if (failed) return *failed;
    if (options.record.empty()) in_memory->set_key(journal->head().key);
    past.sort();
    if (journal->begin() == replay::Journal::Begin::continued && past.count() > 0) {
      std::fprintf(stderr, "Going on: %s messages are done.\n", counted(past.count()).c_str());
    } else if (journal->begin() == replay::Journal::Begin::changed) {
      std::fprintf(stderr, "Rules, roster or mail are others than those of %s, so everything is done anew. What was there is in %s.before.\n",
                   printable(options.state).c_str(), printable(options.state).c_str());
    }
  }
  ProgressLine line;
  replay::Options how{.jobs = options.jobs != 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency()), .all = options.all, .stop = &stop_switch()};
  how.progress = [&](const replay::Progress& progress) { line.show(progress); };
  const auto summary = replay::run(sources, rules, *record, past, journal ? &*journal : nullptr, report.tally, how);
  line.clear();
  if (!summary) return with_what_is_kept(summary.error(), options, report.tally);
  report.summary = *summary;
  for (const auto& source : sources) {
    if (!source->remark().empty()) report.remarks.push_back(source->remark());
  }
  return write_report(options, report);
}

}  // namespace

int replay_mail(const ReplayOptions& options) {
  if (options.maildirs.empty() && options.mboxes.empty() && options.folders.empty() && options.mailboxes.empty()) {
    return fail({ErrorKind::usage, "say which mail: --maildir FOLDER, --mbox FILE, --eml FOLDER or --imap URL"});
  }
  if (options.config.empty() && (options.roster.empty() || options.protocol.empty())) {
    return fail({ErrorKind::usage, "say which rules: --config FILE, or --roster FILE and --protocol NAME"});
  }
  Problems problems;
  auto settings = settings_with({options.config, options.roster, options.rules, options.protocol}, problems);
  if (settings && !options.own.empty()) settings->own_packs = options.own;
  replay::RuleSets rules = settings ? rules_of(options, *settings, problems) : replay::RuleSets();
  rules.journal = options.journal;
  if (const int code = report(problems); !rules.policy || code != exit_ok) return exit_config;
  if (options.documents && !rules.documents) return fail({ErrorKind::not_found, "beadle-extract, which reads documents, is not there"});

  ReplayReport report;
  report.council = rules.policy->people->roster().council;
  report.rules = words_for(*rules.policy);
  if (rules.against) report.against = words_for(*rules.against);
  report.date = to_rfc3339(system_now()).substr(0, 10);
  report.documents = options.documents;
  report.all = options.all;
  stop_on_signals();
  ::umask(S_IRWXG | S_IRWXO);  // what is written holds words of mail
  const auto done = replay_and_report(options, *settings, rules, report);
  if (!done) return fail(done.error());
  if (!report.summary.stopped) return exit_ok;
  std::fprintf(stderr, "%s\n", options.state.empty() ? "Stopped. With --state FILE the next run could have gone on here."
                                                     : "Stopped. The same command goes on here.");
  return exit_try_later;
}

}  // namespace beadle::cli
