// What has to happen to held mail as time passes, while nobody acts: a daily digest, escalation, return on the announced deadline, and the daily head
// of the audit trail. What was done is read from the audit trail, so that a restart neither forgets nor repeats it. Leaves sending to loop.h.
// What can go wrong: the store is away (tried again at the next look); one message is damaged (said once in the log, the others go on).
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/calendar.h"
#include "base/result.h"
#include "deliver/notices.h"
#include "store/store.h"

namespace beadle::deliver {

struct DeskDuties {
  int digest_hour = -1;  // of the day in the United Kingdom, also of the audit head; -1: neither is sent
  std::chrono::milliseconds escalate_after{0};  // 0: never
  std::chrono::milliseconds return_after{0};    // 0: never. The same as in NoticeSettings, which announces it
  std::vector<std::string> escalate_to;         // addresses; empty: the reviewers
  std::vector<std::string> audit_head_to;       // addresses; empty: it is not sent
  std::string return_words =
      "Nobody could decide about this message in time, so it was not sent. If it still matters, please send it again and tell the reviewers.";
};

/// Used by one thread.
class DeskKeeper {
 public:
  explicit DeskKeeper(store::Store& store) : store_(store) {}

  /// Does what is due at `now`; looks at most once in some minutes.
  Result<void> keep(const DeskDuties& duties, const NoticeWriter& notices, Time now);

 private:
  Result<void> send_digest(const DeskDuties& duties, const NoticeWriter& notices, Day today, Time now);
  Result<void> send_audit_head(const DeskDuties& duties, const NoticeWriter& notices, Day today, Time now);
  Result<void> escalate(const DeskDuties& duties, const NoticeWriter& notices, Time now);
  Result<void> give_back(const DeskDuties& duties, const NoticeWriter& notices, Time now);
  Result<Time> deadline_since(const DeskDuties& duties, Time now);
  Result<bool> was_done(std::string_view act, Day today, std::optional<Day>& known);
  void note_trouble(const std::string& id, const Error& error);

  store::Store& store_;
  std::optional<Time> looked_;
  std::optional<Day> digest_, head_;
  std::optional<std::pair<std::string, Time>> deadline_;  // as the audit trail has it, and since when
  std::set<std::string> escalated_, in_trouble_;  // ids of mail that waits
};

}  // namespace beadle::deliver
