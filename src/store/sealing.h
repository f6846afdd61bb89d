// Columns that hold sealed bytes, or plain ones where there is no key: which they are, and how they are written and read. Each has the id of its key
// in a column beside it, '' for plain. Nothing ("") stays nothing: whether a mail has a subject at all is no secret.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "store/sqlite.h"
#include "store/vault.h"

namespace beadle::store {

/// Columns of one table that share the column of their key's id.
struct SealedColumns {
  std::string_view table, id, key;  // `id` names the row
  std::array<std::string_view, 2> columns;  // "" behind the last one
  std::array<bool, 2> is_text;  // TEXT rather than BLOB
};

inline constexpr SealedColumns sealed_message{"message", "held", "key_id", {"bytes", "verdict_json"}, {false, true}};
inline constexpr SealedColumns sealed_release{"message", "held", "release_key", {"release_bytes"}, {false}};
inline constexpr SealedColumns sealed_subject{"held", "id", "subject_key", {"subject"}, {true}};
inline constexpr SealedColumns sealed_reason{"held", "id", "reason_key", {"reason"}, {true}};
inline constexpr SealedColumns sealed_note{"note", "number", "words_key", {"words"}, {false}};
inline constexpr SealedColumns sealed_notice{"notice", "number", "key_id", {"bytes"}, {false}};
inline constexpr SealedColumns sealed_totp{"account", "name", "totp_key", {"totp"}, {false}};
inline constexpr SealedColumns sealed_break_glass{"break_glass", "number", "reason_key", {"reason"}, {false}};

/// "message.bytes/01k4…": what sealed bytes are bound to.
std::string place_of(const SealedColumns& columns, std::size_t column, std::string_view id);

/// What to write, beside the vault's key_id(): `plain` itself where the vault has no key.
std::string sealed(const Vault& vault, std::string_view plain, const SealedColumns& columns, std::size_t column, std::string_view id);
/// error: bad_data with the place.
Result<std::string> unsealed(const Vault& vault, std::string_view key_id, std::string stored, const SealedColumns& columns, std::size_t column,
                             std::string_view id);

}  // namespace beadle::store
