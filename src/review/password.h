// Passwords: what is accepted as one, and Argon2id (RFC 9106) by libsodium to keep and check it. A hash carries its own costs, so that they can be
// raised: `needs_rehash` says when to make a new one. Takes 64 MB and about a tenth of a second; who calls bounds how many run at once.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace beadle::review {

/// Why this is not accepted as a new password of that account, in plain words; "" where it is.
std::string password_mistake(std::string_view password, std::string_view account);

/// For Account::password_hash. error: try_later, where there is not enough memory; bad_data, where it is longer than limits::password_bytes_max.
Result<std::string> hash_password(std::string_view password);
/// False for a hash that is none. A password that is too long is wrong without being tried.
bool password_is(std::string_view hash, std::string_view password);
/// The hash was made with lower costs than one of today.
bool needs_rehash(std::string_view hash);
/// As much work as password_is, for a name that no account has: the time that an answer takes must not tell.
void pretend_to_check(std::string_view password);

}  // namespace beadle::review
