// The second factor: six digits from a telephone, new every half minute (RFC 6238, with HMAC-SHA-1 as every app knows it). Pure.
// That no code counts twice is the store's (Accounts::use_totp_step).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace beadle::review {

/// 20 random bytes (RFC 4226 §4 R6), raw, for Account::totp_secret.
std::string new_totp_secret();
/// For people and apps to type in (RFC 4648 §6), without padding.
std::string base32(std::string_view bytes);
/// Either case, blanks and padding left aside; nullopt for anything else.
std::optional<std::string> from_base32(std::string_view text);
/// Half minutes since 1970.
std::int64_t totp_step(Time time);
/// Six digits, or more in the test vectors of the RFC.
std::string totp_code(std::string_view secret, std::int64_t step, int digits = 6);
/// The step whose code this is: of `now`, or the one before or after, since clocks differ. Blanks within are left aside. nullopt: wrong.
std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, Time now);
/// What a QR code holds: otpauth://totp/…
std::string totp_uri(std::string_view secret, std::string_view account, std::string_view issuer);

}  // namespace beadle::review
