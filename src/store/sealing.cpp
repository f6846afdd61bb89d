#include "store/sealing.h"

namespace beadle::store {

std::string place_of(const SealedColumns& columns, std::size_t column, std::string_view id) {
  std::string place(columns.table);
  place += '.';
  place += columns.columns.at(column);
  place += '/';
  place += id;
  return place;
}

std::string sealed(const Vault& vault, std::string_view plain, const SealedColumns& columns, std::size_t column, std::string_view id) {
  if (plain.empty() || !vault.seals()) return std::string(plain);
  return vault.seal(plain, place_of(columns, column, id));
}

Result<std::string> unsealed(const Vault& vault, std::string_view key_id, std::string stored, const SealedColumns& columns, std::size_t column,
                             std::string_view id) {
  if (key_id.empty() || stored.empty()) return stored;
  const std::string place = place_of(columns, column, id);
  Result<std::string> plain = vault.open(key_id, stored, place);
  if (!plain) return Error{plain.error().kind, place + " " + plain.error().what};
  return plain;
}

}  // namespace beadle::store
