// Fingerprints by which a passage is known again: nine words in common always meet, and nobody reads them without the key.
#include "inspect/passages.h"

#include <algorithm>
#include <random>
#include <set>

#include "base/limits.h"
#include "store/store.h"

#include "catch.h"

namespace beadle::inspect {
namespace {

constexpr std::size_t words_that_meet = 9;

mail::Message mail_of(const std::string& text) { return mail::parse_message("From: clerk@council.example\r\n\r\n" + text + "\r\n"); }

std::set<std::uint64_t> hashes(const std::string& text, std::string_view key = "key") {
  std::set<std::uint64_t> out;
  for (const Fingerprint& fingerprint : fingerprints(mail_of(text), key)) out.insert(fingerprint.hash);
  return out;
}

std::size_t shared(const std::set<std::uint64_t>& a, const std::set<std::uint64_t>& b) {
  return static_cast<std::size_t>(std::count_if(a.begin(), a.end(), [&](std::uint64_t hash) { return b.contains(hash); }));
}

std::string words(std::mt19937& random, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += "w" + std::to_string(random() % 100'000) + (random() % 9 == 0 ? ".\r\n" : " ");
  return out;
}

const std::string offer = "The offer for the lower field is forty thousand pounds, and the seller wants an answer before the end of May.";

}  // namespace

TEST_CASE("nine words in common always meet, wherever they stand") {
  std::mt19937 random(7);  // the same words in each run
  for (int round = 0; round < 300; ++round) {
    const std::string passage = words(random, words_that_meet);
    const std::string one = words(random, random() % 40) + passage + " " + words(random, random() % 40);
    const std::string other = words(random, random() % 40) + passage + " " + words(random, random() % 40);
    INFO(passage);
    CHECK(shared(hashes(one), hashes(other)) >= 1);
  }
}

TEST_CASE("texts that have no run of words in common do not meet") {
  std::mt19937 random(8);
  for (int round = 0; round < 100; ++round) CHECK(shared(hashes(words(random, 60)), hashes(words(random, 60))) == 0);
  CHECK(hashes("Four words are none.").empty());
  CHECK(hashes("").empty());
}

TEST_CASE("case, signs, line ends and marks of quoting are nothing") {
  const auto plain = hashes(offer);
  REQUIRE_FALSE(plain.empty());
  CHECK(hashes("THE OFFER for the lower field is *forty thousand* pounds - and the\r\nseller wants an answer, before the end of May!") == plain);
  CHECK(shared(hashes("See below.\r\n\r\n> The offer for the lower field is forty thousand pounds, and the\r\n> seller wants an answer before the end of May.\r\n"), plain) >= 1);
}

TEST_CASE("without the key nobody makes the same fingerprints") {
  CHECK(hashes(offer, "key") == hashes(offer, "key"));
  CHECK(shared(hashes(offer, "key"), hashes(offer, "kez")) == 0);
}

TEST_CASE("what stands under every mail makes no fingerprints") {
  const std::string notice =
      "This e-mail and any attachments are confidential and intended solely for the use of the individual to whom they are addressed. If you are not the "
      "intended recipient, please notify the sender and delete it. Views expressed are not necessarily those of the council.";
  const std::string signature = "--\r\nClara Clerk\r\nClerk to the Example Town Council, Town Hall, High Street, Example\r\nTelephone 01632 960 111, open Monday to Friday\r\n";
  CHECK(hashes("Thanks.\r\n\r\n" + signature + "\r\n" + notice).empty());
  CHECK(hashes(offer + "\r\n\r\n" + signature + "\r\n" + notice) == hashes(offer));
}

TEST_CASE("fingerprints know their place, and show the sentence around it") {
  const mail::Message message = mail_of("Dear Jane,\r\n\r\nAs you asked. " + offer + " Keep it to yourself.");
  const auto found = fingerprints(message, "key");
  REQUIRE_FALSE(found.empty());
  for (const Fingerprint& fingerprint : found) {
    CHECK(fingerprint.text == 0);
    CHECK(fingerprint.document == -1);
    CHECK(fingerprint.range.begin < fingerprint.range.end);
    CHECK(fingerprint.range.end <= message.texts[0].utf8.size());
  }
  const bool shown = std::any_of(found.begin(), found.end(), [&](const Fingerprint& one) { return words_of(message, one).find("lower field") != std::string::npos; });
  CHECK(shown);
}

TEST_CASE("a document's words count, HTML beside the same plain text does not") {
  mail::Message message = mail_of("Attached.");
  mail::Document document;
  document.part = "2";
  document.texts.resize(1);
  document.texts[0].utf8 = offer;
  message.documents.push_back(document);
  std::set<std::uint64_t> found;
  for (const Fingerprint& fingerprint : fingerprints(message, "key")) {
    CHECK(fingerprint.document == 0);
    CHECK(words_of(message, fingerprint).find("offer") != std::string::npos);
    found.insert(fingerprint.hash);
  }
  CHECK(found == hashes(offer));
  const mail::Message both = mail::parse_message(
      "From: clerk@council.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n" + offer +
      "\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>" + offer + "</p>\r\n--x--\r\n");
  CHECK(fingerprints(both, "key").size() == fingerprints(mail_of(offer), "key").size());
}

TEST_CASE("a passage that stands in many marked mails is a form of words") {
  auto record = store::Store::open(":memory:", from_ms(0));
  REQUIRE(record);
  const auto prints = fingerprints(mail_of(offer), "key");
  std::vector<std::uint64_t> kept;
  for (const Fingerprint& fingerprint : prints) kept.push_back(fingerprint.hash);
  REQUIRE(kept.size() >= limits::passage_fingerprints_least);
  CHECK_FALSE(*record->has_fingerprints());
  for (std::size_t i = 0; i <= limits::fingerprint_mails_most; ++i) {
    INFO(i);
    EarlierMail mail;
    mail.message_id = std::to_string(i) + "@council.example";
    mail.sender = "clerk@council.example";
    mail.marked = true;
    mail.at = from_ms(static_cast<std::int64_t>(i));
    REQUIRE(record->remember(mail, mail.at, kept));
    const auto found = record->look_up_passages(prints);
    REQUIRE(found);
    CHECK(found->size() == (i < limits::fingerprint_mails_most ? i + 1 : 0));
  }
}

}  // namespace beadle::inspect
