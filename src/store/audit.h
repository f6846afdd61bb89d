// Rows of the audit trail, written within the caller's transaction: an act and its row stand or fall together.
// Each hash covers the row and the hash before it, so that no row can be changed, left out or put in unnoticed.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "store/sqlite.h"
#include "store/store.h"

namespace beadle::store {

/// A flat JSON object of texts; what is not UTF-8 is replaced.
std::string json_object(std::initializer_list<std::pair<std::string_view, std::string>> members);

/// The words of a person are kept elsewhere; the audit trail proves them without holding them: {"reason_sha256":"…"}, {} where there are none.
/// `done_for`: {"for":"sender"} besides.
std::string words_json(std::string_view name, std::string_view words, std::string_view done_for = "");

/// Days since 1970 UTC, as integers are divided in SQL (schema.cpp).
std::int64_t audit_day_of(Time time);

/// SHA-256 over the hash before, a newline, and each field as `length:bytes,` — so no two rows read alike.
std::string audit_hash(std::string_view hash_before, const AuditRow& row);

Result<void> append_audit(Database& database, std::string_view act, std::string_view who, std::string_view held,
                          std::string_view detail_json, Time now);

}  // namespace beadle::store
