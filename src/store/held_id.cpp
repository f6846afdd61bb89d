#include "store/held_id.h"

#include <algorithm>
#include <vector>

#include "base/digest.h"
#include "base/text.h"

namespace beadle::store {
namespace {

constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t beginning_least = 6;
constexpr std::size_t candidates_most = 5;
constexpr std::int64_t time_ms_most = (1ll << 48) - 1;

std::string canonical(std::string_view text) {
  std::string out = ascii_lower(trimmed(text));
  for (char& c : out) {
    if (c == 'i' || c == 'l') c = '1';
    if (c == 'o') c = '0';
  }
  return out;
}

/// `what` for people; `sql` asks for ids from ?1 to before ?2, at most ?3.
Result<std::string> find_whole(Database& database, std::string_view beginning, std::string_view what, std::string_view sql) {
  const std::string wanted = canonical(beginning);
  if (wanted.size() < beginning_least) return Error{ErrorKind::usage, "an id needs at least 6 characters"};
  const Error none{ErrorKind::not_found, "no " + std::string(what) + " " + printable(shortened(beginning, 40))};
  if (wanted.find_first_not_of(letters) != std::string::npos) return none;
  // "~" is behind all letters of ids.
  Statement query = TRY(database.query(sql, wanted, wanted + "~", candidates_most + 1));
  std::vector<std::string> found;
  while (TRY(query.step())) found.push_back(query.text(0));
  if (found.empty()) return none;
  if (found.size() == 1) return found.front();
  const bool more = found.size() > candidates_most;
  if (more) found.pop_back();
  return Error{ErrorKind::bad_data, wanted + " is the beginning of several: " + joined(found, ", ") + (more ? " …" : "")};
}

}  // namespace

std::string canonical_id(std::string_view text) {
  const std::string id = canonical(text);
  return id.find_first_not_of(letters) == std::string::npos ? id : "";
}

std::string first_id_at(Time time) {
  const auto ms = static_cast<std::uint64_t>(std::clamp<std::int64_t>(to_ms(time), 0, time_ms_most));
  std::string id;
  for (int shift = 45; shift >= 0; shift -= 5) id += letters[(ms >> shift) & 31];
  return id;
}

std::string new_id(Time now) {
  std::string id = first_id_at(now);
  // 10 bytes are 16 letters without a rest.
  std::uint64_t bits = 0;
  int count = 0;
  for (const char byte : random_bytes(10)) {
    bits = (bits << 8) | static_cast<unsigned char>(byte);
    count += 8;
    while (count >= 5) {
      count -= 5;
      id += letters[(bits >> count) & 31];
    }
  }
  return id;
}

Result<std::string> find_id(Database& database, std::string_view beginning) {
  return find_whole(database, beginning, "held message", "SELECT id FROM held WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3");
}

Result<std::string> find_reminder_id(Database& database, std::string_view beginning) {
  return find_whole(database, beginning, "reminder", "SELECT id FROM reminder WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3");
}

}  // namespace beadle::store
