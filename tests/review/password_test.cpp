#include "review/password.h"

#include "base/limits.h"
#include "helpers.h"

namespace beadle::review {

TEST_CASE("a password is long, not the account's name, not monotonous, not one that everybody has") {
  CHECK(password_mistake("heron sandwich ladder", "sam").empty());
  CHECK(password_mistake("ŵyÂéüôîßæœøå", "sam").empty());  // twelve characters, more bytes
  CHECK_FALSE(password_mistake("", "sam").empty());
  CHECK_FALSE(password_mistake("elevenchars", "sam").empty());
  CHECK_FALSE(password_mistake("ŵŷâéüô", "sam").empty());  // twelve bytes, six characters
  CHECK_FALSE(password_mistake("aaaaaaaaaaaaaaaa", "sam").empty());
  CHECK_FALSE(password_mistake("abababababababab", "sam").empty());
  CHECK_FALSE(password_mistake("qwertyuiop123", "sam").empty());
  CHECK_FALSE(password_mistake("QwertyUiop123", "sam").empty());
  CHECK_FALSE(password_mistake("sam.reed.clerk", "sam.reed.clerk").empty());
  CHECK_FALSE(password_mistake("Sam.Reed.Clerk-2026!", "sam.reed.clerk").empty());
  CHECK_FALSE(password_mistake("samsamsamsam", "sam").empty());
  CHECK(password_mistake("sam likes herons in spring", "sam").empty());  // has the name, is not the name
  CHECK_FALSE(password_mistake(std::string(limits::password_bytes_max + 1, 'x') + "yz", "sam").empty());
  CHECK_FALSE(password_mistake(std::string("twelve\0characters", 17), "sam").empty());
  CHECK_FALSE(password_mistake("twelve\xff characters", "sam").empty());
}

TEST_CASE("a hash knows its password and no other one") {
  const std::string hash = must(hash_password("heron sandwich ladder"));
  CHECK(hash.starts_with("$argon2id$"));
  CHECK(hash.find("heron") == std::string::npos);
  CHECK(hash != must(hash_password("heron sandwich ladder")));  // salted
  CHECK(password_is(hash, "heron sandwich ladder"));
  CHECK_FALSE(password_is(hash, "heron sandwich ladde"));
  CHECK_FALSE(password_is(hash, "heron sandwich ladder "));
  CHECK_FALSE(password_is(hash, ""));
  CHECK_FALSE(password_is(hash, std::string(limits::password_bytes_max + 1, 'x')));
  CHECK_FALSE(needs_rehash(hash));
}

TEST_CASE("what is no hash fits nothing and asks for a new one") {
  for (const std::string& hash : {std::string(), std::string("heron sandwich ladder"), std::string(5000, 'x'), std::string("$argon2id$\0", 11)}) {
    CHECK_FALSE(password_is(hash, "heron sandwich ladder"));
    CHECK_FALSE(password_is(hash, ""));
    CHECK(needs_rehash(hash));
  }
  // Made with 8 kB and one pass.
  CHECK(needs_rehash("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
  CHECK_FALSE(hash_password(std::string(limits::password_bytes_max + 1, 'x')));
  pretend_to_check("anything");
}

}  // namespace beadle::review
