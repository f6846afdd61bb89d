#include "deliver/notices.h"

#include <algorithm>

#include "base/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "deliver/courtesy.h"
#include "deliver/wording.h"
#include "mail/builder.h"
#include "people/address.h"

namespace beadle::deliver {

/// Points into what the caller holds.
struct NoticeWriter::Original {
  const std::string& id;
  const mail::Message& message;
  const std::string& sender;  // of the envelope
  const std::string& from;    // address of From
  const std::string& subject;
  const std::vector<std::string>& recipients;
  Time received;
};

namespace {

/// A message id that can stand in a field of ours: RFC 5322 §3.6.4, without blanks, brackets or anything but ASCII.
bool is_plain_message_id(std::string_view id) {
  if (id.empty() || id.size() > 500 || id.find('@') == std::string_view::npos) return false;
  return std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7F && c != '<' && c != '>'; });
}

std::string domain_of(std::string_view address) { return std::string(address.substr(address.rfind('@') + 1)); }

/// RFC 4648 §5, without padding.
std::string base64url(std::string_view bytes) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += letters[(held >> (bits - 6)) & 63];
  }
  if (bits > 0) out += letters[(held << (6 - bits)) & 63];
  return out;
}

std::string from_address(const NoticeSettings& settings, const people::Directory& people) {
  if (is_deliverable(settings.from)) return settings.from;
  if (!people.roster().domains.empty()) return "postmaster@" + people.roster().domains.front();
  return "postmaster@" + settings.host;
}

// The original goes along as message/rfc822, so that the sender can mend it and send it again.
bool fits_as_attachment(std::string_view bytes) { return !bytes.empty() && bytes.size() <= limits::notice_attachment_bytes_max; }

}  // namespace

std::string new_link_token() { return base64url(random_bytes(32)); }

NoticeSettings notice_settings(const std::string& from, const std::vector<std::string>& reviewers, const std::string& host,
                               const std::string& council) {
  NoticeSettings settings;
  settings.council = council;
  settings.from = from;
  settings.reviewers = reviewers;
  settings.host = host;
  return settings;
}

NoticeWriter::NoticeWriter(NoticeSettings settings, Templates templates, std::shared_ptr<const people::Directory> people)
    : settings_(std::move(settings)), templates_(std::move(templates)), people_(std::move(people)) {
  settings_.from = from_address(settings_, *people_);
  if (!people::domain_mistake(settings_.host).empty()) settings_.host = domain_of(settings_.from);
  if (settings_.council.empty()) settings_.council = people_->roster().council;
  while (settings_.page_url.ends_with('/')) settings_.page_url.pop_back();
}

Fields NoticeWriter::common_fields(const Original& original) const {
  return {{"id", original.id},
          {"council", one_line(settings_.council, limits::name_bytes_max)},
          {"from", settings_.from},
          {"received", shown_time(original.received)}};
}

mail::NewMail NoticeWriter::compose(std::string_view kind, const std::string& recipient, const Fields& fields) const {
  const auto text = templates_.by_kind.find(std::string(kind));
  CHECK(text != templates_.by_kind.end());
  FilledTemplate filled = fill_template(text->second, fields);
  mail::NewMail mail;
  mail.from = {"Mail review, " + one_line(settings_.council, limits::name_bytes_max), settings_.from, ""};
  mail.to = {{"", recipient, ""}};
  mail.subject = std::move(filled.subject);
  mail.text = std::move(filled.text);
  return mail;
}

store::Notice NoticeWriter::write(std::string_view kind, const std::string& recipient, const Fields& fields, const Original* answered,
                                  std::string_view attached, Time now) const {
  mail::NewMail mail = compose(kind, recipient, fields);
  mail.message_id = hex(random_bytes(16)) + "@" + settings_.host;
  if (answered != nullptr && is_plain_message_id(answered->message.message_id)) {
    mail.in_reply_to = answered->message.message_id;
    mail.references = {answered->message.message_id};
  }
  // RFC 3834 §5; the second is Exchange's: no out-of-office in answer to a notice.
  mail.extra_fields = {{"Auto-Submitted", answered != nullptr ? "auto-replied" : "auto-generated"}, {"X-Auto-Response-Suppress", "All"}};
  mail.attached_message = std::string(attached);

  store::Notice notice;
  notice.held = answered != nullptr ? answered->id : "";
  notice.kind = std::string(kind);
  notice.recipient = recipient;
  notice.bytes = mail::build_mail(mail, now);
  return notice;
}

