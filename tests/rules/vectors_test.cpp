#include "rules/vectors.h"

#include <cmath>

#include "base/text.h"
#include "rules/helpers.h"
#include "rules/learn.h"

#include "catch.h"

namespace beadle::rules {
namespace {

std::string vector_of(char first, char second) { return std::string(1, first) + second + std::string(dimensions - 2, '8'); }

std::shared_ptr<const WordVectors> small_vectors() {
  Problems problems;
  const std::string text = "# words that are used alike\nwaive\t" + vector_of('f', '8') + "\nremit\t" + vector_of('e', '9') + "\npaint\t" +
                           vector_of('8', 'f') + "\nvarnish\t" + vector_of('9', 'e') + "\n";
  auto vectors = parse_vectors(text, "vectors.tsv", problems);
  INFO(to_string(problems));
  REQUIRE(vectors);
  return vectors;
}

Place place(const WordVectors& vectors, std::string_view sentence) { return vectors.place_of(SentenceWords(sentence).words()); }

std::string mistake(std::string_view text) {
  Problems problems;
  CHECK_FALSE(parse_vectors(text, "v.tsv", problems));
  return problems.empty() ? "" : to_string(problems.front());
}

}  // namespace

TEST_CASE("word vectors are read digit by digit, and unknown words have none") {
  const auto vectors = small_vectors();
  CHECK(vectors->size() == 4);
  const SentenceWords words("waive rent");
  const std::int8_t* found = vectors->find(words.words()[0]);
  REQUIRE(found != nullptr);
  CHECK(int{found[0]} == 7);
  CHECK(int{found[1]} == 0);
  CHECK(vectors->find(words.words()[1]) == nullptr);
  CHECK(vectors->digest().size() == 64);
}

TEST_CASE("words that are used alike make sentences that stand near each other") {
  const auto vectors = small_vectors();
  const Place waive = place(*vectors, "waive"), remit = place(*vectors, "remit"), paint = place(*vectors, "paint");
  CHECK(along(waive, remit) > 4 * along(waive, paint));
  CHECK(along(waive, waive) > 0);
  CHECK(place(*vectors, "the of , unheard") == Place{});
  // Twice the words do not make twice the length: a sentence's place is scaled by the root of their number.
  const Place twice = place(*vectors, "waive waive");
  CHECK(twice[0] > waive[0]);
  CHECK(twice[0] < 2 * waive[0]);
}

TEST_CASE("what words add to the place of a sentence adds up") {
  const auto vectors = small_vectors();
  const Place direction = place(*vectors, "waive");
  const SentenceWords sentence("they remit the rent and paint the door");
  double sum = 0;
  for (const double one : vectors->along_each(sentence.words(), direction)) sum += one;
  CHECK(std::abs(sum - along(vectors->place_of(sentence.words()), direction)) < 0.01);
}

TEST_CASE("what is learned of one word tells something of another that is used alike") {
  Problems problems;
  std::string text = "cue\tlabel\twriter\tsentence\tnote\n";
  for (const char* thing : {"rent", "fee", "charge", "deposit", "fine", "bill"}) {
    text += std::string("let-off\tyes\tany\tWe waive the ") + thing + ".\t\n";
    text += std::string("let-off\tno\tany\tWe paint the ") + thing + " board.\t\n";
    text += std::string("none\tno\tany\tThe ") + thing + " is written down.\t\n";
  }
  const auto sentences = parse_labelled(text, "rows.tsv", problems);
  REQUIRE(sentences);
  const auto vectors = small_vectors();
  const Weights with = learn({"let-off", {}}, Lessons(*sentences, vectors.get()));
  const Weights without = learn({"let-off", {}}, Lessons(*sentences));
  Scales scales(vectors);
  scales.add(with);
  scales.add(without);
  scales.build();
  const auto points = [&](std::string_view sentence) { return scales.weigh(sentence); };
  CHECK(points("They remit it.")[0] > points("They varnish it.")[0]);
  CHECK(points("They remit it.")[1] == points("They varnish it.")[1]);
  // Without vectors the rows of dimensions count nothing.
  Scales blind;
  blind.add(with);
  blind.build();
  CHECK(blind.weigh("They remit it.") == blind.weigh("They varnish it."));
}

TEST_CASE("rows of dimensions have names of their own") {
  CHECK(dimension_of(dimension_name(0)) == std::size_t{0});
  CHECK(dimension_of("~99") == std::size_t{99});
  CHECK_FALSE(dimension_of("~100"));
  CHECK_FALSE(dimension_of("~"));
  CHECK_FALSE(dimension_of("~1x"));
  CHECK_FALSE(dimension_of("pay"));
}

TEST_CASE("broken word vectors are refused with their line and column") {
  CHECK(mistake("waive\t" + vector_of('g', '8') + "\n").starts_with("v.tsv:1:7: "));
  CHECK(mistake("# head\nwaive " + vector_of('8', '8') + "\n").starts_with("v.tsv:2:1: "));
  CHECK(mistake("waive\t888\n").starts_with("v.tsv:1:7: "));
  CHECK(mistake("a\t" + vector_of('1', '2') + "\na\t" + vector_of('1', '2') + "\n").starts_with("v.tsv:2:3: "));
}

}  // namespace beadle::rules
