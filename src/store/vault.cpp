#include "store/vault.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "base/check.h"
#include "base/descriptor.h"
#include "base/digest.h"
#include "base/text.h"

namespace beadle::store {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_bytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t key_file_bytes_max = 1000;  // 64 digits, and whatever blanks an editor leaves
constexpr std::string_view credential = "credential:";

static_assert(key_bytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// 32 bytes that are forgotten when they are done with. Not copied, so that there is one place to forget.
class KeyBytes {
 public:
  KeyBytes() = default;
  KeyBytes(KeyBytes&& other) noexcept : bytes_(other.bytes_) { other.forget(); }
  KeyBytes& operator=(KeyBytes&&) = delete;
  ~KeyBytes() { forget(); }
  unsigned char* data() { return bytes_.data(); }
  const unsigned char* data() const { return bytes_.data(); }

 private:
  void forget() { sodium_memzero(bytes_.data(), bytes_.size()); }
  std::array<unsigned char, key_bytes> bytes_{};
};

/// One key, and what is made of it for each use, so that no use tells anything of another.
struct Key {
  KeyBytes sealing, search;
  std::string id;
};

void derive(unsigned char* out, std::string_view label, const std::string& key) {
  CHECK(crypto_generichash(out, key_bytes, bytes_of(label), label.size(), bytes_of(key), key.size()) == 0);
}

Key key_of(const std::string& bytes) {
  CHECK(sodium_init() >= 0);
  CHECK(bytes.size() == key_bytes);
  Key key;
  derive(key.sealing.data(), "beadle seals content", bytes);
  derive(key.search.data(), "beadle digests words", bytes);
  KeyBytes named;
  derive(named.data(), "beadle names a key", bytes);
  key.id = hex(std::string_view(reinterpret_cast<const char*>(named.data()), 8));
  return key;
}

Error bad_key(const std::string& path, const std::string& why) { return {ErrorKind::bad_settings, path + ": " + why}; }

/// A path for what the settings name.
Result<std::string> path_of(const std::string& name) {
  if (!name.starts_with(credential)) return name;
  const std::string file = name.substr(credential.size());
  if (file.empty() || file.find('/') != std::string::npos) return bad_key(name, "not the name of a systemd credential");
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr) return bad_key(name, "there are no systemd credentials: LoadCredential= is missing in the unit, or it was not started by systemd");
  return std::string(directory) + "/" + file;
}

Result<void> check_mode(const std::string& path, const struct stat& found) {
  if (!S_ISREG(found.st_mode)) return bad_key(path, "not a file");
  if ((found.st_mode & 037) != 0) return bad_key(path, "is open to others: chmod 600 (or 640 with the group of the user that runs Beadle)");
  return {};
}

Result<std::string> read_key(const std::string& name) {
  const std::string path = TRY(path_of(name));
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0) return bad_key(path, std::strerror(errno));
  struct stat found {};
  if (::fstat(file.number(), &found) != 0) return bad_key(path, std::strerror(errno));
  // The folder of credentials is closed to others, whatever the mode of its files.
  if (!name.starts_with(credential)) TRY(check_mode(path, found));
  std::string text(key_file_bytes_max, '\0');
  const ssize_t count = ::read(file.number(), text.data(), text.size());
  const std::string_view digits = count <= 0 ? std::string_view() : trimmed(std::string_view(text).substr(0, static_cast<std::size_t>(count)));
  std::string key(key_bytes, '\0');
  std::size_t length = 0;
  const bool good = digits.size() == 2 * key_bytes &&
                    sodium_hex2bin(bytes_of(key), key.size(), digits.data(), digits.size(), nullptr, &length, nullptr) == 0 && length == key_bytes;
  sodium_memzero(text.data(), text.size());
  if (!good) return bad_key(path, "not a key: needs 64 hexadecimal digits");
  return key;
}

}  // namespace

struct Vault::Keys {
  std::vector<Key> all;  // the one that seals is the first, where there is one
  std::string key_id;

  const Key* find(std::string_view id) const {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Key& key) { return key.id == id; });
    return found == all.end() ? nullptr : &*found;
  }
  void add(const std::string& bytes, bool seals) {
    Key key = key_of(bytes);
    if (seals) key_id = key.id;
    if (find(key.id) == nullptr) all.push_back(std::move(key));
  }
};

Vault::Vault() : keys_(std::make_unique<Keys>()) {}
Vault::~Vault() = default;

std::shared_ptr<const Vault> Vault::of_keys(const std::string& key, const std::vector<std::string>& old_keys) {
  auto vault = std::make_shared<Vault>();
  if (!key.empty()) vault->keys_->add(key, true);
  for (const std::string& old : old_keys) vault->keys_->add(old, false);
  return vault;
}

Result<std::shared_ptr<const Vault>> Vault::load(const std::string& key, const std::vector<std::string>& old_keys) {
  CHECK(sodium_init() >= 0);
  std::string bytes = key.empty() ? std::string() : TRY(read_key(key));
  std::vector<std::string> old;
  for (const std::string& name : old_keys) old.push_back(TRY(read_key(name)));
  std::shared_ptr<const Vault> vault = of_keys(bytes, old);
  sodium_memzero(bytes.data(), bytes.size());
  for (std::string& one : old) sodium_memzero(one.data(), one.size());
  return vault;
}

std::string Vault::new_key() { return hex(random_bytes(key_bytes)) + "\n"; }

bool Vault::seals() const { return !keys_->key_id.empty(); }

const std::string& Vault::key_id() const { return keys_->key_id; }

std::vector<std::string> Vault::old_key_ids() const {
  std::vector<std::string> ids;
  for (const Key& key : keys_->all) {
    if (key.id != keys_->key_id) ids.push_back(key.id);
  }
  return ids;
}

std::string Vault::seal(std::string_view plain, std::string_view place) const {
  CHECK(seals());
  std::string sealed = random_bytes(nonce_bytes);
  sealed.resize(nonce_bytes + plain.size() + tag_bytes);
  unsigned char* out = bytes_of(sealed) + nonce_bytes;
  CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(out, nullptr, bytes_of(plain), plain.size(), bytes_of(place), place.size(), nullptr,
                                                   bytes_of(sealed), keys_->all.front().sealing.data()) == 0);
  return sealed;
}

Result<std::string> Vault::open(std::string_view key_id, std::string_view sealed, std::string_view place) const {
  const Key* key = keys_->find(key_id);
  if (key == nullptr) {
    return Error{ErrorKind::bad_data, "is sealed with the key " + std::string(key_id) + ", which is not among the keys that were given"};
  }
  const Error changed{ErrorKind::bad_data, "does not fit its seal: it was damaged, changed or moved"};
  if (sealed.size() < nonce_bytes + tag_bytes) return changed;
  std::string plain(sealed.size() - nonce_bytes - tag_bytes, '\0');
  const std::string_view content = sealed.substr(nonce_bytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes_of(plain), nullptr, nullptr, bytes_of(content), content.size(), bytes_of(place),
                                                 place.size(), bytes_of(sealed), key->sealing.data()) != 0) {
    return changed;
  }
  return plain;
}

std::string Vault::search_key() const {
  if (!seals()) return "";
  return {reinterpret_cast<const char*>(keys_->all.front().search.data()), key_bytes};
}

}  // namespace beadle::store
