// beadle due: clauses that need time, and what they wait for.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "store/store.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;

std::string state_of(const store::Reminder& reminder, Time now) {
  if (reminder.closed) return "closed";
  return reminder.due <= now ? "due" : "open";
}

/// The last day of its time.
std::string last_day_of(const store::Reminder& reminder) { return to_string(day_of(reminder.due - std::chrono::milliseconds(1))); }

ordered_json to_json(const store::Reminder& reminder, Time now) {
  ordered_json out{{"id", reminder.id},         {"state", state_of(reminder, now)},       {"clause", reminder.clause}, {"subject", reminder.subject},
                   {"writer", reminder.writer}, {"asked", reminder.asked},                {"untold", reminder.untold}, {"message_id", reminder.message_id},
                   {"opened", to_rfc3339(reminder.opened)}, {"due", to_rfc3339(reminder.due)}, {"last_day", last_day_of(reminder)}};
  if (reminder.noticed) out["noticed"] = to_rfc3339(*reminder.noticed);
  if (!reminder.closed) return out;
  out["closed"] = to_rfc3339(*reminder.closed);
  out["closed_by"] = reminder.closed_by;
  if (!reminder.closed_mail.empty()) out["closed_mail"] = reminder.closed_mail;
  if (!reminder.reason.empty()) out["reason"] = reminder.reason;
  return out;
}

void print_row(const store::Reminder& reminder, Time now) {
  std::printf("%s  %-6s  %s\n", reminder.id.c_str(), state_of(reminder, now).c_str(), reminder.clause.c_str());
  std::printf("    from     %s\n", printable(reminder.writer).c_str());
  std::printf("    to act   %s\n", printable(joined(reminder.asked, ", ")).c_str());
  if (!reminder.untold.empty()) std::printf("    untold   %s\n", printable(joined(reminder.untold, ", ")).c_str());
  std::printf("    subject  %s\n", printable(reminder.subject).c_str());
  std::printf("    since    %s, last day %s\n", to_string(day_of(reminder.opened)).c_str(), last_day_of(reminder).c_str());
  if (!reminder.closed) return;
  const std::string by = !reminder.closed_mail.empty() ? "by the mail " + reminder.closed_mail : "by " + reminder.closed_by;
  std::printf("    closed   %s %s%s\n", to_string(day_of(*reminder.closed)).c_str(), printable(by).c_str(),
              reminder.reason.empty() ? "" : (": " + printable(reminder.reason)).c_str());
}

int close(store::Store& store, const DueOptions& options, Time now) {
  if (trimmed(options.reason).empty()) return fail({ErrorKind::usage, "say why with --reason: it stands in the audit trail"});
  const auto reminder = store.reminder(options.close);
  if (!reminder) return fail(reminder.error());
  const auto closed = store.close_reminder(reminder->id, find_actor(options.by), options.reason, now);
  if (!closed) return fail(closed.error());
  std::printf("%s is closed.\n", reminder->id.c_str());
  return exit_ok;
}

}  // namespace

int due(const DueOptions& options) {
  const auto now = find_moment(options.at);
  if (!now) return exit_usage;
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  if (!options.close.empty()) return close(*store, options, *now);
  static constexpr std::size_t most = 10'000;
  const auto reminders = store->reminders(options.all, most);
  if (!reminders) return fail(reminders.error());
  if (options.json) {
    ordered_json out = ordered_json::array();
    for (const store::Reminder& reminder : *reminders) out.push_back(to_json(reminder, *now));
    std::printf("%s\n", out.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
    return exit_ok;
  }
  for (const store::Reminder& reminder : *reminders) print_row(reminder, *now);
  if (reminders->empty()) std::printf("Nothing is %s.\n", options.all ? "on record" : "open");
  return exit_ok;
}

}  // namespace beadle::cli
