#include "store/seen_mail.h"

#include <charconv>

#include "base/digest.h"
#include "store/content.h"

namespace beadle::store {
namespace {

constexpr std::size_t digest_digits = 16;

}  // namespace

Result<SeenMail> SeenMail::open(Store& store) { return SeenMail(store, TRY(store.secret("seen"))); }

std::int64_t SeenMail::digest_of(std::string_view message_id) const {
  const std::string digits = hmac_sha256_hex(key_, message_id);
  std::uint64_t digest = 0;
  std::from_chars(digits.data(), digits.data() + digest_digits, digest, 16);
  return static_cast<std::int64_t>(digest);
}

Result<void> SeenMail::add(const std::vector<std::string>& message_ids, Day day) {
  if (message_ids.empty()) return {};
  auto database = store_->content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  Statement upsert = TRY(database->prepare("INSERT INTO seen_mail (digest, day, gateway) VALUES (?1, ?2, 1) "
                                           "ON CONFLICT (digest) DO UPDATE SET gateway = 1, day = ?2 WHERE gateway = 0"));
  for (const std::string& id : message_ids) TRY(upsert.with(digest_of(id), day.time_since_epoch().count()).run());
  return transaction.commit();
}

Result<SeenMail::Known> SeenMail::look_up(std::string_view message_id) {
  auto database = store_->content_->database.access();
  Statement row = TRY(database->query("SELECT gateway FROM seen_mail WHERE digest = ?1", digest_of(message_id)));
  const bool known = TRY(row.step());
  if (known && row.integer(0) != 0) return Known::at_gateway;
  const std::int64_t on_record = TRY(database->number("SELECT EXISTS (SELECT 1 FROM earlier_mail WHERE message_id = ?1) OR "
                                                      "EXISTS (SELECT 1 FROM message WHERE message_id = ?1)",
                                                      message_id));
  if (on_record != 0) return Known::at_gateway;
  return known ? Known::audited : Known::no;
}

Result<std::optional<Day>> SeenMail::since() {
  auto database = store_->content_->database.access();
  Statement row = TRY(database->query("SELECT day FROM seen_mail WHERE gateway = 1 ORDER BY day LIMIT 1"));
  if (!TRY(row.step())) return std::optional<Day>();
  return std::optional<Day>(Day(std::chrono::days(row.integer(0))));
}

}  // namespace beadle::store
