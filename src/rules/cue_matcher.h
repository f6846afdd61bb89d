// The forms of all cues, compiled, and the search for them in a text. Two sets of patterns: what forms ask for is held against
// every sentence; what takes them back (`none`, `unless`) only against those sentences where a form holds, because such patterns
// are many, loose ("not", "whether") and long, and would slow the first set down for all text.
//
// Beside its forms a cue may have weights (weights.h): each sentence is weighed once for all such cues, and what takes the cue back is the
// same.
//
// A sentence is scanned once, however many patterns there are, and not again soon (sentence_memory.h). The automaton is built as text
// comes in, so that sentences of a new kind cost more than those that have been met, and the first letters after a start most of all.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/pattern_set.h"
#include "rules/rule_digest.h"
#include "rules/rule_set.h"
#include "rules/sentence_memory.h"

namespace beadle::rules {

class CueMatcher {
 public:
  explicit CueMatcher(std::shared_ptr<const WordVectors> vectors);

  /// The next cue; indices count from 0. Its expressions are ones that `expression_mistake` takes.
  void add(const DecidingCue& cue);
  /// Once, when all cues are there; false where all patterns together are too large.
  bool compile();

  /// As RuleSet::try_points.
  bool try_points(std::size_t cue, int points);

  /// As RuleSet::find_cues.
  Result<std::vector<CueHit>> find(std::string_view text) const;
  /// As RuleSet::take_apart.
  Weighing take_apart(std::size_t cue, std::string_view text) const;

 private:
  friend class CueSearch;
  struct CompiledForm {
    std::size_t cue = 0;
    std::vector<std::size_t> all;   // in asked_
    std::vector<std::size_t> none;  // in taking_back_, with the cue's `unless`
    std::size_t sentences = 1;
    int number = 0;  // of Cue::forms
  };

  struct WeighedCue {
    std::size_t cue = 0;
    int points = 0;         // least
    bool together = false;  // with the sentence before it, too
    std::vector<std::size_t> unless;  // in taking_back_
  };

  /// Points of each weighed cue.
  std::vector<int> weigh(std::string_view sentence) const;
  Result<std::shared_ptr<const JudgedSentence>> judge(std::string_view sentence) const;
  /// both: from the first to the second, with the line break between them, so that no sentence is taken for it.
  Result<std::shared_ptr<const JudgedSentence>> judge_pair(std::string_view first, std::string_view second, std::string_view both) const;
  void look_at_points(const std::vector<int>& points, JudgedSentence& judged) const;
  /// Drops what these sentences take back. Here and not where it is reported, so that it is remembered too.
  Result<void> take_back(std::initializer_list<std::string_view> sentences, JudgedSentence& judged) const;
  std::shared_ptr<const JudgedSentence> remember(const SipHash& hash, JudgedSentence judged) const;

  std::unique_ptr<SentenceMemory> memory_ = std::make_unique<SentenceMemory>();
  PatternSet asked_, taking_back_;
  Scales scales_;
  std::vector<WeighedCue> weighed_;  // in the order of scales_
  bool any_together_ = false;        // some cue is also weighed over two sentences
  std::vector<CompiledForm> forms_;
  std::vector<std::vector<std::size_t>> forms_of_;  // for each asked pattern the forms that are looked at when it matches
  std::size_t cue_count_ = 0;
};

}  // namespace beadle::rules
