#include "deliver/desk_duties.h"

#include <algorithm>

#include "base/limits.h"
#include "base/log.h"
#include "store/desk.h"

namespace beadle::deliver {
namespace {

// Hours and days are counted; to look more often than this finds nothing.
constexpr std::chrono::milliseconds pause{60'000};
// Waiting mail that is looked at for escalation: more than any council has.
constexpr std::size_t waiting_most = 10'000;
constexpr std::size_t digest_rows_most = limits::page_rows_max;

int hour_of(Time time) {
  const Time local = time + std::chrono::hours(is_summer_time(time) ? 1 : 0);
  return static_cast<int>(std::chrono::floor<std::chrono::hours>(local - std::chrono::floor<std::chrono::days>(local)).count());
}

std::string detail(const std::string& name, const std::string& value) { return "{\"" + name + "\":\"" + value + "\"}"; }

}  // namespace

Result<void> DeskKeeper::keep(const DeskDuties& duties, const NoticeWriter& notices, Time now) {
  // A clock that was set back must not keep us from it.
  if (looked_ && now >= *looked_ && now - *looked_ < pause) return {};
  // Returned first: what has gone back needs no escalation and stands in no digest.
  TRY(give_back(duties, notices, now));
  TRY(escalate(duties, notices, now));
  if (duties.digest_hour >= 0 && hour_of(now) >= duties.digest_hour) {
    const Day today = day_of(now);
    TRY(send_digest(duties, notices, today, now));
    TRY(send_audit_head(duties, notices, today, now));
  }
  looked_ = now;
  return {};
}

/// Whether the last such act is of today.
Result<bool> DeskKeeper::was_done(std::string_view act, Day today, std::optional<Day>& known) {
  if (known && *known >= today) return true;
  store::RegisterQuery query;
  query.act = std::string(act);
  query.most = 1;
  const auto rows = TRY(store::Desk(store_).register_rows(query));
  if (rows.empty() || day_of(rows.front().at) < today) return false;
  known = day_of(rows.front().at);
  return true;
}

/// Of what waited at that hour: what was held since has just had a notice of its own.
Result<void> DeskKeeper::send_digest(const DeskDuties& duties, const NoticeWriter& notices, Day today, Time now) {
  if (TRY(was_done("digest-sent", today, digest_))) return {};
  const Time hour = beginning_of(today) + std::chrono::hours(duties.digest_hour);
  store::Desk desk(store_);
  const auto waiting = static_cast<std::int64_t>(TRY(desk.waiting_since(hour, waiting_most)).size());
  if (waiting == 0) return {};
  store::InboxQuery query;
  query.states = {store::HeldState::held};
  query.until = hour;
  query.most = digest_rows_most;
  const auto page = TRY(desk.inbox(query));
  const auto told = notices.on_digest(page.rows, waiting, now);
  TRY(store_.announce("digest-sent", "beadle", "", "{\"waiting\":" + std::to_string(waiting) + ",\"notices\":" + std::to_string(told.size()) + "}", told, now));
  digest_ = today;
  log(LogLevel::info, "digest-sent", {{"waiting", std::to_string(waiting)}, {"notices", std::to_string(told.size())}});
  return {};
}

Result<void> DeskKeeper::send_audit_head(const DeskDuties& duties, const NoticeWriter& notices, Day today, Time now) {
  if (duties.audit_head_to.empty() || TRY(was_done("audit-head-sent", today, head_))) return {};
  store::RegisterQuery query;
  query.most = 1;
  const auto rows = TRY(store::Desk(store_).register_rows(query));
  if (rows.empty()) return {};
  const store::AuditRow& head = rows.front();
  const std::string what = "{\"number\":" + std::to_string(head.number) + ",\"hash\":\"" + head.hash + "\"}";
  TRY(store_.announce("audit-head-sent", "beadle", "", what, notices.on_audit_head(head, duties.audit_head_to, now), now));
  head_ = today;
  return {};
}

Result<void> DeskKeeper::escalate(const DeskDuties& duties, const NoticeWriter& notices, Time now) {
  if (duties.escalate_after.count() <= 0) return {};
  store::Desk desk(store_);
  const auto ids = TRY(desk.waiting_since(now - duties.escalate_after, waiting_most));
  // What was decided is forgotten here.
  std::erase_if(escalated_, [&](const std::string& id) { return std::find(ids.begin(), ids.end(), id) == ids.end(); });
  for (const std::string& id : ids) {
    if (escalated_.contains(id)) continue;
    const auto history = TRY(desk.history(id));
    const bool done = std::any_of(history.begin(), history.end(), [](const store::AuditRow& row) { return row.act == "escalated"; });
    if (!done) {
      const auto told = notices.on_escalation(TRY(desk.row(id)), duties.escalate_to, now);
      TRY(store_.announce("escalated", "beadle", id, detail("notices", std::to_string(told.size())), told, now));
      log(LogLevel::warning, "escalated", {{"id", id}, {"notices", std::to_string(told.size())}});
    }
    escalated_.insert(id);
  }
  return {};
}

/// Since when this deadline is in force: a row of the trail says so. A council that sets one must not send back at once what had none when it came.
Result<Time> DeskKeeper::deadline_since(const DeskDuties& duties, Time now) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(std::max(duties.return_after, std::chrono::milliseconds(0))).count();
  const std::string what = detail("minutes", std::to_string(minutes));
  if (deadline_ && deadline_->first == what) return deadline_->second;
  store::RegisterQuery query;
  query.act = "deadline-set";
  query.most = 1;
  const auto rows = TRY(store::Desk(store_).register_rows(query));
  const bool known = !rows.empty() && rows.front().detail == what;
  // Never set, and not set now: nothing to say.
  if (!known && (minutes > 0 || !rows.empty())) TRY(store_.audit("deadline-set", "beadle", "", what, now));
  deadline_ = {what, known ? rows.front().at : now};
  return deadline_->second;
}

Result<void> DeskKeeper::give_back(const DeskDuties& duties, const NoticeWriter& notices, Time now) {
  const Time since = TRY(deadline_since(duties, now));
  if (duties.return_after.count() <= 0 || since > now - duties.return_after) return {};
  for (const std::string& id : TRY(store::Desk(store_).waiting_since(now - duties.return_after, waiting_most))) {
    const auto held = store_.get(id);
    if (!held) {
      if (held.error().kind == ErrorKind::try_later) return held.error();
      note_trouble(id, held.error());
      continue;
    }
    const auto told = notices.on_returned(*held, "Beadle, when the time was up", duties.return_words, now);
    const auto returned = store_.return_to_sender(id, "beadle", duties.return_words, now, told);
    // Somebody decided meanwhile: so much the better.
    if (!returned && returned.error().kind == ErrorKind::try_later) return returned.error();
    if (!returned) {
      if (returned.error().kind != ErrorKind::refused) note_trouble(id, returned.error());
      continue;
    }
    TRY(store_.audit("deadline-passed", "beadle", id, detail("reason", "deadline"), now));
    log(LogLevel::notice, "returned", {{"id", id}, {"why", "deadline"}});
  }
  return {};
}

void DeskKeeper::note_trouble(const std::string& id, const Error& error) {
  if (!in_trouble_.insert(id).second) return;
  log(LogLevel::error, "deadline-trouble", {{"id", id}, {"what", error.what}});
}

}  // namespace beadle::deliver
