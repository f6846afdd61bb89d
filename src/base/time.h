// Points in time are handed in; only the shell asks the clock. Written as RFC 3339 in UTC in files, RFC 5322 in mail.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace beadle {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// 2026-11-24T14:03:05Z
std::string to_rfc3339(Time time);
/// Tue, 24 Nov 2026 14:03:05 +0000 (RFC 5322 §3.3)
std::string to_rfc5322(Time time);
/// 2026-11-24T14:03:05Z, or 2026-11-24 for its first moment; nullopt where it is neither.
std::optional<Time> time_from(std::string_view text);
inline std::int64_t to_ms(Time time) { return time.time_since_epoch().count(); }
inline Time from_ms(std::int64_t ms) { return Time(std::chrono::milliseconds(ms)); }
/// For the shell only.
inline Time system_now() { return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

}  // namespace beadle
