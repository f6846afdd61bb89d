#include "store/held_id.h"

#include <algorithm>
#include <vector>

#include "base/digest.h"
#include "base/text.h"

namespace beadle::store {
namespace {

constexpr std::string_view letters = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t part_least = 6;
constexpr std::size_t id_characters = 26;
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

constexpr std::string_view held_like =
    "SELECT id FROM held WHERE id >= ?1 AND id < ?2 UNION SELECT id FROM held WHERE ?3 AND substr(id, -length(?1)) = ?1 ORDER BY "
    "id LIMIT ?4";
constexpr std::string_view reminders_like =
    "SELECT id FROM reminder WHERE id >= ?1 AND id < ?2 UNION SELECT id FROM reminder WHERE ?3 AND substr(id, -length(?1)) = ?1 "
    "ORDER BY id LIMIT ?4";

/// `sql` asks for ids from ?1 to before ?2, or where ?3 is 1 that end in ?1, at most ?4. A whole id ends in nothing else, and is
/// found without a look at all.
Result<std::vector<std::string>> find_like(Database& database, std::string_view part, std::string_view sql, std::size_t most) {
  const std::string wanted = canonical(part);
  if (wanted.size() < part_least) return Error{ErrorKind::usage, "an id needs at least 6 characters"};
  std::vector<std::string> found;
  if (wanted.find_first_not_of(letters) != std::string::npos) return found;
  // "~" is behind all letters of ids.
  Statement query =
      TRY(database.query(sql, wanted, wanted + "~", static_cast<std::int64_t>(wanted.size() < id_characters), most));
  while (TRY(query.step())) found.push_back(query.text(0));
  return found;
}

/// `what` for people.
Result<std::string> find_whole(Database& database, std::string_view part, std::string_view what, std::string_view sql) {
  std::vector<std::string> found = TRY(find_like(database, part, sql, candidates_most + 1));
  if (found.empty()) return Error{ErrorKind::not_found, "no " + std::string(what) + " " + printable(shortened(part, 40))};
  if (found.size() == 1) return found.front();
  const bool more = found.size() > candidates_most;
  if (more) found.pop_back();
  return Error{ErrorKind::bad_data,
               canonical(part) + " is the beginning or the end of several: " + joined(found, ", ") + (more ? " …" : "")};
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

Result<std::string> find_id(Database& database, std::string_view part) {
  return find_whole(database, part, "held message", held_like);
}

Result<std::string> find_reminder_id(Database& database, std::string_view part) {
  return find_whole(database, part, "reminder", reminders_like);
}

Result<std::vector<std::string>> find_ids(Database& database, std::string_view part, std::size_t most) {
  return find_like(database, part, held_like, most);
}

}  // namespace beadle::store
