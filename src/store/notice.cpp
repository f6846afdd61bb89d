#include "store/notice.h"

#include <algorithm>

#include "base/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/audit.h"
#include "store/content.h"
#include "store/sealing.h"

namespace beadle::store {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The page that a notice links to: as long-lived as the notice, and for whom it was written.
Result<void> add_link(Database& database, const Notice& notice, std::string_view held, Time now) {
  TRY(database.run("INSERT INTO link (token_sha256, held, purpose, address, created_ms, expires_ms) VALUES (?1, ?2, 'sender', ?3, ?4, ?5)",
                   sha256_hex(notice.link_token), held, notice.recipient, now, to_ms(now) + limits::link_age_ms));
  return {};
}

}  // namespace

Result<void> add_notices(Database& database, const Vault& vault, std::string_view held, const std::vector<Notice>& notices, Time now) {
  if (notices.empty()) return {};
  Statement insert = TRY(database.prepare(
      "INSERT INTO notice (held, kind, recipient, created_ms, next_try_ms, bytes) VALUES (?1, ?2, ?3, ?4, ?4, ?5) RETURNING number"));
  Statement seal = TRY(database.prepare("UPDATE notice SET bytes = ?2, key_id = ?3 WHERE number = ?1"));
  for (const Notice& notice : notices) {
    // Sealed bytes are bound to the number, which there is only once there is a row.
    insert.with(held, notice.kind, notice.recipient, now, Blob{vault.seals() ? std::string_view() : notice.bytes});
    if (!notice.link_token.empty()) TRY(add_link(database, notice, held, now));
    const bool row = TRY(insert.step());
    const std::int64_t number = row ? insert.integer(0) : 0;
    TRY(insert.run());
    if (!vault.seals()) continue;
    const std::string bytes = sealed(vault, notice.bytes, sealed_notice, 0, std::to_string(number));
    TRY(seal.with(number, Blob{bytes}, vault.key_id()).run());
  }
  return {};
}

Time next_try(int tries, Time now) {
  std::int64_t wait_ms = limits::release_retry_first_ms;
  for (int i = 1; i < tries && wait_ms < limits::release_retry_most_ms; ++i) wait_ms *= 2;
  return now + std::chrono::milliseconds(std::min(wait_ms, limits::release_retry_most_ms));
}

std::string reply_code(std::string_view reply) {
  // RFC 5321 §4.2: three digits, then a blank, a hyphen or the end; RFC 3463 §2: class.subject.detail
  if (reply.size() < 3 || !std::all_of(reply.begin(), reply.begin() + 3, is_digit)) return "";
  if (reply.size() > 3 && reply[3] != ' ' && reply[3] != '-') return "";
  std::string code(reply.substr(0, 3));
  std::string_view enhanced = reply.substr(std::min<std::size_t>(4, reply.size()));
  enhanced = enhanced.substr(0, enhanced.find(' '));
  const bool plausible = enhanced.size() >= 5 && enhanced.size() <= 9 && std::count(enhanced.begin(), enhanced.end(), '.') == 2 &&
                         std::all_of(enhanced.begin(), enhanced.end(), [](char c) { return is_digit(c) || c == '.'; });
  return plausible ? code + " " + std::string(enhanced) : code;
}

Result<std::vector<Notice>> Store::due_notices(Time now, std::size_t most) {
  auto database = content_->database.access();
  Statement query =
      TRY(database->query("SELECT number, held, kind, recipient, bytes, tries, next_try_ms, key_id FROM notice WHERE next_try_ms <= ?1 "
                          "ORDER BY next_try_ms, number",
                          now));
  std::vector<Notice> notices;
  std::string unreadable;
  while (notices.size() < most && TRY(query.step())) {
    Result<std::string> bytes = unsealed(*content_->vault, query.text(7), query.text(4), sealed_notice, 0, std::to_string(query.integer(0)));
    if (!bytes) {
      unreadable = bytes.error().what;
      continue;
    }
    notices.push_back({.number = query.integer(0),
                       .held = query.text(1),
                       .kind = query.text(2),
                       .recipient = query.text(3),
                       .bytes = *std::move(bytes),
                       .tries = static_cast<int>(query.integer(5)),
                       .next_try = query.maybe_time(6)});
  }
  // One that cannot be read, for want of its key, must not keep all others back. Said once, not at every look.
  if (!unreadable.empty() && !content_->told_of_notices.exchange(true)) log(LogLevel::error, "notice-unreadable", {{"why", unreadable}});
  return notices;
}

Result<void> Store::notice_sent(std::int64_t number, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  Statement query = TRY(database->query("SELECT held, kind, recipient FROM notice WHERE number = ?1", number));
  if (!TRY(query.step())) return Error{ErrorKind::not_found, "no notice " + std::to_string(number)};
  const std::string held = query.text(0);
  const std::string detail = json_object({{"kind", query.text(1)}, {"recipient", query.text(2)}});
  TRY(database->run("DELETE FROM notice WHERE number = ?1", number));
  TRY(append_audit(*database, "notice-sent", "beadle", held, detail, now));
  return transaction.commit();
}

Result<void> Store::notice_failed(std::int64_t number, std::string_view why, bool for_good, Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  Statement query = TRY(database->query("SELECT held, kind, recipient, tries, created_ms FROM notice WHERE number = ?1", number));
  if (!TRY(query.step())) return Error{ErrorKind::not_found, "no notice " + std::to_string(number)};
  const int tries = static_cast<int>(query.integer(3)) + 1;
  const bool too_old = to_ms(now) - query.integer(4) >= limits::notice_age_most_ms;
  if (for_good || too_old) {
    const std::string held = query.text(0);
    const std::string detail = json_object({{"kind", query.text(1)},
                                            {"recipient", query.text(2)},
                                            {"tries", std::to_string(tries)},
                                            {"code", reply_code(why)},
                                            {"because", for_good ? "refused" : "too old"}});
    TRY(database->run("DELETE FROM notice WHERE number = ?1", number));
    TRY(append_audit(*database, "notice-given-up", "beadle", held, detail, now));
  } else {
    TRY(database->run("UPDATE notice SET tries = ?2, next_try_ms = ?3 WHERE number = ?1", number, tries, next_try(tries, now)));
  }
  return transaction.commit();
}

}  // namespace beadle::store
