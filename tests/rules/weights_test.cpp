// Words of sentences, tables of weights, and what is learned from labelled sentences.
#include "rules/weights.h"

#include "base/text.h"
#include "rules/features.h"
#include "rules/learn.h"

#include "catch.h"

namespace beadle::rules {
namespace {

std::string words(std::string_view sentence) { return joined(sentence_words(sentence), " "); }

std::vector<LabelledSentence> rows(std::string_view text) {
  Problems problems;
  auto rows = parse_labelled(text, "rows.tsv", problems);
  INFO(to_string(problems));
  REQUIRE(rows);
  return *rows;
}

}  // namespace

TEST_CASE("a sentence is its words, with numbers, sums and contractions made alike") {
  CHECK(words("We'll pay \xC2\xA3" "4,500.00 on the 21st.") == "we 'll pay \xC2\xA3" "0 on the 0 .");
  CHECK(words("Don't") == "do n't");
  CHECK(words("The council's at 7.30, isn't it?") == "the council 's at 0 , is n't it ?");
  CHECK(words("I said \"you can start on Monday then\" to nobody.") == "i said \"\" to nobody .");
  CHECK(words("A \"done deal\".") == "a done deal .");
  CHECK(words("").empty());
  CHECK(words("\" unclosed quotation goes on and on").size() > 10);
}

TEST_CASE("features are words and pairs, each once, and their names give their hashes") {
  const auto features = features_of(sentence_words("pay pay now"));
  std::vector<std::string> names;
  for (const Feature& feature : features) {
    names.push_back(feature.name);
    CHECK(feature.hash == feature_hash(feature.name));
  }
  CHECK(names == std::vector<std::string>{"^ pay", "^ .. pay", "pay", "pay pay", "pay .. now", "pay now", "pay .. $", "now", "now $"});
  CHECK(feature_hashes(sentence_words("pay pay now")).size() == names.size());
}

TEST_CASE("a table of weights is read as it is written, and mistakes have a place") {
  const Weights weights{.cue = "pay", .file = "weights/pay.tsv", .base = -40, .weights = {{"will pay", 120}, {"? $", -90}}};
  Problems problems;
  const auto read = parse_weights(to_text(weights), "weights/pay.tsv", problems);
  REQUIRE(read);
  CHECK(read->cue == "pay");
  CHECK(read->base == -40);
  CHECK(to_text(*read) == to_text(weights));
  CHECK_FALSE(parse_weights("(base)\t1\nwill pay 120\n", "w.tsv", problems));
  CHECK_FALSE(parse_weights("will pay\tmuch\n", "w.tsv", problems));
  CHECK_FALSE(parse_weights("will pay\t99999999999\n", "w.tsv", problems));
  CHECK(to_string(problems[0]).starts_with("w.tsv:2:1: "));
  CHECK(to_string(problems[1]).starts_with("w.tsv:1:10: "));
}

TEST_CASE("a sentence scores its points over the root of its features") {
  Scales scales;
  CHECK(scales.add({.cue = "a", .file = "", .base = -10, .weights = {{"pay", 90}}}) == 0);
  CHECK(scales.add({.cue = "b", .file = "", .base = 5, .weights = {}}) == 1);
  // "pay" alone: ^ pay, pay, pay $ are three features, and count as fourteen.
  CHECK(scales.weigh("pay") == std::vector<int>{-10 + 24, 5});
  CHECK(scales.weigh("nothing known") == std::vector<int>{-10, 5});
}

TEST_CASE("what was labelled is learned, always the same, and held-out rows are judged without it") {
  std::string text = "cue\tlabel\twriter\tsentence\tnote\n";
  for (const char* thing : {"gate", "fence", "bench", "shelter", "roof", "kiosk", "bandstand", "slide", "lamp", "path"}) {
    text += std::string("pay\tyes\tany\tWe will pay for the ") + thing + ".\t\n";
    text += std::string("pay\tno\tany\tWho will pay for the ") + thing + "?\t\n";
    text += std::string("none\tno\tany\tThe ") + thing + " is painted green.\t\n";
    text += std::string("other\tno\tany\tThe ") + thing + " leaks.\t\n";
  }
  const auto sentences = rows(text);
  const Weights weights = learn({"pay", {}}, sentences);
  CHECK(to_text(weights) == to_text(learn({"pay", {}}, sentences)));
  Scales scales;
  scales.add(weights);
  CHECK(scales.weigh("We will pay for the wall.").front() > scales.weigh("Who will pay for the wall?").front());
  CHECK(scales.weigh("We will pay for the wall.").front() > 0);
  CHECK(scales.weigh("The wall is painted green.").front() < 0);
  const auto judged = cross_validate({"pay", {"other"}}, sentences, 2);
  CHECK(judged.size() == 30);
  for (const Judged& one : judged) CHECK((one.points > 0) == one.row->does);
  CHECK(learn({"unheard-of", {}}, sentences).weights.empty());
}

TEST_CASE("labelled sentences with mistakes are refused with their line") {
  Problems problems;
  CHECK_FALSE(parse_labelled("cue\tlabel\twriter\tsentence\tnote\npay\tmaybe\tany\tx\t\npay\tyes\n\tyes\tany\t \t\n", "s.tsv", problems));
  REQUIRE(problems.size() == 3);
  CHECK(to_string(problems[0]).starts_with("s.tsv:2:1: label maybe"));
  CHECK(to_string(problems[1]).starts_with("s.tsv:3:1: 2 columns"));
  CHECK(to_string(problems[2]).starts_with("s.tsv:4:1: no sentence"));
}

}  // namespace beadle::rules
