// Any bytes as a text, a pack and a lexicon: never a crash, never a place outside the text, and rules are taken only without
// errors.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/limits.h"
#include "rules/features.h"
#include "rules/labelled.h"
#include "rules/rule_set.h"

namespace {

using namespace beadle;
using namespace beadle::rules;

void demand(bool holds) {
  if (!holds) std::abort();
}

bool within(const Span& span, std::size_t size) { return span.begin < span.end && span.end <= size; }

void read_text(std::string_view text) {
  std::size_t end = 0;
  for (const Span& sentence : split_sentences(text)) {
    demand(within(sentence, text.size()) && sentence.begin >= end && sentence.end - sentence.begin <= limits::sentence_bytes_max);
    end = sentence.end;
  }
  const Folded folded = fold(text);
  demand(folded.sentences.size() == folded.lines.size());
  std::size_t line_end = 0;
  for (std::size_t i = 0; i < folded.lines.size(); ++i) {
    const Span line = folded.lines[i], sentence = folded.sentences[i];
    demand(within(line, folded.text.size()) && line.begin == line_end && folded.text[line.end] == '\n');
    demand(folded.text.substr(line.begin, line.end - line.begin).find('\n') == std::string::npos);
    demand(within(sentence, text.size()));
    line_end = line.end + 1;
  }
}

void search(const RuleSet& rules, std::string_view text) {
  const auto hits = rules.find_cues(text);
  if (!hits) return;
  std::size_t begin = 0;
  for (const CueHit& hit : *hits) {
    demand(hit.cue < rules.cues().size() && within(hit.sentence, text.size()) && hit.sentence.begin >= begin);
    begin = hit.sentence.begin;
  }
}

const RuleSet& small_rules() {
  static const RuleSet rules = [] {
    Problems problems;
    auto lexicon = parse_lexicon(R"(
[cue.promise]
says = "promises"
matches = ["a"]
passes = ["b"]
[[cue.promise.form]]
all = ['will|a', '.?']
none = ['\bnot']
[[cue.promise.form]]
sentences = 3
all = ['we', 'pay\.*', '\W']
)",
                                 "lexicon.toml", problems);
    demand(lexicon.has_value());
    std::vector<Lexicon> lexicons{std::move(*lexicon)};
    auto compiled = RuleSet::compile({}, std::move(lexicons), problems);
    demand(compiled.has_value());
    return std::move(*compiled);
  }();
  return rules;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_text(text);
  search(small_rules(), text);
  std::string message;
  demand(parse_selector(text, message).has_value() == message.empty());

  Problems of_pack;
  auto pack = parse_pack(text, "pack.toml", of_pack);
  demand(pack.has_value() != has_errors(of_pack));
  Problems of_weights;
  const auto weights = parse_weights(text, "weights/x.tsv", of_weights);
  demand(weights.has_value() != has_errors(of_weights));
  if (weights) {
    Scales scales;
    scales.add(*weights);
    scales.build();
    scales.weigh(text.substr(0, 2000));
    Problems again;
    demand(parse_weights(to_text(*weights), "weights/x.tsv", again).has_value());
  }
  Problems of_rows;
  demand(parse_labelled(text, "rows.tsv", of_rows).has_value() != has_errors(of_rows));
  const SentenceWords taken(fold(text).text);
  const std::vector<Word>& words = taken.words();
  demand(words.size() <= limits::sentence_words_max + 2);
  demand(features_of(words).size() == feature_hashes(words).size());
  Problems of_lexicon;
  auto lexicon = parse_lexicon(text, "lexicon.toml", of_lexicon);
  demand(lexicon.has_value() != has_errors(of_lexicon));
  std::vector<Pack> packs;
  std::vector<Lexicon> lexicons;
  if (pack) packs.push_back(std::move(*pack));
  if (lexicon) lexicons.push_back(std::move(*lexicon));
  if (packs.empty() && lexicons.empty()) return 0;
  Problems problems;
  const auto rules = RuleSet::compile(std::move(packs), std::move(lexicons), problems);
  demand(rules.has_value() != has_errors(problems));
  if (rules) search(*rules, text);
  return 0;
}
