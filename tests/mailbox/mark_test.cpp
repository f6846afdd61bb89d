// Which messages in a mailbox are ours.
#include "mailbox/mark.h"

#include "base/text.h"

#include "catch.h"

namespace beadle::mailbox {
namespace {

const std::string key(32, 'k');
const Mark mark{"01k4vwqf7nc2r8m0d5t3xyz9ab", Shape::original};

std::string header_of(const Mark& one, const std::string& account = "sam", const std::string& by = key) {
  std::string header;
  for (const auto& [name, value] : mark_fields(one, by, account)) header += name + ": " + value + "\r\n";
  return header + "\r\n";
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("a message of ours is known, however its header was folded") {
  for (const Shape shape : {Shape::original, Shape::facts, Shape::conflict}) {
    const Mark one{mark.id, shape};
    const std::string header = header_of(one);
    CHECK(read_mark(header, key, "sam") == ReadMark{true, one});
    CHECK(read_mark(
              replaced(header, " " + std::string(to_string(shape)) + " ", "\r\n " + std::string(to_string(shape)) + "\r\n\t "),
              key, "sam")
              .mark == one);
    CHECK(read_mark("Subject: x\r\n" + replaced(header, "Beadle-Held-Id", "BEADLE-HELD-ID"), key, "sam").mark == one);
    CHECK(read_mark(replaced(header, "\r\n\r\n", "\r\n"), key, "sam").mark == one);
  }
}

TEST_CASE("nobody else's message is") {
  const std::string header = header_of(mark);
  CHECK(read_mark("", key, "sam") == ReadMark{});
  CHECK(read_mark("Subject: Beadle-Held-Id\r\n\r\n", key, "sam") == ReadMark{});
  CHECK(read_mark("Subject: x\r\n\r\n" + header, key, "sam") == ReadMark{});  // of the body
  const ReadMark forged{true, std::nullopt};
  CHECK(read_mark("Beadle-Held-Id: " + mark.id + "\r\n\r\n", key, "sam") == forged);
  CHECK(read_mark(header, key, "tess") == forged);                  // of another mailbox
  CHECK(read_mark(header, std::string(32, 'x'), "sam") == forged);  // of another installation
  CHECK(read_mark(replaced(header, "5t3x", "5t3y"), key, "sam") == forged);
  CHECK(read_mark(replaced(header, "original", "conflict"), key, "sam") == forged);
  CHECK(read_mark(header.substr(0, header.size() - 6) + "\r\n\r\n", key, "sam") == forged);
  // Twice, and a mail program shows one while we read the other.
  CHECK(read_mark("Beadle-Held-Id: " + mark.id + "\r\n" + header, key, "sam") == forged);
  CHECK(read_mark(header.substr(0, header.size() - 2) + header, key, "sam") == forged);
  CHECK(read_mark(replaced(header, mark.id, mark.id + " " + mark.id), key, "sam") == forged);
}

}  // namespace beadle::mailbox
