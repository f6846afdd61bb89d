#include "imap/audit.h"

#include <algorithm>
#include <exception>

#include "base/log.h"
#include "base/text.h"
#include "imap/client.h"
#include "imap/folder_audit.h"
#include "imap/folder_choice.h"
#include "store/seen_mail.h"

namespace beadle::imap {
namespace {

// One mailbox in one pass; what is left comes in the next one.
constexpr std::int64_t mailbox_timeout_ms = 3'600'000;
// While there is nothing to audit, how soon a reload is noticed.
constexpr std::chrono::minutes idle_pause{1};

void note(MailboxOutcome& outcome, std::string_view problem) {
  outcome.problem += (outcome.problem.empty() ? "" : "; ") + printable(problem);
}

Result<void> audit_folders(const AuditedMailbox& mailbox, std::optional<Day> since, const AuditTools& tools, MailboxOutcome& outcome) {
  if (!mailbox.problem.empty()) return Error{ErrorKind::bad_settings, mailbox.problem};
  store::SeenMail seen = TRY(store::SeenMail::open(tools.store));
  // On its first day the filter began at some hour, and nobody is told to have gone past it in the morning.
  if (const auto first = TRY(seen.since()); !since && first) since = *first + std::chrono::days(1);
  const auto transport = TRY(tools.connect(mailbox.login));
  Client client(*transport);
  TRY(client.begin());
  const net::Deadline deadline = net::after_ms(mailbox_timeout_ms);
  std::optional<std::vector<Folder>> known;
  for (const std::string& wanted : mailbox.folders) {
    const auto folders = folders_for(wanted, client, known);
    if (!folders && folders.error().kind != ErrorKind::not_found) return folders.error();
    if (!folders) note(outcome, folders.error().what);
    for (const std::string& folder : folders ? *folders : std::vector<std::string>{}) {
      const auto audited = FolderAudit(mailbox, since, tools, seen, client, deadline, outcome).run(folder);
      if (audited) continue;
      // One folder that is not there, or not ours to see, is not the end of the conversation.
      if (audited.error().kind != ErrorKind::refused) return in_context(folder, audited.error());
      note(outcome, folder + ": " + audited.error().what);
    }
  }
  client.log_out();
  return {};
}

}  // namespace

MailboxOutcome audit_mailbox(const AuditedMailbox& mailbox, std::optional<Day> since, const AuditTools& tools) {
  MailboxOutcome outcome;
  outcome.mailbox = mailbox.name;
  try {
    const auto audited = audit_folders(mailbox, since, tools, outcome);
    if (!audited) note(outcome, audited.error().what);
  } catch (const std::exception& exception) {
    note(outcome, exception.what());
  }
  return outcome;
}

std::vector<MailboxOutcome> audit_mailboxes(const AuditSettings& settings, const AuditTools& tools, const std::function<void(const MailboxOutcome&)>& done) {
  std::vector<MailboxOutcome> outcomes;
  for (const AuditedMailbox& mailbox : settings.mailboxes) {
    if (tools.stop != nullptr && tools.stop->stopped()) break;
    outcomes.push_back(audit_mailbox(mailbox, settings.since, tools));
    if (done) done(outcomes.back());
  }
  return outcomes;
}

void run_audit_loop(const std::function<AuditSettings()>& settings, const AuditTools& tools, const std::function<void()>& before, const net::StopSwitch& stop) {
  while (!stop.stopped()) {
    const AuditSettings current = settings();
    if (!current.mailboxes.empty() && before) before();
    audit_mailboxes(current, tools, [](const MailboxOutcome& outcome) {
      log(outcome.problem.empty() ? LogLevel::info : LogLevel::warning, "mailbox-audited",
          {{"mailbox", outcome.mailbox}, {"new", std::to_string(outcome.fresh)}, {"never-seen", std::to_string(outcome.never_seen)},
           {"findings", std::to_string(outcome.findings)}, {"problem", outcome.problem}});
    });
    const auto pause = current.mailboxes.empty() ? idle_pause : std::max(current.every, idle_pause);
    net::wait_for_stop(stop, net::after_ms(std::chrono::milliseconds(pause).count()));
  }
}

}  // namespace beadle::imap
