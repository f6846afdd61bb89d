// Single-use links. Those in notices are made with the notice (notice.cpp).
#include "base/digest.h"
#include "store/accounts.h"
#include "store/content.h"

namespace beadle::store {

Result<void> Accounts::add_link(std::string_view token, const Link& link, Time now) {
  auto database = store_.content_->database.access();
  TRY(database->run("INSERT INTO link (token_sha256, held, purpose, address, created_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    sha256_hex(token), link.held, link.purpose, link.address, now, link.expires));
  return {};
}

Result<std::optional<Link>> Accounts::link(std::string_view token) {
  auto database = store_.content_->database.access();
  Statement row = TRY(database->query("SELECT held, purpose, address, expires_ms, used_ms FROM link WHERE token_sha256 = ?1", sha256_hex(token)));
  if (!TRY(row.step())) return std::optional<Link>();
  return std::optional<Link>(
      Link{.held = row.text(0), .purpose = row.text(1), .address = row.text(2), .expires = row.time(3), .used = row.maybe_time(4)});
}

Result<bool> Accounts::use_link(std::string_view token, Time now) {
  auto database = store_.content_->database.access();
  return TRY(database->run("UPDATE link SET used_ms = ?2 WHERE token_sha256 = ?1 AND used_ms IS NULL AND expires_ms > ?2", sha256_hex(token), now)) > 0;
}

}  // namespace beadle::store