std::string NoticeWriter::reviewers_link(std::string_view id) const {
  return settings_.page_url.empty() ? "" : settings_.page_url + "/held/" + std::string(id);
}

std::string NoticeWriter::deadline_of(Time received) const {
  return settings_.return_after.count() > 0 ? shown_time(received + settings_.return_after) : "";
}

std::string NoticeWriter::deadline_line(Time received) const {
  const std::string deadline = deadline_of(received);
  return deadline.empty() ? "" : "  Goes back to its sender, if nobody decides: " + deadline;
}

void NoticeWriter::add_to_sender(std::string_view kind, const Original& original, Fields fields, std::string_view attached, Time now,
                                 std::vector<store::Notice>& notices) const {
  const std::string_view why = why_no_notice(original.message, original.sender, *people_, settings_.from);
  if (!why.empty()) {
    log(LogLevel::info, "no-notice", {{"id", original.id}, {"kind", std::string(kind)}, {"why", std::string(why)}});
    return;
  }
  // The sender knows the subject and the recipients, blind ones included; nobody else is told them.
  fields["subject"] = one_line(original.subject, limits::notice_subject_bytes_max);
  if (fields["subject"].empty()) fields["subject"] = "(no subject)";
  fields["recipients"] = shown_recipients(original.recipients);
  std::string token;
  if (kind == "held-sender" && !settings_.page_url.empty()) {
    token = new_link_token();
    fields["link"] =
        "- To explain the message or to take it back at once, use this page. It is for\n"
        "  you alone: pass the address on to nobody. It works until you have used it.\n  " +
        settings_.page_url + "/sender/" + token;
  }
  notices.push_back(write(kind, original.sender, fields, &original, attached, now));
  notices.back().link_token = std::move(token);
}

void NoticeWriter::add_to_reviewers(std::string_view kind, const Original& original, const Fields& fields, Time now,
                                    std::vector<store::Notice>& notices) const {
  Fields with_link = fields;
  with_link["link"] = reviewers_link(original.id);
  const std::size_t before = notices.size();
  add_to_all(kind, settings_.reviewers, original.sender, original.from, with_link, now, notices);
  for (std::size_t i = before; i < notices.size(); ++i) notices[i].held = original.id;
}

void NoticeWriter::add_to_all(std::string_view kind, const std::vector<std::string>& addresses, const std::string& sender, const std::string& from,
                              const Fields& fields, Time now, std::vector<store::Notice>& notices) const {
  std::vector<std::string> told;
  for (const std::string& address : addresses) {
    const std::string key = people::address_key(address);
    if (!is_deliverable(address) || std::find(told.begin(), told.end(), key) != told.end()) continue;
    told.push_back(key);
    // Nobody decides about his or her own mail.
    if (is_same_person(address, sender, *people_) || is_same_person(address, from, *people_)) continue;
    notices.push_back(write(kind, address, fields, nullptr, "", now));
  }
}

std::vector<store::Notice> NoticeWriter::on_hold(const std::string& id, const intake::Arrival& arrival, const mail::Message& message,
                                                 const inspect::Verdict& verdict, Time now) const {
  const std::string& sender = arrival.envelope.sender;
  const std::string& from = message.from.empty() ? sender : message.from.front().address;
  const Original original{id, message, sender, from, message.subject, arrival.envelope.recipients, now};
  std::vector<store::Notice> notices;
  Fields fields = common_fields(original);
  fields["findings"] = shown_findings(verdict, settings_.catalogues);
  const std::string deadline = deadline_of(now);
  if (!deadline.empty()) fields["deadline"] = "  If nobody has decided by " + deadline + ",\n  you get it back unsent.";
  add_to_sender("held-sender", original, fields, "", now, notices);

  Fields for_reviewers = common_fields(original);
  for_reviewers["sender"] = shown_person(from, *people_);
  for_reviewers["clauses"] = shown_clauses(verdict);
  for_reviewers["deadline"] = deadline_line(now);
  if (settings_.page_url.empty()) for_reviewers["commands"] = shown_commands(id);
  for_reviewers["recipient-count"] = std::to_string(original.recipients.size());
  add_to_reviewers("held-reviewer", original, for_reviewers, now, notices);
  return notices;
}

