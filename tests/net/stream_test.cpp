#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>

#include "net/helpers.h"
#include "net/stream.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::net;

namespace {

struct Pair {
  Stream ours, theirs;
};

Pair socket_pair() {
  int descriptors[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors) == 0);
  return {Stream(descriptors[0]), Stream(descriptors[1])};
}

std::string read_all(Stream& stream) {
  std::string all;
  char buffer[4096];
  while (true) {
    const auto got = stream.read_some(buffer, sizeof buffer, patience(), nullptr);
    if (!got || *got == 0) return all;
    all.append(buffer, *got);
  }
}

}  // namespace

TEST_CASE("bytes go through, and the end of the stream is a zero") {
  Pair pair = socket_pair();
  std::string large(5 << 20, 'x');
  large += "end";
  std::jthread writer([&] {
    const bool written = pair.ours.write_all(large, patience(), nullptr).has_value();
    pair.ours.close();
    if (!written) std::abort();
  });
  CHECK(read_all(pair.theirs) == large);
}

TEST_CASE("a deadline in the past ends a read, even where there is something to read") {
  Pair pair = socket_pair();
  REQUIRE(pair.ours.write_all("x", patience(), nullptr));
  char buffer[8];
  const auto got = pair.theirs.read_some(buffer, sizeof buffer, after_ms(-1), nullptr);
  REQUIRE_FALSE(got);
  CHECK(got.error().kind == ErrorKind::try_later);
  CHECK(got.error().what == "timed out");
  CHECK(pair.theirs.read_some(buffer, sizeof buffer, patience(), nullptr).value() == 1);
}

TEST_CASE("a silent peer meets the deadline, for reading and for writing") {
  Pair pair = socket_pair();
  char buffer[8];
  CHECK(pair.theirs.read_some(buffer, sizeof buffer, after_ms(20), nullptr).error().what == "timed out");
  CHECK(pair.theirs.write_all(std::string(64 << 20, 'x'), after_ms(20), nullptr).error().what == "timed out");
}

TEST_CASE("the stop switch wakes who waits, from another thread, and stays thrown") {
  Pair pair = socket_pair();
  StopSwitch stop;
  CHECK_FALSE(stop.stopped());
  std::jthread thrower([&] { stop.stop(); });
  char buffer[8];
  CHECK(pair.theirs.read_some(buffer, sizeof buffer, patience(), &stop).error().what == "stopping");
  CHECK(stop.stopped());
  stop.stop();
  CHECK(pair.theirs.read_some(buffer, sizeof buffer, patience(), &stop).error().what == "stopping");
  CHECK(wait_for_stop(stop, patience()));
}

TEST_CASE("writing to a peer that has gone is an error, not a signal") {
  Pair pair = socket_pair();
  pair.theirs.close();
  const auto written = pair.ours.write_all(std::string(1 << 20, 'x'), patience(), nullptr);
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::try_later);
}

TEST_CASE("a stream that was moved from owns nothing") {
  Pair pair = socket_pair();
  Stream other(std::move(pair.ours));
  CHECK_FALSE(pair.ours.is_open());  // NOLINT(bugprone-use-after-move): that is what is tested
  REQUIRE(other.write_all("x", patience(), nullptr));
  other = std::move(pair.theirs);
  char buffer[8];
  CHECK(other.read_some(buffer, sizeof buffer, patience(), nullptr).value() == 1);
  CHECK(other.read_some(buffer, sizeof buffer, patience(), nullptr).value() == 0);
}

TEST_CASE("connecting to nobody says where") {
  TemporaryFolder folder;
  const auto missing = Stream::connect(unix_endpoint(folder / "none"), patience(), nullptr);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind == ErrorKind::try_later);
  CHECK(missing.error().what.find(folder / "none") != std::string::npos);
  const auto long_path = Stream::connect(unix_endpoint("/" + std::string(200, 'x')), patience(), nullptr);
  CHECK(long_path.error().kind == ErrorKind::bad_settings);
}
