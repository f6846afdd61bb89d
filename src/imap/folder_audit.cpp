#include "imap/folder_audit.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "intake/record.h"
#include "store/audit.h"

namespace beadle::imap {
namespace {

// A door writes down once a minute what came by (intake.h), and Sent copies are often there before the mail has left. Until then nobody can say that a
// mail never came.
constexpr std::chrono::minutes settled_after{15};
// What is longer is remembered at no door either.
constexpr std::size_t message_id_bytes_most = 1'000;

std::string message_id_of(const Item& item) {
  const std::string id = mail::parse_message(item.header.value_or("") + "\r\n").message_id;
  return id.size() <= message_id_bytes_most ? id : "";
}

std::vector<std::string> clauses_of(const inspect::Verdict& verdict) {
  std::vector<std::string> clauses;
  for (const inspect::Finding& finding : verdict.findings) {
    if (std::find(clauses.begin(), clauses.end(), finding.clause) == clauses.end()) clauses.push_back(finding.clause);
  }
  return clauses;
}

}  // namespace

Result<void> FolderAudit::run(const std::string& folder) {
  const FolderState state = TRY(client_.examine(folder));
  if (state.uid_validity == 0) return Error{ErrorKind::bad_data, "the mail server gives no UIDVALIDITY, so nobody can tell old mail from new"};
  kept_ = cursor_ = TRY(store::Cursors(tools_.store).find(mailbox_.name, folder));
  if (cursor_.uid_validity != state.uid_validity) {
    if (cursor_.uid_validity != 0) log(LogLevel::notice, "mailbox-renumbered", {{"mailbox", mailbox_.name}, {"folder", folder}});
    cursor_ = {.mailbox = mailbox_.name, .folder = folder, .uid_validity = state.uid_validity};
  }
  TRY(client_.search_on(cursor_.uid + 1, [&](const std::vector<std::uint32_t>& uids, std::uint32_t until) -> Result<bool> {
    for (const auto& batch : batches_of(uids)) {
      TRY(in_time());
      if (!TRY(look_at(batch))) return false;
    }
    TRY(advance(until));
    TRY(in_time());  // also where a server claims numbers without end, and finds nothing
    return true;
  }));
  return advance(cursor_.uid);
}

Result<void> FolderAudit::in_time() const {
  if (std::chrono::steady_clock::now() <= deadline_) return {};
  return Error{ErrorKind::try_later, "too much at once; the next pass goes on from here"};
}

/// false: what comes now is too young to be judged.
Result<bool> FolderAudit::look_at(const std::vector<std::uint32_t>& uids) {
  std::vector<Item> items;
  TRY(client_.summaries(uids, [&](Item&& item) -> Result<void> {
    items.push_back(std::move(item));
    return {};
  }));
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.uid < b.uid; });
  const Time now = tools_.now();
  const auto young = std::find_if(items.begin(), items.end(), [&](const Item& item) {
    return item.received && std::chrono::abs(now - *item.received) < settled_after;
  });
  const bool all = young == items.end();
  items.erase(young, items.end());
  for (const Item& item : items) TRY(consider(item));
  std::vector<std::uint32_t> batch;
  std::uint64_t bytes = 0;
  for (const Item& item : std::exchange(wanted_, {})) {
    if (!batch.empty() && bytes + item.size > fetch_bytes_max) {
      TRY(read(std::exchange(batch, {})));
      bytes = 0;
    }
    batch.push_back(item.uid);
    bytes += std::min<std::uint64_t>(item.size, fetch_bytes_max);
  }
  if (!batch.empty()) TRY(read(batch));
  if (!items.empty()) TRY(advance(all ? uids.back() : items.back().uid));
  return all;
}

/// Whether it has to be read. Of a journal's reports only what they hold can tell.
Result<void> FolderAudit::consider(const Item& item) {
  ++cursor_.messages;
  ++outcome_.fresh;
  if (since_ && item.received && day_of(*item.received) < *since_) {
    ++cursor_.too_old;
    ++outcome_.too_old;
    return {};
  }
  if (!mailbox_.journal && !TRY(is_new(message_id_of(item)))) return {};
  if (item.size > limits::message_bytes_max) {
    ++cursor_.too_large;
    ++outcome_.too_large;
    return {};
  }
  wanted_.push_back(item);
  return {};
}