std::vector<store::Notice> NoticeWriter::on_released(const store::Held& held, Time now) const {
  const mail::Message message = mail::parse_message(held.bytes);
  const Original original{held.id, message, held.envelope.sender, held.from, held.subject, held.envelope.recipients, held.received};
  std::vector<store::Notice> notices;
  add_to_sender("released-sender", original, common_fields(original), "", now, notices);
  return notices;
}

std::vector<store::Notice> NoticeWriter::on_returned(const store::Held& held, const std::string& who, const std::string& words,
                                                     Time now) const {
  const mail::Message message = mail::parse_message(held.bytes);
  const Original original{held.id, message, held.envelope.sender, held.from, held.subject, held.envelope.recipients, held.received};
  const bool attach = fits_as_attachment(held.bytes);
  Fields fields = common_fields(original);
  fields["who"] = one_line(who, limits::name_bytes_max);
  fields["words"] = shown_words(words);
  fields["attached"] = attach ? "Your message is attached, as you sent it." : "Your message is too large to be attached; you find it among your sent messages.";
  std::vector<store::Notice> notices;
  add_to_sender("returned-sender", original, fields, attach ? std::string_view(held.bytes) : "", now, notices);
  return notices;
}

std::vector<store::Notice> NoticeWriter::on_withdrawn(const store::Held& held, const std::string& who, const std::string& words, Time now) const {
  const mail::Message message = mail::parse_message(held.bytes);
  const Original original{held.id, message, held.envelope.sender, held.from, held.subject, held.envelope.recipients, held.received};
  Fields fields = common_fields(original);
  fields["who"] = one_line(who, limits::name_bytes_max);
  fields["words"] = shown_words(words);
  std::vector<store::Notice> notices;
  add_to_sender("withdrawn-sender", original, fields, "", now, notices);
  return notices;
}

std::vector<store::Notice> NoticeWriter::on_refused(const store::Held& held, const std::vector<store::Store::Delivery>& refused,
                                                    Time now) const {
  const mail::Message message = mail::parse_message(held.bytes);
  const Original original{held.id, message, held.envelope.sender, held.from, held.subject, held.envelope.recipients, held.received};
  Fields fields = common_fields(original);
  fields["refused"] = shown_refusals(refused);
  std::vector<store::Notice> notices;
  add_to_sender("refused-sender", original, fields, "", now, notices);
  fields["sender"] = shown_person(held.from, *people_);
  add_to_reviewers("refused-reviewer", original, fields, now, notices);
  return notices;
}

std::vector<store::Notice> NoticeWriter::on_due(const store::Reminder& reminder, Time now) const {
  Fields fields{{"id", reminder.id},
                {"council", one_line(settings_.council, limits::name_bytes_max)},
                {"from", settings_.from},
                {"clause", one_line(reminder.clause, limits::notice_evidence_bytes_max)},
                {"says", one_line(reminder.says, limits::notice_words_bytes_max)},
                {"writer", shown_person(reminder.writer, *people_)},
                {"asked", shown_persons(reminder.asked, *people_)},
                {"opened", shown_time(reminder.opened)},
                {"due", shown_last_day(reminder.due)},
                {"untold", reminder.untold.empty() ? "" : "Not told yet: " + one_line(joined(reminder.untold, ", "), limits::notice_words_bytes_max)}};
  std::vector<store::Notice> notices;
  std::vector<std::string> told;
  const auto tell = [&](std::string_view kind, const std::vector<std::string>& addresses, const Fields& with) {
    for (const std::string& address : addresses) {
      const bool known = std::any_of(told.begin(), told.end(), [&](const std::string& other) { return is_same_person(address, other, *people_); });
      if (known || !is_deliverable(address) || told.size() == limits::notice_recipients_most) continue;
      told.push_back(address);
      notices.push_back(write(kind, address, with, nullptr, "", now));
    }
  };
  // Who is asked had the mail, or wrote it, and would not find it without its subject.
  Fields for_asked = fields;
  for_asked["subject"] = reminder.subject.empty() ? "(no subject)" : one_line(reminder.subject, limits::notice_subject_bytes_max);
  tell("due-asked", reminder.asked, for_asked);
  tell("due-reviewer", settings_.reviewers, fields);
  return notices;
}

}  // namespace beadle::deliver
