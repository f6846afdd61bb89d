#include "review/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/check.h"
#include "base/digest.h"

namespace beadle::review {
namespace {

constexpr std::size_t secret_bytes = 20;
constexpr std::int64_t step_ms = 30'000;
// One step to either side (RFC 6238 §5.2).
constexpr std::int64_t window_steps = 1;
constexpr std::size_t code_digits = 6;

std::array<unsigned char, 20> hmac_sha1(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, 20> digest{};
  unsigned int size = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  CHECK(HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), data, bytes.size(), digest.data(), &size) != nullptr && size == digest.size());
  return digest;
}

std::string percent_encoded(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

}  // namespace

std::string new_totp_secret() { return random_bytes(secret_bytes); }

std::string base32(std::string_view bytes) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 5; bits -= 5) out += letters[(held >> (bits - 5)) & 31];
  }
  if (bits > 0) out += letters[(held << (5 - bits)) & 31];
  return out;
}

std::optional<std::string> from_base32(std::string_view text) {
  std::string bytes;
  unsigned held = 0;
  int bits = 0;
  for (const char c : text) {
    if (c == ' ' || c == '=') continue;
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '2' && c <= '7';
    if (!upper && !lower && !digit) return std::nullopt;
    held = (held << 5) | static_cast<unsigned>(upper ? c - 'A' : lower ? c - 'a' : c - '2' + 26);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((held >> bits) & 0xFF);
  }
  return bytes;
}

std::int64_t totp_step(Time time) { return to_ms(time) / step_ms; }

std::string totp_code(std::string_view secret, std::int64_t step, int digits) {
  std::string counter(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) counter[7 - i] = static_cast<char>(static_cast<std::uint64_t>(step) >> (8 * i));
  const auto digest = hmac_sha1(secret, counter);
  // Dynamic truncation, RFC 4226 §5.3.
  const std::size_t at = digest.back() & 15;
  std::uint32_t number = (static_cast<std::uint32_t>(digest[at] & 0x7F) << 24) | (static_cast<std::uint32_t>(digest[at + 1]) << 16) |
                         (static_cast<std::uint32_t>(digest[at + 2]) << 8) | digest[at + 3];
  std::string code;
  for (int i = 0; i < digits; ++i, number /= 10) code.insert(code.begin(), static_cast<char>('0' + number % 10));
  return code;
}

std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, Time now) {
  std::string digits;
  for (const char c : code) {
    if (c == ' ') continue;
    if (c < '0' || c > '9' || digits.size() == code_digits) return std::nullopt;
    digits += c;
  }
  if (digits.size() != code_digits || secret.empty()) return std::nullopt;
  const std::int64_t middle = totp_step(now);
  std::optional<std::int64_t> found;
  for (std::int64_t step = middle - window_steps; step <= middle + window_steps; ++step) {
    if (equal_secret(totp_code(secret, step), digits)) found = step;
  }
  return found;
}

std::string totp_uri(std::string_view secret, std::string_view account, std::string_view issuer) {
  // Shape: github.com/google/google-authenticator/wiki/Key-Uri-Format. What it leaves out is SHA1, 6 digits, 30 seconds.
  return "otpauth://totp/" + percent_encoded(issuer) + ":" + percent_encoded(account) + "?secret=" + base32(secret) + "&issuer=" + percent_encoded(issuer);
}

}  // namespace beadle::review
