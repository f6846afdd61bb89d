// Calls that wait, against servers that say nothing good: each ends with a reason, none takes more than its bounds.
#include "imap/client.h"

#include "imap/bounds.h"

#include "catch.h"

namespace beadle::imap {
namespace {

/// Says the same over and over; or one thing, and then hangs up.
class Script : public Transport {
 public:
  explicit Script(std::string said, bool again = false) : said_(std::move(said)), again_(again) {}
  Result<void> send(std::string_view bytes, net::Deadline) override {
    heard.append(bytes);
    return {};
  }
  Result<std::size_t> receive(char* buffer, std::size_t size, net::Deadline) override {
    if (at_ == said_.size() && again_) at_ = 0;
    const std::size_t count = said_.copy(buffer, size, at_);
    at_ += count;
    given += count;
    return count;
  }
  std::string heard;
  std::size_t given = 0;

 private:
  std::string said_;
  std::size_t at_ = 0;
  bool again_;
};

std::string problem_of(Script& script) {
  const auto begun = Client(script).begin();
  return begun ? "" : begun.error().what;
}

}  // namespace

TEST_CASE("a refusal is told in the server's words, printable and short") {
  Script script("b1 NO [UNAVAILABLE] come \x1b[31mback " + std::string(5'000, 'x') + "\r\n");
  const auto begun = Client(script).begin();
  REQUIRE_FALSE(begun);
  CHECK(begun.error().kind == ErrorKind::refused);
  CHECK(begun.error().what.starts_with("the mail server says NO: come "));
  CHECK(begun.error().what.find('\x1b') == std::string::npos);
  CHECK(begun.error().what.size() < words_bytes_max + 50);
  Script bad("b1 BAD what?\r\n");
  CHECK(problem_of(bad) == "the mail server says BAD: what?");
  Script bye("* BYE enough\r\n");
  CHECK(problem_of(bye) == "the mail server ends the conversation: enough");
  Script away("");
  CHECK(problem_of(away) == "the mail server has hung up");
}

TEST_CASE("a server that never ends is ended") {
  Script lines("* OK still there\r\n", true);
  CHECK(problem_of(lines) == "the mail server sent responses without end");
  CHECK(lines.given < 2 * unasked_responses_max * 20);
  Script line("x", true);
  CHECK(problem_of(line) == "the mail server sent a line that is too long");
  CHECK(line.given < line_bytes_max + (64u << 10));
  Script binary(std::string("\x16\x03\x01\x00", 4), true);
  CHECK(problem_of(binary) == "the mail server sent a NUL byte in a line");
}

TEST_CASE("a folder is searched piece by piece, however far its numbers are said to reach") {
  Script script("* 60000 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 4294967295] x\r\nb1 OK\r\n* SEARCH 9 7\r\nb2 OK\r\n* SEARCH 200000\r\nb3 OK\r\n");
  Client client(script);
  REQUIRE(client.examine("Sent"));
  std::vector<std::uint32_t> found, searched;
  const auto done = client.search_on(1, [&](const std::vector<std::uint32_t>& uids, std::uint32_t until) -> Result<bool> {
    found.insert(found.end(), uids.begin(), uids.end());
    searched.push_back(until);
    return searched.size() < 2;
  });
  CHECK(done);
  CHECK(found == std::vector<std::uint32_t>{7, 9, 200'000});
  CHECK(searched == std::vector<std::uint32_t>{100'000, 200'000});
  Script unsaid("* 3 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\nb1 OK\r\n");
  Client second(unsaid);
  REQUIRE(second.examine("Sent"));
  CHECK(second.search_on(1, nullptr).error().what.find("UIDNEXT") != std::string::npos);
}

TEST_CASE("what takes an event may end the conversation, and nothing is said after it") {
  Script script("* 1 FETCH (UID 3 BODY[]<0> \"x\")\r\n* 2 FETCH (UID 4 BODY[]<0> \"y\")\r\nb1 OK\r\n");
  Client client(script);
  int taken = 0;
  const auto ended = client.bodies({3, 4}, [&](Item&&) -> Result<void> {
    ++taken;
    return Error{ErrorKind::try_later, "full disk"};
  });
  REQUIRE_FALSE(ended);
  CHECK(ended.error().what == "full disk");
  CHECK(taken == 1);
  const std::string before = script.heard;
  client.log_out();
  CHECK(script.heard == before);
}

}  // namespace beadle::imap
