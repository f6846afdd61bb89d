#include "base/sip_hash.h"

#include "base/digest.h"
#include "base/text.h"

#include "catch.h"

namespace beadle {
namespace {

// The key of the published vectors: bytes 0 to 15.
constexpr SipKey key = {0x0706050403020100, 0x0f0e0d0c0b0a0908};

std::string hex_of(const SipHash& hash) {
  std::string bytes;
  for (const std::uint64_t word : hash) {
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(word >> (8 * i));
  }
  return hex(bytes);
}

}  // namespace

TEST_CASE("SipHash-2-4 gives what the reference gives") {
  const std::pair<std::size_t, const char*> vectors[] = {
      {0, "a3817f04ba25a8e66df67214c7550293"},
      {1, "da87c1d86b99af44347659119b22fc45"},
      {7, "a1f1ebbed8dbc153c0b84aa61ff08239"},
      {8, "3b62a9ba6258f5610f83e264f31497b4"},
      {15, "5493e99933b0a8117e08ec0f97cfc3d9"},
      {16, "6ee2a4ca67b054bbfd3315bf85230577"},
      {63, "5150d1772f50834a503e069a973fbd7c"},
  };
  for (const auto& [size, expected] : vectors) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(i);
    INFO(size);
    CHECK(hex_of(sip_hash(key, text)) == expected);
  }
}

TEST_CASE("another key gives another hash") {
  const SipKey a = random_sip_key(), b = random_sip_key();
  CHECK(a != b);
  CHECK(sip_hash(a, "the gate") != sip_hash(b, "the gate"));
  CHECK(sip_hash(a, "the gate") == sip_hash(a, "the gate"));
}

}  // namespace beadle
