// Words of sentences, tables of weights, and what is learned from labelled sentences.
#include "rules/weights.h"

#include "base/text.h"
#include "rules/features.h"
#include "rules/learn.h"

#include "catch.h"

namespace beadle::rules {
namespace {

std::string words(std::string_view sentence) {
  const SentenceWords taken(sentence);
  std::vector<std::string> texts;
  for (const Word& word : taken.words()) texts.emplace_back(word.text);
  return joined(texts, " ");
}

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

TEST_CASE("features are words, how they begin, and pairs, and their names give their hashes") {
  const SentenceWords taken("pay pay approval");
  const auto features = features_of(taken.words());
  std::vector<std::string> names;
  for (const Feature& feature : features) {
    names.push_back(feature.name);
    CHECK(feature.hash == feature_hash(feature.name));
  }
  CHECK(names == std::vector<std::string>{"^ pay", "^ .. pay", "pay", "pay pay", "pay .. approval", "pay", "pay approval", "pay .. $", "approval", "appro*",
                                          "approval $"});
  CHECK(feature_hashes(taken.words()).size() == names.size());
  CHECK(feature_hash("appro*") != feature_hash("appro"));
  CHECK(feature_hash("pay approval") != feature_hash("approval pay"));
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
  scales.build();
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
  const Weights weights = learn({"pay", {}}, Lessons(sentences));
  CHECK(to_text(weights) == to_text(learn({"pay", {}}, Lessons(sentences))));
  Scales scales;
  scales.add(weights);
  scales.build();
  CHECK(scales.weigh("We will pay for the wall.").front() > scales.weigh("Who will pay for the wall?").front());
  CHECK(scales.weigh("We will pay for the wall.").front() > 0);
  CHECK(scales.weigh("The wall is painted green.").front() < 0);
  const auto judged = cross_validate({"pay", {"other"}}, Lessons(sentences), 2);
  CHECK(judged.size() == 30);
  for (const Judged& one : judged) CHECK((one.points > 0) == one.row->does);
  CHECK(learn({"unheard-of", {}}, Lessons(sentences)).weights.empty());
}

TEST_CASE("of what two sentences may do together pairs of neighbours are learned") {
  // Each half stands in letters that tell nothing, too: only both tell.
  std::string text = "cue\tlabel\twriter\tsentence\tnote\n";
  for (const char* thing : {"gate", "fence", "bench", "shelter", "roof", "kiosk"}) {
    text += std::string("leak\tonly\tany\tThe doors were shut for the ") + thing + ".\t\nleak\tonly\tany\tThe " + thing + " costs 400.\t\n";
    text += std::string("none\tonly\tany\tThe doors were shut for the ") + thing + ".\t\nnone\tonly\tany\tThe " + thing + " is green.\t\n";
    text += std::string("none\tonly\tany\tThe office has a ") + thing + ".\t\nnone\tonly\tany\tThe " + thing + " costs 400.\t\n";
  }
  const auto sentences = rows(text);
  const Lessons lessons(sentences);
  CHECK(lessons.pairs().size() == sentences.size() - 1);
  const auto of_pair = [&](bool together) {
    Scales scales;
    scales.add(learn({"leak", {}, together}, lessons));
    scales.build();
    return scales.weigh("The doors were shut for the lamp. The lamp costs 400.").front() - scales.weigh("The office has a lamp. The lamp is green.").front();
  };
  CHECK(of_pair(true) > of_pair(false));
}

TEST_CASE("labelled sentences with mistakes are refused with their line") {
  Problems problems;
  CHECK_FALSE(parse_labelled("cue\tlabel\twriter\tsentence\tnote\npay\tmaybe\tany\tx\t\npay\tyes\n\tyes\tany\t \t\n", "s.tsv", problems));
  REQUIRE(problems.size() == 3);
  CHECK(to_string(problems[0]).starts_with("s.tsv:2:1: label maybe"));
  CHECK(to_string(problems[1]).starts_with("s.tsv:3:1: 2 columns"));
  CHECK(to_string(problems[2]).starts_with("s.tsv:4:1: no sentence"));
}

TEST_CASE("a sentence that is labelled \"only\" does all that its cue column names, and nothing else") {
  const auto labelled = rows("cue\tlabel\twriter\tsentence\tnote\npay order leak?\tonly\tany\tBuy it, we pay.\t\nnone\tonly\tany\tHello.\t\nleak?\tonly\tany\tHm.\t\n");
  REQUIRE(labelled.size() == 4);
  CHECK(labelled[0].cue == "pay");
  CHECK(labelled[0].does);
  CHECK(labelled[0].also == std::vector<std::string>{"leak", "order"});
  CHECK_FALSE(labelled[0].again);
  CHECK(labelled[1].cue == "order");
  CHECK(labelled[1].again);
  CHECK(labelled[2].cue == "none");
  CHECK_FALSE(labelled[2].does);
  CHECK(labelled[3].cue == "none");
  CHECK(labelled[3].also == std::vector<std::string>{"leak"});
}

TEST_CASE("nobody learns from a sentence whether it does what its label leaves open") {
  // "grant" is said in sentences that pay, and in such as may well pay: were those taken for ones that do not, it would speak against paying.
  std::string sure, open;
  for (const char* thing : {"gate", "fence", "bench", "shelter", "roof", "kiosk"}) {
    sure += std::string("pay\tonly\tany\tWe pay for the ") + thing + ".\t\nnone\tonly\tany\tThe grant covers the " + thing + ".\t\n";
    open += std::string("pay\tonly\tany\tWe pay for the ") + thing + ".\t\npay?\tonly\tany\tThe grant covers the " + thing +
            ".\t\nnone\tonly\tany\tThe " + thing + " is green.\t\n";
  }
  const auto points = [](const std::string& text) {
    const auto sentences = rows("cue\tlabel\twriter\tsentence\tnote\n" + text);
    Scales scales;
    scales.add(learn({"pay", {}}, Lessons(sentences)));
    scales.build();
    return scales.weigh("The grant covers it.").front() - scales.weigh("The weather covers it.").front();
  };
  CHECK(points(sure) < 0);
  CHECK(points(open) == 0);
}

TEST_CASE("the points of a sentence can be taken apart, the strongest word first") {
  Problems problems;
  const auto weights = parse_weights("(base)\t-10\napprove\t+60\nappro*\t+40\nnot\t-80\n^ approve\t+4\n", "x.tsv", problems);
  REQUIRE(weights);
  Scales scales;
  scales.add(Weights{.cue = "other", .file = "other.tsv", .base = 0, .weights = {{"approve", 500}}});
  const std::size_t cue = scales.add(*weights);
  scales.build();
  const SentenceWords sentence("Approve it, not that");
  const Weighing weighing = scales.take_apart(cue, sentence.words());
  CHECK(weighing.base == -10);
  REQUIRE(weighing.words.size() >= 2);
  CHECK(weighing.words[0].feature == "approve");  // with how it begins
  CHECK(weighing.words[1].feature == "not");
  CHECK(weighing.words[1].points < 0);
  int sum = weighing.base;
  for (const Weight& word : weighing.words) sum += word.points;
  CHECK(std::abs(sum - scales.weigh(sentence.words())[cue]) <= 2);
}

}  // namespace beadle::rules
