// Mail that Beadle writes: to the sender when mail is held and what became of it, to reviewers when something is held, waits or was refused; to whoever
// has to act, and to reviewers, when a clause's time is up; to recipients, when a reviewer discloses a copy that the message does not show.
// Words come from templates in config/notices; who may get one is decided by courtesy.h. Reviewers get no content, and no subject:
// their mailboxes may be shared. All are sent by the delivery loop with the null sender, so that nothing can answer them by machine.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deliver/templates.h"
#include "inspect/inspect.h"
#include "intake/intake.h"
#include "mail/builder.h"
#include "mail/message.h"
#include "rules/catalogue.h"
#include "store/desk.h"
#include "store/store.h"

namespace beadle::deliver {

struct NoticeSettings {
  std::string council;
  std::string from;                    // monitored address; "": the postmaster of the council's first domain (RFC 5321 §4.5.1)
  std::vector<std::string> reviewers;  // addresses
  std::string host;                    // for Message-ID
  std::vector<rules::Catalogue> catalogues{};  // what clauses ask, in the words of the page; without: as the rules say it
  std::string page_url{};              // "https://review.council.example"; "": notices have no links
  std::chrono::milliseconds return_after{0};  // undecided mail goes back then, which its sender is told at once; 0: never
};
/// `host` may be "": then the name of the machine does not stand in Message-ID, but the domain of `from`.
NoticeSettings notice_settings(const std::string& from, const std::vector<std::string>& reviewers, const std::string& host,
                               const std::string& council);

/// A mail that is put into the mailbox of a reviewer, and sent to nobody (mailbox/pass.h).
struct ForMailbox {
  std::string recipient;
  std::string message_id;   // without angle brackets
  std::string in_reply_to;  // "": none
  std::vector<std::pair<std::string, std::string>> extra_fields;
  std::string release_folder, return_folder;  // their names
};

/// Of a single-use link: 32 random bytes, as base64url (RFC 4648 §5).
std::string new_link_token();

/// Immutable; shared by all conversations. Looks at no clock; Message-IDs are random.
class NoticeWriter {
 public:
  NoticeWriter(NoticeSettings settings, Templates templates, std::shared_ptr<const people::Directory> people);

  std::vector<store::Notice> on_hold(const std::string& id, const intake::Arrival& arrival, const mail::Message& message,
                                     const inspect::Verdict& verdict, Time now) const;
  std::vector<store::Notice> on_released(const store::Held& held, Time now) const;
  /// With the original attached, where it is not too large.
  std::vector<store::Notice> on_returned(const store::Held& held, const std::string& who, const std::string& words, Time now) const;
  /// At the server, by `who`: the sender, or somebody for him or her. `words` may be "".
  std::vector<store::Notice> on_withdrawn(const store::Held& held, const std::string& who, const std::string& words, Time now) const;
  std::vector<store::Notice> on_refused(const store::Held& held, const std::vector<store::Store::Delivery>& refused, Time now) const;
  /// To whoever is asked, and to the reviewers; who is both is told once, as the one who is asked.
  std::vector<store::Notice> on_due(const store::Reminder& reminder, Time now) const;

  /// To each reviewer: what waits, oldest first, without his or her own mail; `waiting` is how much there is in all. None to who has nothing to do.
  std::vector<store::Notice> on_digest(const std::vector<store::InboxRow>& rows, std::int64_t waiting, Time now) const;
  /// To `addresses`, or the reviewers where there are none: a message waits for too long.
  std::vector<store::Notice> on_escalation(const store::HeldSummary& held, const std::vector<std::string>& addresses, Time now) const;
  /// To each reviewer: the sender of a held message has explained it. Without the words, which stand on its page.
  std::vector<store::Notice> on_explained(const store::HeldSummary& held, Time now) const;
  /// The last row of the audit trail, to whoever keeps it elsewhere.
  std::vector<store::Notice> on_audit_head(const store::AuditRow& head, const std::vector<std::string>& addresses, Time now) const;
  /// To `recipients`, each alone: who else had a copy. `line` as a footer would say it.
  std::vector<store::Notice> on_disclosure(const store::Held& held, const std::string& line, const std::vector<std::string>& recipients, Time now) const;

  /// A held message with what was found in it, subject and recipients; attached, where `attach` and it can be. Without `content` none of these.
  std::string for_mailbox(const store::Held& held, const inspect::Verdict& verdict, bool content, bool attach, const ForMailbox& where) const;
  /// To somebody with a part in it, which `conflict` says. No content.
  std::string for_mailbox_of_conflicted(const store::Held& held, const inspect::Verdict& verdict, const std::string& conflict, const ForMailbox& where) const;
  /// What became of a move: `outcome` in a word or two, `says` in sentences. No content; `id` may be "".
  std::string on_moved(const std::string& id, const std::string& outcome, const std::string& says, const ForMailbox& where, Time now) const;
  /// Of the host that Message-IDs name.
  const std::string& host() const { return settings_.host; }

 private:
  struct Original;  // what a notice must know of the mail that it is about

  Fields common_fields(const Original& original) const;
  void add_to_sender(std::string_view kind, const Original& original, Fields fields, std::string_view attached, Time now,
                     std::vector<store::Notice>& notices) const;
  void add_to_reviewers(std::string_view kind, const Original& original, const Fields& fields, Time now,
                        std::vector<store::Notice>& notices) const;
  void add_to_all(std::string_view kind, const std::vector<std::string>& addresses, const std::string& sender, const std::string& from, const Fields& fields,
                  Time now, std::vector<store::Notice>& notices) const;
  std::string reviewers_link(std::string_view id) const;
  std::string deadline_of(Time received) const;
  std::string deadline_line(Time received) const;
  mail::NewMail compose(std::string_view kind, const std::string& recipient, const Fields& fields) const;
  std::string put(std::string_view kind, const Fields& fields, const ForMailbox& where, std::string_view attached, Time now) const;
  store::Notice write(std::string_view kind, const std::string& recipient, const Fields& fields, const Original* answered,
                      std::string_view attached, Time now) const;

  NoticeSettings settings_;
  Templates templates_;
  std::shared_ptr<const people::Directory> people_;
};

}  // namespace beadle::deliver