/// Whether no door and no audit has judged it; counts what never came by a door.
Result<bool> FolderAudit::is_new(const std::string& message_id) {
  if (message_id.empty()) {
    ++cursor_.without_id;
    ++outcome_.without_id;
    return true;
  }
  const auto known = TRY(seen_.look_up(message_id));
  if (known == store::SeenMail::Known::at_gateway) return false;
  ++cursor_.never_seen;
  ++outcome_.never_seen;
  return known == store::SeenMail::Known::no && digests_.insert(seen_.digest_of(message_id)).second;
}

Result<void> FolderAudit::read(const std::vector<std::uint32_t>& uids) {
  return client_.bodies(uids, [&](Item&& item) { return take(std::move(item)); });
}

Result<void> FolderAudit::take(Item&& item) {
  const std::uint32_t uid = item.uid;
  if (item.body->size() > limits::message_bytes_max) {  // the server was wrong about its size
    ++cursor_.too_large;
    ++outcome_.too_large;
    return {};
  }
  SentCopy copy = mailbox_.journal ? read_journal_copy(std::move(*item.body), mailbox_.own_address) : read_sent_copy(std::move(*item.body));
  if (copy.recipients != SentCopy::Recipients::from_header) cursor_.names_bcc = true;
  if (mailbox_.journal && !TRY(is_new(copy.message.message_id.size() <= message_id_bytes_most ? copy.message.message_id : ""))) return {};
  return inspect(std::move(copy), uid);
}

Result<void> FolderAudit::inspect(SentCopy copy, std::uint32_t uid) {
  const auto policy = tools_.policy();
  if (tools_.documents) tools_.documents(copy.message);
  const auto history = TRY(intake::history_of(copy.message, *policy, tools_.store));
  const auto decision = TRY(inspect::inspect(copy.message, copy.envelope, *policy, history, tools_.now()));
  if (!decision.verdict.protected_only) {
    note(copy, decision.verdict, *policy, uid);
    return {};
  }
  // As at a door: nothing is kept of it.
  std::int64_t& counted = copy.message.message_id.empty() ? cursor_.without_id : cursor_.never_seen;
  std::int64_t& shown = copy.message.message_id.empty() ? outcome_.without_id : outcome_.never_seen;
  counted = std::max<std::int64_t>(0, counted - 1);
  shown = std::max<std::int64_t>(0, shown - 1);
  return {};
}

void FolderAudit::note(const SentCopy& copy, const inspect::Verdict& verdict, const inspect::Policy& policy, std::uint32_t uid) {
  store::Audited audited;
  if (!copy.message.message_id.empty()) audited.digest = seen_.digest_of(copy.message.message_id);
  const auto clauses = clauses_of(verdict);
  if (verdict.action != inspect::Action::pass) {
    ++cursor_.findings;
    ++outcome_.findings;
    audited.detail_json = store::json_object({{"mailbox", mailbox_.name},
                                              {"folder", cursor_.folder},
                                              {"uid", std::to_string(cursor_.uid_validity) + ":" + std::to_string(uid)},
                                              {"clauses", joined(clauses, ",")},
                                              {"would-be", std::string(rules::to_string(verdict.action))},
                                              {"recipients", std::string(to_string(copy.recipients))},
                                              {"rules", policy.digest}});
  }
  audited_.push_back(std::move(audited));
  counts_.add(store::Counted{.action = "audited", .role = intake::sender_role(copy.envelope.sender, *policy.people), .clauses = clauses}, tools_.now());
}

Result<void> FolderAudit::advance(std::uint32_t uid) {
  cursor_.uid = uid;
  cursor_.looked = tools_.now();
  TRY(store::Cursors(tools_.store).advance(kept_, cursor_, audited_, cursor_.looked));
  kept_ = cursor_;
  audited_.clear();
  digests_.clear();
  // Numbers that are lost are lost; what they count stands in the audit trail.
  const auto counted = store::Figures(tools_.store).add(std::exchange(counts_, {}));
  if (!counted) log(LogLevel::error, "verdicts-uncounted", {{"why", counted.error().what}});
  return {};
}

}  // namespace beadle::imap
