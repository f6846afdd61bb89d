// What is too large to be written down as a dialogue.
#include <string>

#include "base/limits.h"
#include "milter/packets.h"
#include "milter/session.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::milter;

namespace {

std::string begin(Session& session) {
  session.feed(packet("O u32:6 u32:0x13 u32:0x1fffff"));
  CHECK(session.idle());
  return session.feed(packet("M \"<clerk@harbridge.example>\"")).replies;
}

}  // namespace

TEST_CASE("a message over the bound is not kept, and refused at its end") {
  Session session;
  begin(session);
  session.feed(packet("R \"<jo@fencing.example>\"") + packet("L \"From\" \" x\"") + packet("N"));
  const std::string piece = packet("B 'y'*1000000");
  const std::size_t pieces = limits::message_bytes_max / 1'000'000 + 1;
  for (std::size_t i = 0; i < pieces; ++i) {
    CHECK(session.feed(piece).replies.empty());
    CHECK(session.bytes_held() <= limits::message_bytes_max);
  }
  CHECK(session.bytes_held() == 0);
  const auto end = session.feed(packet("E"));
  CHECK_FALSE(end.arrival);
  CHECK(end.replies == packet("y \"552 5.3.4 Message too large to be checked\""));
  CHECK(session.idle());
}

TEST_CASE("a message of exactly the bound is handed over") {
  Session session;
  begin(session);
  session.feed(packet("N"));
  const std::size_t envelope = std::string("clerk@harbridge.example").size();
  std::size_t left = limits::message_bytes_max - 2 - envelope;
  const std::string piece = packet("B 'y'*1000000");
  for (; left > 1'000'000; left -= 1'000'000) session.feed(piece);
  const auto end = session.feed(packet("E 'y'*" + std::to_string(left)));
  REQUIRE(end.arrival);
  CHECK(end.arrival->bytes.size() == limits::message_bytes_max - envelope);
}

TEST_CASE("more recipients than the bound are refused for now") {
  Session session;
  begin(session);
  const std::string recipient = packet("R \"<jo@fencing.example>\"");
  for (std::size_t i = 0; i <= limits::envelope_recipients_max; ++i) session.feed(recipient);
  CHECK(session.bytes_held() == 0);
  CHECK(session.feed(packet("N") + packet("E")).replies == packet("y \"452 4.5.3 Too many recipients to be checked\""));
}

TEST_CASE("recipients count towards the bound of a message") {
  Session session;
  begin(session);
  const std::string recipient = packet("R 'y'*1000000 \"\"");
  for (std::size_t i = 0; i < 60; ++i) session.feed(recipient);
  CHECK(session.bytes_held() == 0);
  CHECK(session.feed(packet("N") + packet("E")).replies == packet("y \"552 5.3.4 Message too large to be checked\""));
}

TEST_CASE("a large body goes back in pieces that every mail server takes") {
  Session session;
  begin(session);
  REQUIRE(session.feed(packet("N") + packet("E 'Hello'")).arrival);
  std::string body;
  for (int i = 0; body.size() < 300'000; ++i) body += std::to_string(i) + "\r\n";
  intake::Answer answer;
  answer.kind = intake::Answer::Kind::accept;
  answer.edited = "\r\n" + body;
  const std::string replies = session.answer(answer);
  std::string_view rest = replies;
  std::string got;
  std::string problem;
  while (true) {
    const auto reply = take_packet(rest, problem);
    REQUIRE(reply);
    if (reply->command == reply::continue_) break;
    REQUIRE(reply->command == reply::replace_body);
    CHECK(reply->data.size() <= 65'535);
    got += reply->data;
  }
  CHECK(rest.empty());
  CHECK(got == body);
}

TEST_CASE("a session says what it holds and whether a packet is due") {
  Session session;
  CHECK(session.idle());
  CHECK(session.packets() == 0);
  begin(session);
  CHECK(session.packets() == 2);
  CHECK_FALSE(session.idle());
  CHECK_FALSE(session.within_packet());
  const std::string end_of_header = packet("N");
  session.feed(end_of_header.substr(0, 3));
  CHECK(session.within_packet());
  CHECK(session.packets() == 2);
  session.feed(end_of_header.substr(3));
  CHECK_FALSE(session.within_packet());
  CHECK(session.packets() == 3);
  session.feed(packet("B 'y'*1000"));
  CHECK(session.bytes_held() >= 1000);
  session.feed(packet("A"));
  CHECK(session.bytes_held() == 0);
  CHECK(session.idle());
}

TEST_CASE("bytes that come while intake works are kept") {
  Session session;
  begin(session);
  REQUIRE(session.feed(packet("N") + packet("E")).arrival);
  CHECK_FALSE(session.within_packet());
  CHECK(session.feed(packet("Q")).replies.empty());
  intake::Answer held;
  held.kind = intake::Answer::Kind::held;
  session.answer(held);
  CHECK(session.feed("").close);
}

TEST_CASE("thousands of old marks are deleted in one pass") {
  Session session;
  begin(session);
  std::string fields;
  intake::Answer answer;
  answer.kind = intake::Answer::Kind::accept;
  for (int i = 0; i < 50'000; ++i) {
    const std::string name = "Beadle-" + std::to_string(i);
    fields += packet("L \"" + name + "\" \" x\"");
    answer.remove_fields.push_back(name);
  }
  REQUIRE(session.feed(fields + packet("N") + packet("E")).arrival);
  const std::string replies = session.answer(answer);
  CHECK(replies.find(packet("m u32:1 \"Beadle-49999\" \"\"")) != std::string::npos);
}
