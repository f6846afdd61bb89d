#include "base/result.h"

#include "base/digest.h"
#include "base/log.h"
#include "base/time.h"
#include "catch.h"

using namespace beadle;

namespace {
Result<int> half(int n) {
  if (n % 2 != 0) return Error{ErrorKind::bad_data, "odd"};
  return n / 2;
}
Result<int> quarter(int n) { return TRY(half(TRY(half(n)))); }
}  // namespace

TEST_CASE("TRY gives the value or passes the error on") {
  CHECK(quarter(8).value() == 2);
  REQUIRE_FALSE(quarter(6).has_value());
  CHECK(quarter(6).error().what == "odd");
  CHECK(in_context("halving", quarter(6).error()).what == "halving: odd");
}

TEST_CASE("digests are those of FIPS 180-4 and RFC 4231") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(random_bytes(16) != random_bytes(16));
  CHECK(equal_secret("ab", "ab"));
  CHECK_FALSE(equal_secret("ab", "ac"));
}

TEST_CASE("times are written in UTC") {
  const Time time = from_ms(1795528985000);
  CHECK(to_rfc3339(time) == "2026-11-24T14:03:05Z");
  CHECK(to_rfc5322(time) == "Tue, 24 Nov 2026 14:03:05 +0000");
}

TEST_CASE("a log line cannot be broken or forged by a value") {
  CHECK(log_line("held", {{"id", "x1"}, {"why", "a b\nreleased id=\"z\""}}) == "held id=x1 why=\"a b released id=\\\"z\\\"\"");
}
