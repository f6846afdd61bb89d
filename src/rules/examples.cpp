#include "rules/examples.h"

#include <algorithm>

#include "base/text.h"

namespace beadle::rules {
namespace {

class Checker {
 public:
  explicit Checker(const RuleSet& rules) : rules_(rules) {}

  Problems run() {
    for (std::size_t i = 0; i < rules_.cues().size(); ++i) {
      const Cue& cue = rules_.cues()[i];
      for (const LabelledText& example : cue.matches) check(i, example, true);
      for (const LabelledText& example : cue.passes) check(i, example, false);
    }
    return std::move(problems_);
  }

 private:
  void check(std::size_t cue, const LabelledText& example, bool must_match) {
    const auto hits = rules_.find_cues(example.text);
    if (!hits) return note(cue, example, "an example could not be read: " + hits.error().what, "");
    const auto hit = std::find_if(hits->begin(), hits->end(), [&](const CueHit& one) { return one.cue == cue && one.short_by == 0; });
    const bool matched = hit != hits->end();
    if (matched == must_match) return;
    const std::string quoted = "\"" + shortened(printable(example.text), 80) + "\"";
    if (must_match) return note(cue, example, "an example of matches does not match", quoted);
    const std::string sentence = example.text.substr(hit->sentence.begin, hit->sentence.end - hit->sentence.begin);
    note(cue, example, "an example of passes matches", sentence == trimmed(example.text) ? quoted : quoted + ", by \"" + shortened(printable(sentence), 80) + "\"");
  }

  void note(std::size_t cue, const LabelledText& example, const std::string& what, std::string hint) {
    const Cue& of = rules_.cues()[cue];
    problems_.push_back({Problem::Severity::error, of.file, example.at, "cue " + of.name + ": " + what, std::move(hint)});
  }

  const RuleSet& rules_;
  Problems problems_;
};

}  // namespace

Problems check_cue_examples(const RuleSet& rules) { return Checker(rules).run(); }

}  // namespace beadle::rules
