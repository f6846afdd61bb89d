// Notices of the review desk that no message has just caused: what waits, what waits too long, the head of the audit trail, a copy that is disclosed.
#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "deliver/courtesy.h"
#include "deliver/notices.h"
#include "deliver/wording.h"

namespace beadle::deliver {
namespace {

// Of a digest; who has more to do than that looks at the page.
constexpr std::size_t digest_rows_most = 25;
constexpr std::size_t digest_clauses_most = 3;

std::string shown_clauses(const std::vector<std::string>& clauses) {
  std::vector<std::string> shown;
  for (const std::string& clause : clauses) {
    if (shown.size() == digest_clauses_most) break;
    shown.push_back(one_line(clause, limits::notice_evidence_bytes_max));
  }
  const std::size_t more = clauses.size() - shown.size();
  return joined(shown, ", ") + (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

std::string shown_row(const store::InboxRow& row, const std::string& deadline) {
  std::string out = "  " + row.id + "\n    since " + shown_time(row.received);
  if (!row.clauses.empty()) out += "\n    " + shown_clauses(row.clauses);
  if (!deadline.empty()) out += "\n    goes back to its sender on " + deadline;
  return out + "\n";
}

}  // namespace

std::vector<store::Notice> NoticeWriter::on_digest(const std::vector<store::InboxRow>& rows, std::int64_t waiting, Time now) const {
  std::vector<store::Notice> notices;
  std::vector<std::string> told;
  for (const std::string& reviewer : settings_.reviewers) {
    const auto known = [&](const std::string& other) { return is_same_person(reviewer, other, *people_); };
    if (!is_deliverable(reviewer) || std::any_of(told.begin(), told.end(), known)) continue;
    told.push_back(reviewer);
    std::string list;
    std::int64_t shown = 0, own = 0;
    const store::InboxRow* oldest = nullptr;
    for (const store::InboxRow& row : rows) {
      // Nobody decides about his or her own mail.
      if (is_same_person(reviewer, row.sender, *people_) || is_same_person(reviewer, row.from, *people_)) {
        ++own;
        continue;
      }
      if (oldest == nullptr) oldest = &row;
      if (shown < static_cast<std::int64_t>(digest_rows_most)) list += shown_row(row, deadline_of(row.received));
      ++shown;
    }
    if (oldest == nullptr) continue;
    const std::int64_t count = std::max(waiting - own, shown);
    if (count > static_cast<std::int64_t>(digest_rows_most)) list += "  and " + std::to_string(count - static_cast<std::int64_t>(digest_rows_most)) + " more\n";
    list.pop_back();
    const Fields fields{{"council", one_line(settings_.council, limits::name_bytes_max)},
                        {"from", settings_.from},
                        {"count", std::to_string(count)},
                        {"oldest", shown_time(oldest->received)},
                        {"waiting", list},
                        {"link", settings_.page_url.empty() ? "" : settings_.page_url + "/inbox"}};
    notices.push_back(write("digest-reviewer", reviewer, fields, nullptr, "", now));
  }
  return notices;
}

std::vector<store::Notice> NoticeWriter::on_escalation(const store::HeldSummary& held, const std::vector<std::string>& addresses, Time now) const {
  const Fields fields{{"id", held.id},
                      {"council", one_line(settings_.council, limits::name_bytes_max)},
                      {"from", settings_.from},
                      {"sender", shown_person(held.from, *people_)},
                      {"received", shown_time(held.received)},
                      {"clauses", shown_clauses(held.clauses)},
                      {"deadline", deadline_line(held.received)},
                      {"link", reviewers_link(held.id)}};
  std::vector<store::Notice> notices;
  add_to_all("escalate-reviewer", addresses.empty() ? settings_.reviewers : addresses, held.sender, held.from, fields, now, notices);
  for (store::Notice& notice : notices) notice.held = held.id;
  return notices;
}

std::vector<store::Notice> NoticeWriter::on_explained(const store::HeldSummary& held, Time now) const {
  const Fields fields{{"id", held.id},
                      {"council", one_line(settings_.council, limits::name_bytes_max)},
                      {"from", settings_.from},
                      {"sender", shown_person(held.from, *people_)},
                      {"received", shown_time(held.received)},
                      {"clauses", shown_clauses(held.clauses)},
                      {"link", reviewers_link(held.id)}};
  std::vector<store::Notice> notices;
  add_to_all("explained-reviewer", settings_.reviewers, held.sender, held.from, fields, now, notices);
  for (store::Notice& notice : notices) notice.held = held.id;
  return notices;
}

std::vector<store::Notice> NoticeWriter::on_audit_head(const store::AuditRow& head, const std::vector<std::string>& addresses, Time now) const {
  const Fields fields{{"council", one_line(settings_.council, limits::name_bytes_max)},
                      {"from", settings_.from},
                      {"number", std::to_string(head.number)},
                      {"hash", head.hash},
                      {"at", to_rfc3339(head.at)}};
  std::vector<store::Notice> notices;
  add_to_all("audit-head", addresses, "", "", fields, now, notices);
  return notices;
}

std::vector<store::Notice> NoticeWriter::on_disclosure(const store::Held& held, const std::string& line, const std::vector<std::string>& recipients,
                                                       Time now) const {
  const Fields fields{{"council", one_line(settings_.council, limits::name_bytes_max)},
                      {"from", settings_.from},
                      {"sender", shown_person(held.from, *people_)},
                      {"subject", held.subject.empty() ? "(no subject)" : one_line(held.subject, limits::notice_subject_bytes_max)},
                      {"received", shown_time(held.received)},
                      {"copied", one_line(line, limits::notice_words_bytes_max)}};
  std::vector<store::Notice> notices;
  add_to_all("disclosure", recipients, held.sender, held.from, fields, now, notices);
  for (store::Notice& notice : notices) notice.held = held.id;
  return notices;
}

}  // namespace beadle::deliver
