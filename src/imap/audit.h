// The audit of mailboxes: what stands in Sent folders and journals is inspected as at a door, and what never came by one is counted. Reads only: EXAMINE
// and BODY.PEEK; nothing is marked, moved, held or sent. Goes on where it was by UID and UIDVALIDITY (store/cursors.h). A mailbox that fails says why
// and stops no other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "imap/connection.h"
#include "intake/intake.h"
#include "net/stream.h"
#include "store/cursors.h"
#include "store/store.h"

namespace beadle::imap {

struct AuditedMailbox {
  std::string name;  // "clerk@imap.example": stands in the store, the audit trail and tables
  Login login;
  std::vector<std::string> folders;  // names, or what they are for: "\Sent"
  bool journal = false;
  std::string own_address;  // of a journal
  std::string problem;      // why it cannot be looked at: its password file cannot be read. "": it can
};

struct AuditSettings {
  std::vector<AuditedMailbox> mailboxes;
  std::optional<Day> since;  // older mail is passed over; nullopt: from the first whole day of which it is known what came by
  std::chrono::minutes every{0};
};

/// What an audit needs of the world.
struct AuditTools {
  store::Store& store;
  std::function<std::shared_ptr<const inspect::Policy>()> policy;
  intake::DocumentReader documents;
  std::function<Time()> now;
  std::function<Result<std::unique_ptr<Transport>>(const Login& login)> connect;
  const net::StopSwitch* stop = nullptr;
};

/// What one pass has found in one mailbox.
struct MailboxOutcome {
  std::string mailbox;
  std::int64_t fresh = 0;  // looked at for the first time
  std::int64_t too_old = 0, never_seen = 0, without_id = 0, too_large = 0, findings = 0;
  std::string problem;  // "": all of it was looked at
};

MailboxOutcome audit_mailbox(const AuditedMailbox& mailbox, std::optional<Day> since, const AuditTools& tools);

/// One after the other; `done` is called after each. A thrown stop ends it.
std::vector<MailboxOutcome> audit_mailboxes(const AuditSettings& settings, const AuditTools& tools, const std::function<void(const MailboxOutcome&)>& done);

/// Until a stop: passes that begin every so often. `settings` is asked anew for each; while it has no mailbox nothing happens. `before` is called before each.
void run_audit_loop(const std::function<AuditSettings()>& settings, const AuditTools& tools, const std::function<void()>& before, const net::StopSwitch& stop);

}  // namespace beadle::imap
