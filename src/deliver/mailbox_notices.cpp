// Mail that is put into the mailboxes of reviewers: held messages to be moved to a folder, and what became of a move.
#include "base/limits.h"
#include "base/text.h"
#include "deliver/notices.h"
#include "deliver/wording.h"

namespace beadle::deliver {
namespace {

/// Why the message cannot be attached as it is; "" where it can.
std::string_view why_not_attached(std::string_view bytes) {
  if (bytes.size() > limits::notice_attachment_bytes_max) return "The message is too large to be attached.";
  // RFC 3501 §4.3: no literal holds one.
  if (bytes.find('\0') != std::string_view::npos) return "The message has bytes that no mailbox takes, and is not attached.";
  return "";
}

}  // namespace

std::string NoticeWriter::put(std::string_view kind, const Fields& fields, const ForMailbox& where, std::string_view attached,
                              Time now) const {
  mail::NewMail mail = compose(kind, where.recipient, fields);
  mail.message_id = where.message_id;
  mail.in_reply_to = where.in_reply_to;
  if (!where.in_reply_to.empty()) mail.references = {where.in_reply_to};
  mail.extra_fields = where.extra_fields;
  mail.extra_fields.emplace_back("Auto-Submitted", where.in_reply_to.empty() ? "auto-generated" : "auto-replied");  // RFC 3834 §5
  mail.attached_message = std::string(attached);
  return mail::build_mail(mail, now);
}

std::string NoticeWriter::for_mailbox(const store::Held& held, const inspect::Verdict& verdict, bool content, bool attach,
                                      const ForMailbox& where) const {
  Fields fields{{"id", held.id},
                {"council", one_line(settings_.council, limits::name_bytes_max)},
                {"from", settings_.from},
                {"headline", held.id},
                {"sender", shown_person(held.from, *people_)},
                {"received", shown_time(held.received)},
                {"clauses", shown_clauses(verdict)},
                {"deadline", deadline_line(held.received)},
                {"release-folder", one_line(where.release_folder, limits::name_bytes_max)},
                {"return-folder", one_line(where.return_folder, limits::name_bytes_max)},
                {"link", reviewers_link(held.id)}};
  if (!content) return put("mailbox-held", fields, where, "", held.received);
  const std::string subject = held.subject.empty() ? "(no subject)" : one_line(held.subject, limits::notice_subject_bytes_max);
  fields["headline"] = subject;
  fields["subject"] = "  Subject: " + subject;
  fields["recipients"] = "  Addressed to: " + shown_recipients(held.recipients);
  fields["findings"] = shown_findings(verdict, settings_.catalogues, Reader::reviewer);
  const std::string_view obstacle =
      attach ? why_not_attached(held.bytes) : "The mail server did not take it with the message attached.";
  fields["attached"] = obstacle.empty() ? "The message is attached, as it was sent." : std::string(obstacle);
  return put("mailbox-held", fields, where, obstacle.empty() ? std::string_view(held.bytes) : "", held.received);
}

std::string NoticeWriter::for_mailbox_of_conflicted(const store::Held& held, const inspect::Verdict& verdict,
                                                    const std::string& conflict, const ForMailbox& where) const {
  const Fields fields{{"id", held.id},
                      {"council", one_line(settings_.council, limits::name_bytes_max)},
                      {"from", settings_.from},
                      {"received", shown_time(held.received)},
                      {"clauses", shown_clauses(verdict)},
                      {"conflict", one_line(conflict, limits::notice_words_bytes_max)},
                      {"link", reviewers_link(held.id)}};
  return put("mailbox-conflict", fields, where, "", held.received);
}

std::string NoticeWriter::on_moved(const std::string& id, const std::string& outcome, const std::string& says,
                                   const ForMailbox& where, Time now) const {
  const Fields fields{{"id", id},
                      {"council", one_line(settings_.council, limits::name_bytes_max)},
                      {"from", settings_.from},
                      {"outcome", one_line(outcome, limits::name_bytes_max)},
                      {"says", shown_words(says)},
                      {"link", id.empty() ? "" : reviewers_link(id)}};
  return put("mailbox-outcome", fields, where, "", now);
}

}  // namespace beadle::deliver
