// SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012): a short keyed hash. Nobody without the key can make two texts that have the same one.
// OpenSSL's takes ten times as long for a sentence, most of it before the first byte.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace beadle {

using SipKey = std::array<std::uint64_t, 2>;
using SipHash = std::array<std::uint64_t, 2>;

/// Both in the byte order of the reference: its first eight bytes, least significant first, are number 0.
SipHash sip_hash(const SipKey& key, std::string_view bytes);

/// From the system's random generator.
SipKey random_sip_key();

}  // namespace beadle
