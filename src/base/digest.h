// SHA-256, HMAC and random bytes (OpenSSL's libcrypto), as hexadecimal text or raw bytes.
#pragma once

#include <string>
#include <string_view>

namespace beadle {

/// 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);
/// `count` bytes from the system's random generator.
std::string random_bytes(std::size_t count);
std::string hex(std::string_view bytes);
/// Compares in a time that does not depend on where the texts differ.
bool equal_secret(std::string_view a, std::string_view b);

}  // namespace beadle
