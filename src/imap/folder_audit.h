// The audit of one folder (audit.h): which of its messages are new, which of these never came by a door, and what is found in them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "imap/audit.h"
#include "imap/client.h"
#include "imap/sent_copy.h"
#include "store/figures.h"
#include "store/seen_mail.h"

namespace beadle::imap {

class FolderAudit {
 public:
  FolderAudit(const AuditedMailbox& mailbox, std::optional<Day> since, const AuditTools& tools, store::SeenMail& seen, Client& client, net::Deadline deadline,
              MailboxOutcome& outcome)
      : mailbox_(mailbox), since_(since), tools_(tools), seen_(seen), client_(client), deadline_(deadline), outcome_(outcome) {}

  Result<void> run(const std::string& folder);

 private:
  Result<void> in_time() const;
  Result<bool> look_at(const std::vector<std::uint32_t>& uids);
  Result<void> consider(const Item& item);
  Result<void> read(const std::vector<std::uint32_t>& uids);
  Result<void> take(Item&& item);
  Result<bool> is_new(const std::string& message_id);
  Result<void> inspect(SentCopy copy, std::uint32_t uid);
  Result<void> advance(std::uint32_t uid);
  void note(const SentCopy& copy, const inspect::Verdict& verdict, const inspect::Policy& policy, std::uint32_t uid);

  const AuditedMailbox& mailbox_;
  const std::optional<Day> since_;
  const AuditTools& tools_;
  store::SeenMail& seen_;
  Client& client_;
  const net::Deadline deadline_;
  MailboxOutcome& outcome_;

  store::Cursor kept_, cursor_;  // as the store has it, and with what came since
  // Of the batch that is being looked at.
  std::vector<Item> wanted_;
  std::set<std::int64_t> digests_;
  std::vector<store::Audited> audited_;
  store::Tally counts_;
};

}  // namespace beadle::imap
