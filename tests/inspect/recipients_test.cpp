// Who is a blind copy, and who is explained away: tests/data/inspect/recipients.tsv.
#include "inspect/recipients.h"

#include <fstream>

#include "base/text.h"
#include "helpers.h"

#include "catch.h"

namespace beadle::inspect {
namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view word : split(text, ' ')) {
    if (!trimmed(word).empty() && word != "-") out.emplace_back(trimmed(word));
  }
  return out;
}

}  // namespace

TEST_CASE("blind recipients are those whom nothing explains") {
  std::ifstream file(std::string(BEADLE_TEST_DATA) + "/inspect/recipients.tsv");
  std::size_t rows = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto columns = split(line, '\t');
    INFO(line);
    REQUIRE(columns.size() == 5);
    std::string header;
    for (const std::string_view field : split(columns[1], '|')) header += std::string(field) + "\r\n";
    const tests::Sent sent{.from = std::string(columns[2]), .recipients = words(columns[3]), .header = header, .text = "Hello."};
    const mail::Message message = mail::parse_message(tests::bytes_of(sent));
    Envelope envelope;
    envelope.sender = sent.from;
    envelope.recipients = sent.recipients;
    const people::Directory& people = *tests::example_policy().people;
    std::vector<std::string> blind;
    for (const Recipient& recipient : read_recipients(message, envelope, people, {party_at(sent.from, "", people)})) {
      CHECK(recipient.is("blind") != recipient.is("visible"));
      if (recipient.is("blind")) blind.push_back(recipient.address);
    }
    CHECK(blind == words(columns[4]));
    ++rows;
  }
  CHECK(rows >= 20);
}

TEST_CASE("who is reached by a list is so too where the mail server has expanded it") {
  const people::Directory& people = *tests::example_policy().people;
  const people::List& list = *people.list_at("red-group@council.example");
  REQUIRE(!list.members.empty());
  const auto by_list = [&](const std::string& to, std::vector<std::string> recipients) {
    const mail::Message message = mail::parse_message("From: clerk@council.example\r\nTo: " + to + "\r\n\r\nHello.\r\n");
    Envelope envelope;
    envelope.sender = "clerk@council.example";
    envelope.recipients = std::move(recipients);
    std::size_t count = 0;
    for (const Recipient& recipient : read_recipients(message, envelope, people, {})) count += recipient.is("group-list") ? 1 : 0;
    return count;
  };
  CHECK(by_list(list.address, {list.address}) == list.members.size());
  CHECK(by_list(list.address, list.members) == list.members.size());
  CHECK(by_list(list.members.front(), {list.members.front()}) == 0);
  CHECK(by_list(list.address + ", " + list.members.front(), {list.members.front()}) == 0);  // stands there himself
}

TEST_CASE("a councillor is disclosed by a closing line, not by talk of copies") {
  const people::Directory& people = *tests::example_policy().people;
  const auto named = [&](std::string text) {
    std::vector<std::string> out;
    for (const people::Person* person : disclosed_in(mail::parse_message("From: clerk@council.example\r\n\r\n" + text), people)) out.push_back(person->name);
    return out;
  };
  CHECK(named("Thanks.\r\n\r\nCC Councillor Jane Holt\r\n") == std::vector<std::string>{"Jane Holt"});
  CHECK(named("Thanks.\r\n\r\ncc: Cllr Jane Holt, Cllr Ian Day\r\n").size() == 2);
  CHECK(named("I shall copy to Councillor Jane Holt whatever comes of it.\r\n").empty());
  CHECK(named("Thanks.\r\n\r\n> CC Councillor Jane Holt\r\n").empty());
  CHECK(named("cc Councillor Jane Holt\r\n\r\nOne.\r\nTwo.\r\nThree.\r\nFour.\r\nFive.\r\n").empty());
}

}  // namespace beadle::inspect
