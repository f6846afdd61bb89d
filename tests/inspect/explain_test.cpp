// What an explanation says: sentences that can be read out, and by what a sentence was found.
#include "inspect/explain.h"

#include <algorithm>

#include "base/text.h"
#include "helpers.h"
#include "inspect/explain_words.h"
#include "rules/vocabulary.h"

#include "catch.h"

namespace beadle::inspect {
namespace {

Explanation explained(const tests::Sent& sent, const std::string& clause, const Policy& policy = tests::example_policy()) {
  Envelope envelope;
  envelope.sender = sent.from;
  envelope.recipients = sent.recipients;
  const auto all = explain(mail::parse_message(tests::bytes_of(sent)), envelope, policy, {}, clause);
  REQUIRE(all);
  REQUIRE_FALSE(all->empty());
  return all->front();
}

const tests::Sent order{.from = "councillor@council.example",
                        .recipients = {"info@firm.example"},
                        .header = "",
                        .text = "I accept your quotation of 2,300 pounds."};

}  // namespace

TEST_CASE("every word of a rule has words to be read out") {
  const auto check = [](const auto& words) {
    for (const std::string_view word : words) {
      INFO(word);
      CHECK(has_words_for(word));
    }
  };
  check(rules::person_words);
  check(rules::recipient_words);
  check(rules::trait_words);
  check(rules::zone_words);
  check(rules::marking_words);
  check(rules::letter_words);
}

TEST_CASE(
    "of a sentence that was weighed, the explanation names its kind, its points, the threshold and the words that count most") {
  const Explanation explanation = explained(order, "exmouth/correspondence-3-obligation");
  CHECK(explanation.found);
  CHECK(explanation.file == "exmouth.toml");
  REQUIRE(explanation.when.size() == 1);
  REQUIRE_FALSE(explanation.when[0].proofs.empty());
  const Proof& proof = explanation.when[0].proofs[0];
  CHECK(proof.evidence.text == "I accept your quotation of 2,300 pounds.");
  REQUIRE_FALSE(proof.cues.empty());
  const CueReason& reason = proof.cues[0];
  CHECK(reason.cue == "commitment");
  CHECK(reason.says.find("binds the council") == 0);
  CHECK(reason.place.empty());
  CHECK(reason.points >= reason.needed);
  CHECK(reason.needed == reason.usual);
  REQUIRE(reason.words.size() == 5);
  CHECK(std::is_sorted(reason.words.begin(), reason.words.end(),
                       [](const rules::Weight& a, const rules::Weight& b) { return std::abs(a.points) > std::abs(b.points); }));
}

TEST_CASE("in a long text an explanation says that more is needed") {
  tests::Sent sent = order;
  for (int i = 0; i < 120; ++i) sent.text += " The bench by pond number " + std::to_string(i) + " is green.";
  const Explanation explanation = explained(sent, "exmouth/correspondence-3-obligation");
  REQUIRE(explanation.found);
  const CueReason& reason = explanation.when[0].proofs[0].cues.at(0);
  CHECK(reason.needed > reason.usual);
}

TEST_CASE("what failed is said in a sentence") {
  const auto lacks = [](const tests::Sent& sent, const std::string& clause) {
    const Explanation explanation = explained(sent, clause);
    CHECK_FALSE(explanation.found);
    std::vector<std::string> says;
    for (const TableOutcome& outcome : explanation.when) says.push_back(joined(outcome.says, "; "));
    return joined(says, " | ");
  };
  tests::Sent hello = order;
  hello.text = "Hello.";
  CHECK(lacks(hello, "exmouth/correspondence-4")
            .find("there is no letter of an officer to a councillor that is marked confidential") == 0);
  const std::string no_cue = lacks(hello, "exmouth/correspondence-3-obligation");
  CHECK(no_cue.find("no sentence in the sender's own words is of the kind \"commitment\" (binds the council") == 0);
  CHECK(no_cue.find("failed") == std::string::npos);
  CHECK(lacks({.from = "clerk@council.example", .recipients = {"info@firm.example"}, .header = "", .text = "Hello."},
              "exmouth/press-member") ==
        "it was not sent by a councillor who is not the chair, is not the chair of a committee and is not a spokesperson of the "
        "council");
  CHECK(lacks(hello, "exmouth/press-chair").find("it was not sent by the chair, or the chair of a committee") == 0);
  CHECK(lacks({.from = "chair@council.example", .recipients = {"info@firm.example"}, .header = "", .text = "Hello."},
              "exmouth/press-chair") == "none of those who get it is the press");
}

TEST_CASE("an exception is said as what holds, with what it was found by") {
  tests::Sent sent = order;
  sent.text = "I accept your quotation of 2,300 pounds. I am buying it for my own garden and will pay for it myself.";
  const Explanation explanation = explained(sent, "exmouth/correspondence-3-obligation");
  CHECK_FALSE(explanation.found);
  REQUIRE(explanation.excepted == 0);
  const std::string says = joined(explanation.exception.says, "; ");
  CHECK(says.find("a sentence in the sender's own words is of the kind \"private-business\"") == 0);
  REQUIRE_FALSE(explanation.exception.proofs.empty());
  CHECK(explanation.exception.proofs[0].cues.at(0).cue == "private-business");
}

TEST_CASE("an explanation says what the council has changed") {
  Policy policy = tests::example_policy();
  policy.overrides["exmouth/correspondence-3-obligation"] = {Action::flag, Mode::off};
  const Explanation explanation = explained(order, "exmouth/correspondence-3-obligation", policy);
  CHECK(explanation.action == Action::flag);
  CHECK(explanation.shipped == Action::hold);
  CHECK(explanation.mode == Mode::off);
}

TEST_CASE("words and pairs are shown as a reader knows them") {
  CHECK(feature_in_words("accept") == "accept");
  CHECK(feature_in_words("i 'll") == "i'll");
  CHECK(feature_in_words("do n't") == "don't");
  CHECK(feature_in_words("go .. with") == "go \xE2\x80\xA6 with");
  CHECK(feature_in_words("^ please") == "please (first in the sentence)");
  CHECK(feature_in_words("? $") == "? (last in the sentence)");
  CHECK(feature_in_words("\xC2\xA3"
                         "0") == "(a sum of money)");
}

}  // namespace beadle::inspect
