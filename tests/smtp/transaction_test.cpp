// What the door sends on, and where it keeps a message while it comes in. Whole conversations: tests/stories/test_smtp_door.py.
#include "smtp/transaction.h"

#include "net/helpers.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;

namespace {

intake::Answer accepted(std::vector<std::string> removed) {
  intake::Answer answer;
  answer.kind = intake::Answer::Kind::accept;
  answer.add_fields = {{"Beadle-Id", "new"}};
  answer.remove_fields = std::move(removed);
  return answer;
}

constexpr std::string_view trace = "Received: from a\r\n\tby b\r\n";
constexpr std::string_view added = "Beadle-Id: new\r\n";

std::string sent(std::vector<std::string> removed, std::string_view message) { return outgoing_bytes(accepted(std::move(removed)), message, trace); }

}  // namespace

TEST_CASE("what leaves is the trace, our fields, and the message as it came") {
  const std::string message = "From: a@b.example\r\nSubject: x\r\n\r\nHello\r\n";
  CHECK(sent({}, message) == std::string(trace) + std::string(added) + message);
  CHECK(sent({}, "\r\nno header\r\n") == std::string(trace) + std::string(added) + "\r\nno header\r\n");
}

TEST_CASE("marks that came in are removed wherever the header has them") {
  const std::string rest = "From: a@b.example\r\n\r\nBeadle-Verdict: in the body\r\n";
  const std::string out = std::string(trace) + std::string(added);
  CHECK(sent({"Beadle-Verdict"}, "Beadle-Verdict: pass\r\n" + rest) == out + rest);
  CHECK(sent({"BEADLE-VERDICT"}, "Beadle-Verdict: pass;\r\n folded\r\n" + rest) == out + rest);
  CHECK(sent({"Beadle-Verdict"}, "Beadle-Verdict : pass\r\nBeadle-Verdict: flag\r\n" + rest) == out + rest);
  // A line that is no field must not hide one behind it.
  CHECK(sent({"Beadle-Verdict"}, "no field at all\r\nBeadle-Verdict: pass\r\n" + rest) == out + "no field at all\r\n" + rest);
}

TEST_CASE("a message is kept in memory while it is small, in a file above that, and comes back whole") {
  const net::TemporaryFolder folder;
  Spool spool(folder / "", 10);
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    const std::string piece = "piece " + std::to_string(i) + "\r\n";
    all += piece;
    REQUIRE(spool.append(piece));
    CHECK(spool.bytes_in_memory() <= 10);
  }
  CHECK(spool.size() == all.size());
  CHECK(spool.take().value() == all);
  CHECK(spool.size() == 0);
  REQUIRE(spool.append("next"));
  CHECK(spool.bytes_in_memory() == 4);
  CHECK(spool.take().value() == "next");
  REQUIRE(spool.append(all));
  spool.clear();
  CHECK(spool.take().value().empty());
}

TEST_CASE("a spool that cannot be written says so") {
  Spool spool("/nonexistent/folder", 4);
  REQUIRE(spool.append("1234"));
  const auto kept = spool.append("5");
  REQUIRE_FALSE(kept);
  CHECK(kept.error().what.find("/nonexistent/folder") != std::string::npos);
}
