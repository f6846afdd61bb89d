// Content at rest: what held mail says is sealed with a key that does not stand in the database (libsodium, XChaCha20-Poly1305).
// A copy of the database alone, a backup or a stolen disk, shows who wrote to whom and what was decided, but neither words nor subjects.
// Without a key nothing is sealed, and what was sealed cannot be read. Keys are files of 64 hexadecimal digits, or systemd credentials.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace beadle::store {

class Vault {
 public:
  /// `key` and `old_keys` are paths, or "credential:NAME" for a file of that name in $CREDENTIALS_DIRECTORY (systemd.exec(5)). "": no key.
  /// What was sealed with an old key can be read; new content is sealed with `key`. error: bad_settings with the file and what is wrong with
  /// it: missing, not 64 digits, open to others than its owner and group's readers (paths only).
  static Result<std::shared_ptr<const Vault>> load(const std::string& key, const std::vector<std::string>& old_keys);
  /// Of 32 bytes, for tests.
  static std::shared_ptr<const Vault> of_keys(const std::string& key, const std::vector<std::string>& old_keys);
  /// A new key as the text of a key file.
  static std::string new_key();

  /// Whether there is a key to seal with.
  bool seals() const;
  /// 16 hexadecimal digits that name the key which seals, "" without one. Tells nothing of the key.
  const std::string& key_id() const;
  /// Of the keys that only open.
  std::vector<std::string> old_key_ids() const;
  /// Bytes with their nonce, bound to `place` ("message.bytes/01k4…"): elsewhere they cannot be opened. CHECKs seals().
  std::string seal(std::string_view plain, std::string_view place) const;
  /// error: bad_data, where the key named `key_id` is not there (says which) or the bytes were changed or moved.
  Result<std::string> open(std::string_view key_id, std::string_view sealed, std::string_view place) const;
  /// 32 bytes for keyed digests of words, so that sealed subjects can be searched; "" without a key.
  std::string search_key() const;

  Vault();
  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
};

}  // namespace beadle::store
