#include "review/totp.h"

#include "helpers.h"

namespace beadle::review {
namespace {

const std::string rfc_secret = "12345678901234567890";
Time second(std::int64_t seconds) { return from_ms(seconds * 1000); }

}  // namespace

TEST_CASE("codes are those of RFC 6238, appendix B") {
  const std::pair<std::int64_t, const char*> vectors[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                                                          {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [seconds, code] : vectors) {
    CHECK(totp_code(rfc_secret, totp_step(second(seconds)), 8) == code);
    CHECK(totp_code(rfc_secret, totp_step(second(seconds))) == std::string(code).substr(2));
  }
}

TEST_CASE("base32 is that of RFC 4648, section 10, without padding") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},         {"f", "MY"},         {"fo", "MZXQ"},         {"foo", "MZXW6"},
                                                         {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : vectors) {
    CHECK(base32(bytes) == text);
    CHECK(from_base32(text) == std::string(bytes));
  }
  CHECK(from_base32("mzxw 6ytb oi======") == std::string("foobar"));
  for (const char* odd : {"MZXW1", "MZXW\n6", "ÄÖ", "M0"}) CHECK_FALSE(from_base32(odd));
  CHECK(base32(new_totp_secret()).size() == 32);
  CHECK(new_totp_secret() != new_totp_secret());
}

TEST_CASE("a code counts for its half minute and the ones beside it") {
  const Time now = second(1111111111);
  const std::int64_t step = totp_step(now);
  CHECK(totp_step_of(rfc_secret, totp_code(rfc_secret, step), now) == step);
  CHECK(totp_step_of(rfc_secret, totp_code(rfc_secret, step - 1), now) == step - 1);
  CHECK(totp_step_of(rfc_secret, totp_code(rfc_secret, step + 1), now) == step + 1);
  CHECK_FALSE(totp_step_of(rfc_secret, totp_code(rfc_secret, step - 2), now));
  CHECK_FALSE(totp_step_of(rfc_secret, totp_code(rfc_secret, step + 2), now));
  CHECK(totp_step_of(rfc_secret, "050 471", now) == step);
}

TEST_CASE("what is no code is wrong") {
  const Time now = second(1111111111);
  for (const char* code : {"", "05047", "0504711", "05047x", "-50471", "٠٥٠٤٧١", "050471\n"}) CHECK_FALSE(totp_step_of(rfc_secret, code, now));
  CHECK_FALSE(totp_step_of("", totp_code("", totp_step(now)), now));
}

TEST_CASE("the address for an app is whole, whatever the names are") {
  CHECK(totp_uri(rfc_secret, "sam.reed", "Marram Town Council & more") ==
        "otpauth://totp/Marram%20Town%20Council%20%26%20more:sam.reed?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Marram%20Town%20Council%20%26%20more");
}

}  // namespace beadle::review
