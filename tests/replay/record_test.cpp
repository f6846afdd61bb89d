// The record in memory says what the store would say.
#include "replay/record.h"

#include <random>

#include "catch.h"

namespace beadle::replay {
namespace {

using inspect::Fingerprint;

std::vector<Fingerprint> prints(const std::vector<std::uint64_t>& hashes) {
  std::vector<Fingerprint> out;
  for (const std::uint64_t hash : hashes) {
    out.emplace_back();
    out.back().hash = hash;
  }
  return out;
}

std::string words(const std::vector<inspect::EarlierMail>& mails) {
  std::string out;
  for (const auto& mail : mails) {
    out += mail.message_id + " " + mail.sender + (mail.marked ? " marked" : "") + (mail.consent ? " consent" : "") + " " + std::to_string(to_ms(mail.at)) + " to";
    for (const std::string& address : mail.visible) out += " " + address;
    out += " by";
    for (const std::string& address : mail.recipients) out += " " + address;
    out += "\n";
  }
  return out;
}

std::string words(const std::vector<inspect::SharedPassages>& passages) {
  std::string out;
  for (const auto& one : passages) out += words({one.mail}) + std::to_string(one.shared.size()) + " of " + std::to_string(one.of) + "\n";
  return out;
}

}  // namespace

TEST_CASE("the record in memory answers as the store does") {
  std::mt19937 random(11);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  auto store = store::Store::open(":memory:", from_ms(1));
  REQUIRE(store);
  MemoryRecord memory("key");
  CHECK_FALSE(*memory.has_fingerprints());
  const auto id = [](unsigned n) { return "id" + std::to_string(n) + "@x"; };
  for (int step = 0; step < 400; ++step) {
    Remembered one;
    one.mail.message_id = step % 50 == 0 ? "" : id(below(60));
    one.mail.sender = "s" + std::to_string(below(5)) + "@c.example";
    for (unsigned i = below(4); i > 0; --i) one.mail.visible.push_back("v" + std::to_string(below(6)) + "@c.example");
    for (unsigned i = below(4); i > 0; --i) one.mail.recipients.push_back("r" + std::to_string(below(6)) + "@c.example");
    one.mail.marked = below(4) == 0;
    one.mail.consent = below(8) == 0;
    one.mail.at = from_ms(1'000 + step);
    for (unsigned i = one.mail.marked ? below(12) : 0; i > 0; --i) one.fingerprints.push_back(below(40));
    REQUIRE(memory.remember(one));
    REQUIRE(store->remember(one.mail, one.mail.at, one.fingerprints));

    const std::vector<std::string> asked{id(below(70)), id(80), id(81 + below(2)), ""};
    const auto here = memory.look_up(asked), there = store->look_up(asked);
    REQUIRE((here && there));
    CHECK(words(here->same) == words(there->same));
    CHECK(words(here->referenced) == words(there->referenced));
    CHECK(*memory.has_fingerprints() == *store->has_fingerprints());
    std::vector<std::uint64_t> hashes;
    for (std::uint64_t i = 0; i < 12; ++i) hashes.push_back(below(40));
    const auto near = memory.look_up_passages(prints(hashes)), far = store->look_up_passages(prints(hashes));
    REQUIRE((near && far));
    CHECK(words(*near) == words(*far));
  }
}

}  // namespace beadle::replay
