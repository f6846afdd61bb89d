#include "review/password.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::review {
namespace {

// RFC 9106 §4, second recommended option, is 3 passes over 64 MB; two are libsodium's "interactive".
constexpr unsigned long long passes = 3;
constexpr std::size_t memory_bytes = 64u << 20;

// What people choose when twelve characters are asked for: the commonest passwords, repeated or with a tail. Compared without case.
constexpr std::string_view common[] = {
    "123456789012",   "1234567890123",  "12345678901234", "123456123456",   "1234567891011",  "123412341234",    "123123123123",  "098765432109",
    "987654321098",   "qwertyuiop12",   "qwertyuiop123",  "qwertyuiop[]",   "qwertyuiopas",   "qwertyuiopasdf",  "qwerty123456",  "1q2w3e4r5t6y",
    "1qaz2wsx3edc",   "asdfghjkl123",   "zxcvbnm12345",   "password1234",   "password12345",  "password123456",  "passwordpassword", "password2025",
    "password2026",   "password2027",   "mypassword123",  "passw0rd1234",   "p@ssw0rd1234",   "p@ssword1234",    "letmein12345",  "letmeinletmein",
    "iloveyou1234",   "iloveyouforever", "administrator", "administrator1", "adminadmin12",   "admin1234567",    "changeme1234",  "changemenow1",
    "welcome12345",   "welcome123456",  "liverpool123",   "manchesterunited", "chelseafc123", "arsenalarsenal",  "abcdefghijkl",  "abcdefghijklm",
    "abc123abc123",   "abcd1234abcd",   "correcthorsebatterystaple", "correct horse battery staple", "trustno1trustno1", "councillor12", "councillor123",
    "towncouncil1",   "towncouncil12",  "parishcouncil",  "parishcouncil1", "monitoringofficer", "democracy123", "summer202526", "winter202526",
};

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) (void)next_code_point(text, at);
  return count;
}

/// "aaaaaaaaaaaa", "abababababab": at most two characters, however often.
bool is_monotonous(std::string_view text) {
  char32_t first = 0, second = 0;
  bool has_first = false, has_second = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (!has_first) {
      first = c;
      has_first = true;
    } else if (c != first && !has_second) {
      second = c;
      has_second = true;
    } else if (c != first && c != second) {
      return false;
    }
  }
  return true;
}

bool is_name_of(std::string_view password, std::string_view account) {
  if (account.empty()) return false;
  // Again and again, or with digits and marks around it.
  std::string rest = ascii_lower(password);
  const std::string name = ascii_lower(account);
  bool found = false;
  for (std::size_t at = rest.find(name); at != std::string::npos; at = rest.find(name)) {
    rest.erase(at, name.size());
    found = true;
  }
  return found && std::none_of(rest.begin(), rest.end(), [](char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; });
}

void start_sodium() { CHECK(sodium_init() >= 0); }

/// With the zero byte at its end that libsodium reads to; "" where it is too long to be one.
std::array<char, crypto_pwhash_STRBYTES> as_hash(std::string_view hash) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (hash.size() < out.size() && hash.find('\0') == std::string_view::npos) std::copy(hash.begin(), hash.end(), out.begin());
  return out;
}

}  // namespace

std::string password_mistake(std::string_view password, std::string_view account) {
  if (password.size() > limits::password_bytes_max) return "The password is too long.";
  if (!is_valid_utf8(password) || password.find('\0') != std::string_view::npos) return "The password has characters that cannot be used.";
  if (code_points(password) < limits::password_characters_least) {
    return "The password needs at least " + std::to_string(limits::password_characters_least) +
           " characters. Three words that do not belong together make a good one.";
  }
  if (is_monotonous(password)) return "The password repeats the same characters.";
  if (is_name_of(password, account)) return "The password is the name of the account.";
  const std::string lower = ascii_lower(password);
  const bool known = std::find(std::begin(common), std::end(common), lower) != std::end(common);
  if (known) return "This is one of the passwords that are tried first. Choose another one.";
  return "";
}

Result<std::string> hash_password(std::string_view password) {
  start_sodium();
  if (password.size() > limits::password_bytes_max) return Error{ErrorKind::bad_data, "the password is too long"};
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str(hash.data(), password.data(), password.size(), passes, memory_bytes) != 0) {
    return Error{ErrorKind::try_later, "not enough memory to hash a password"};
  }
  return std::string(hash.data());
}

bool password_is(std::string_view hash, std::string_view password) {
  start_sodium();
  if (password.size() > limits::password_bytes_max) return false;
  const auto text = as_hash(hash);
  return text[0] != '\0' && crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

bool needs_rehash(std::string_view hash) {
  start_sodium();
  return crypto_pwhash_str_needs_rehash(as_hash(hash).data(), passes, memory_bytes) != 0;
}

void pretend_to_check(std::string_view password) {
  // Made once, of something that nobody can type.
  static const Result<std::string> nobody = hash_password("nobody\x01\x02\x03");
  if (nobody) (void)password_is(*nobody, password);
}

}  // namespace beadle::review
