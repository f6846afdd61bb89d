// Which mail came by a door, by keyed digests of Message-IDs: so that an audit of mailboxes can tell what did not. The record (store.h) knows only
// mail with a councillor among its parties. Digests of 8 bytes: of 40 million, two alike have a chance of 1 in 20,000, and no mail is read from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/result.h"
#include "store/store.h"

namespace beadle::store {

class SeenMail {
 public:
  /// With this installation's key, which is made when it is first asked for.
  static Result<SeenMail> open(Store& store);

  /// Of a Message-ID without angle brackets.
  std::int64_t digest_of(std::string_view message_id) const;
  /// These came by a door on that day.
  Result<void> add(const std::vector<std::string>& message_ids, Day day);

  enum class Known { no, audited, at_gateway };
  /// At the gateway: by digest, by the record, or held.
  Result<Known> look_up(std::string_view message_id);
  /// The first day from which on it is known what came by; nullopt: nothing ever did.
  Result<std::optional<Day>> since();

 private:
  SeenMail(Store& store, std::string key) : store_(&store), key_(std::move(key)) {}
  Store* store_;
  std::string key_;
};

}  // namespace beadle::store
