#include "imap/audit.h"

#include <algorithm>
#include <array>
#include <exception>

#include "base/log.h"
#include "base/text.h"
#include "imap/client.h"
#include "imap/folder_audit.h"
#include "store/seen_mail.h"

namespace beadle::imap {
namespace {

// One mailbox in one pass; what is left comes in the next one.
constexpr std::int64_t mailbox_timeout_ms = 3'600'000;
// While there is nothing to audit, how soon a reload is noticed.
constexpr std::chrono::minutes idle_pause{1};
// Folders of sent mail where a server does not say which one it is: Exchange, Dovecot and Courier, Apple, Gmail.
constexpr std::array<std::string_view, 4> sent_names = {"Sent Items", "Sent", "Sent Messages", "[Gmail]/Sent Mail"};

bool can_be_opened(const Folder& folder) { return !folder.has("\\Noselect") && !folder.has("\\NonExistent"); }

/// Its last level, and the whole: "INBOX.Sent" is "Sent".
bool is_called(const Folder& folder, std::string_view name) {
  if (ascii_iequals(folder.name, name)) return true;
  const std::size_t level = folder.separator == '\0' ? std::string::npos : folder.name.rfind(folder.separator);
  return level != std::string::npos && ascii_iequals(folder.name.substr(0, level), "INBOX") && ascii_iequals(folder.name.substr(level + 1), name);
}

Result<std::vector<std::string>> folders_for(const std::string& wanted, Client& client, std::optional<std::vector<Folder>>& known) {
  if (!wanted.starts_with('\\')) return std::vector<std::string>{wanted};
  if (!known) known = TRY(client.folders());
  std::vector<std::string> found;
  for (const Folder& folder : *known) {
    if (folder.has(wanted) && can_be_opened(folder)) found.push_back(folder.name);
  }
  if (found.empty() && ascii_iequals(wanted, "\\Sent")) {
    for (const std::string_view name : sent_names) {
      const auto folder = std::find_if(known->begin(), known->end(), [&](const Folder& one) { return is_called(one, name) && can_be_opened(one); });
      if (folder != known->end()) found.push_back(folder->name);
    }
  }
  if (found.empty()) return Error{ErrorKind::not_found, "no folder that is " + wanted + ": name one in folders"};
  return found;
}

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
