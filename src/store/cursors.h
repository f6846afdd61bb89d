// Up to where the audit has looked at each folder of each mailbox, and what came of it, so that it goes on from there. Numbers only; what was found
// is in the audit trail. Failures as of the Store.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace beadle::store {

struct Cursor {
  std::string mailbox;  // "clerk@imap.example"
  std::string folder;
  std::uint32_t uid_validity = 0;  // 0: never looked at
  std::uint32_t uid = 0;           // the last that was looked at
  std::int64_t messages = 0;
  std::int64_t too_old = 0;     // of these, from before it is known what came by
  std::int64_t never_seen = 0;  // of these, which came by no door
  std::int64_t without_id = 0;  // … of which nobody can tell, since they have no Message-ID
  std::int64_t too_large = 0;   // … which were not read
  std::int64_t findings = 0;    // … in which a clause was found
  bool names_bcc = false;       // whether any of them named who got a blind copy
  Time looked{};

  bool operator==(const Cursor&) const = default;
};

/// What an audit found in one message.
struct Audited {
  std::int64_t digest = 0;  // SeenMail; 0: it has no Message-ID
  std::string detail_json;  // for the audit trail, act "audited"; "": nothing was found
};

class Cursors {
 public:
  explicit Cursors(Store& store) : store_(store) {}

  /// A new one, where the folder was never looked at.
  Result<Cursor> find(std::string_view mailbox, std::string_view folder);
  Result<std::vector<Cursor>> all();
  /// From where the cursor was to where it is, with what was found on the way, in one transaction: after a crash nothing is noted twice or left out.
  /// refused, where it is not there any more: another audit was faster.
  Result<void> advance(const Cursor& before, const Cursor& after, const std::vector<Audited>& audited, Time now);

 private:
  Store& store_;
};

}  // namespace beadle::store
