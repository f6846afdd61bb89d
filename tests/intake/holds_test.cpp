// What is held is held once however often it is sent, and never in place of something else; what comes of a mail counts when it has come.
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "intake/town.h"
#include "net/helpers.h"

namespace beadle::intake {
namespace {

std::string secret(const std::string& fields, const std::string& body = "secret") {
  return "From: " + jane + "\r\nTo: " + stranger + "\r\n" + fields + "\r\n" + body + "\r\n";
}

std::string held_as(Town& town, const std::string& bytes) {
  const Answer answer = town.receive(jane, stranger, bytes);
  REQUIRE(answer.kind == Answer::Kind::held);
  return answer.id;
}

}  // namespace

TEST_CASE("a second try joins the first, whatever servers on the way put on it") {
  Town town;
  const std::string id = held_as(town, "Received: from a by b; 1\r\n" + secret("Message-ID: <1@x>\r\nSubject: Fence\r\n"));
  CHECK(held_as(town, "Received: from a by b; 2\r\nDKIM-Signature: t=2\r\nARC-Seal: i=1\r\nX-Rspamd-Queue-Id: 4F2\r\n" + secret("Message-ID: <1@x>\r\nSubject: Fence\r\n")) == id);
}

TEST_CASE("messages that differ are held each by itself, with a Message-ID or without") {
  const std::string message_id = GENERATE(as<std::string>(), "", "Message-ID: <1@x>\r\n");
  Town town;
  const std::string id = held_as(town, secret(message_id + "Subject: Fence\r\n"));
  CHECK(held_as(town, secret(message_id + "Subject: Roof\r\n")) != id);
  CHECK(held_as(town, secret(message_id + "Subject: Fence\r\nReply-To: other@elsewhere.example\r\n")) != id);
  CHECK(held_as(town, secret(message_id + "Subject: Fence\r\n", "secret, too")) != id);
  CHECK(held_as(town, secret(message_id + "Subject: Fence\r\n")) == id);
}

TEST_CASE("an enquiry is open at once, and answered when the answer has been taken") {
  Town town;
  const auto open = [&] { return must(town.store().reminders(false, 10)).size(); };
  const std::string enquiry = "From: " + jane + "\r\nTo: " + olivia + "\r\nMessage-ID: <q@x>\r\nSubject: Gate\r\n\r\nWhen will it be mended?\r\n";
  const Answer asked = town.receive(jane, olivia, enquiry, true);
  REQUIRE(asked.kind == Answer::Kind::accept);
  CHECK_FALSE(asked.taken);  // nothing hangs on it
  CHECK(open() == 1);
  const std::string reply =
      "From: " + olivia + "\r\nTo: " + jane + "\r\nMessage-ID: <a@x>\r\nIn-Reply-To: <q@x>\r\nSubject: Re: Gate\r\n\r\nIt is mended since Monday, and painted.\r\n";
  SECTION("by a door that learns what became of it") {
    const Answer answered = town.receive(olivia, jane, reply, true);
    REQUIRE(answered.kind == Answer::Kind::accept);
    CHECK(open() == 1);
    REQUIRE(answered.taken);
    answered.taken();
    CHECK(open() == 0);
  }
  SECTION("by one that does not") {
    town.receive(olivia, jane, reply);
    CHECK(open() == 0);
  }
}

TEST_CASE("who sends from the council's domain and is in no roster is named in the log, once") {
  const net::TemporaryFolder folder;
  std::fflush(stderr);
  const int before = ::dup(STDERR_FILENO);
  REQUIRE(std::freopen((folder / "log").c_str(), "w", stderr) != nullptr);
  Town town;
  town.send(jane, olivia, "open1");
  town.send(stranger, olivia, "open2");
  town.send("councilor@council.example", stranger, "open3");
  town.send("Councilor@council.example", stranger, "open4");
  std::fflush(stderr);
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  std::ifstream file(folder / "log");
  std::vector<std::string> told;
  for (std::string line; std::getline(file, line);) {
    if (line.find("sender-not-in-roster") != std::string::npos) told.push_back(line);
  }
  REQUIRE(told.size() == 1);
  CHECK(told.front().find("councilor@council.example") != std::string::npos);
}

}  // namespace beadle::intake
