#include "base/sip_hash.h"

#include <bit>
#include <cstring>

#include "base/digest.h"

namespace beadle {
namespace {

std::uint64_t little_endian(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  for (std::size_t i = count; i > 0; --i) word = word << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return word;
}

struct State {
  std::uint64_t v0, v1, v2, v3;

  void rounds(int count) {
    for (int i = 0; i < count; ++i) {
      v0 += v1;
      v1 = std::rotl(v1, 13) ^ v0;
      v0 = std::rotl(v0, 32);
      v2 += v3;
      v3 = std::rotl(v3, 16) ^ v2;
      v0 += v3;
      v3 = std::rotl(v3, 21) ^ v0;
      v2 += v1;
      v1 = std::rotl(v1, 17) ^ v2;
      v2 = std::rotl(v2, 32);
    }
  }

  void take(std::uint64_t word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }

  std::uint64_t sum() const { return v0 ^ v1 ^ v2 ^ v3; }
};

}  // namespace

SipHash sip_hash(const SipKey& key, std::string_view bytes) {
  // The constants are "somepseudorandomlygeneratedbytes"; 0xee and 0xdd tell 128 bits from 64.
  State state{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d ^ 0xee, key[0] ^ 0x6c7967656e657261, key[1] ^ 0x7465646279746573};
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) state.take(little_endian(bytes.data() + at, 8));
  state.take(little_endian(bytes.data() + at, bytes.size() - at) | static_cast<std::uint64_t>(bytes.size()) << 56);
  state.v2 ^= 0xee;
  state.rounds(4);
  SipHash hash{state.sum(), 0};
  state.v1 ^= 0xdd;
  state.rounds(4);
  hash[1] = state.sum();
  return hash;
}

SipKey random_sip_key() {
  SipKey key{};
  const std::string bytes = random_bytes(sizeof key);
  std::memcpy(key.data(), bytes.data(), sizeof key);
  return key;
}

}  // namespace beadle
