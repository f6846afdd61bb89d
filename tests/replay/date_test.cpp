// Dates as mail programs write them, and what is none.
#include "replay/date.h"

#include "catch.h"

namespace beadle::replay {
namespace {

std::string read(std::string_view field) {
  const auto time = date_from(field);
  return time ? to_rfc3339(*time) : "none";
}

}  // namespace

TEST_CASE("dates are read (RFC 5322 §3.3, §4.3)") {
  CHECK(read("Mon, 23 Nov 2026 10:00:00 +0000") == "2026-11-23T10:00:00Z");
  CHECK(read("23 Nov 2026 10:00 GMT") == "2026-11-23T10:00:00Z");
  CHECK(read("Thu, 2 Jul 2026 10:00:00 +0100 (BST)") == "2026-07-02T09:00:00Z");
  CHECK(read("Thu, 2 Jul 2026 00:30:00 +0100") == "2026-07-01T23:30:00Z");
  CHECK(read("Wed, 1 Jul 2026 20:00:00 -0730") == "2026-07-02T03:30:00Z");
  CHECK(read("Fri, 1 Jan 99 10:00:00 EST") == "1999-01-01T15:00:00Z");
  CHECK(read("Fri, 1 Jan 126 10:00:00 +0000") == "2026-01-01T10:00:00Z");
  CHECK(read(" \r\n Mon,23 Nov 2026\r\n 10:00:00 +0000") == "2026-11-23T10:00:00Z");
  CHECK(read("(a (nested) comment) 23 Nov 2026 10:00:00 +9999") == "2026-11-23T10:00:00Z");
}

TEST_CASE("what is no date is none") {
  for (const char* field : {"", "yesterday", "Mon, 23 Nov 2026", "31 Feb 2026 10:00:00 +0000", "23 Nov 1970 10:00:00 +0000", "23 Nov 9999 10:00:00 +0000",
                            "23 Nov 2026 24:00:00 +0000", "-1 Nov 2026 10:00:00 +0000", "99999999999 Nov 2026 10:00:00 +0000", "(", ":::: : : : :"}) {
    INFO(field);
    CHECK(read(field) == "none");
  }
}

}  // namespace beadle::replay
