// All packs and lexicons, checked and compiled (pattern_set.h, cue_matcher.h). Immutable and shared by all threads.
// Only this folder knows RE2.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "base/result.h"
#include "rules/lexicon.h"
#include "rules/pack.h"
#include "rules/sentences.h"
#include "rules/weights.h"

namespace beadle::rules {

/// A sentence that is so many points short of doing something, or more, says nothing about it. Of several that are closer, in one letter, each counts as
/// many points as it is closer; together they do it with as many as this.
inline constexpr int nearly_points = 36;

struct CueHit {
  std::size_t cue = 0;  // index into RuleSet::cues()
  Span sentence;        // in the text that was given; several sentences where a form's window has them
  int short_by = 0;     // points by which it falls short of doing it, less than nearly_points; 0: it does it
  int form = -1;        // of Cue::forms, by which it was found; -1: it was weighed
  int points = 0;       // where it was weighed: what it scores, and what a sentence of a text of this length needs
  int needed = 0;
};

/// What was learned from sentences.
struct Learned {
  std::vector<Weights> weights;
  std::shared_ptr<const WordVectors> vectors;  // nullptr: none
};

class RuleSet {
 public:
  /// nullopt where a pattern is broken, a cue unknown, a clause stands twice …: all of it in `problems`.
  static std::optional<RuleSet> compile(std::vector<Pack> packs, std::vector<Lexicon> lexicons, Problems& problems,
                                        Learned learned = {});

  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;
  ~RuleSet();

  const std::vector<Pack>& packs() const;
  const std::vector<Cue>& cues() const;
  /// Index into cues(), or nullopt.
  std::optional<std::size_t> cue_index(std::string_view name) const;
  const Rule* rule(std::string_view clause) const;
  const Reminder* reminder(std::string_view clause) const;
  /// Of one pack; none where there is no such pack.
  std::span<const Reminder> reminders(std::string_view protocol) const;
  /// Another threshold for a weighed cue, to try it (eval/tune.h): digest() stays. False where the cue is not weighed.
  bool try_points(std::string_view cue, int points);
  /// SHA-256 over everything that decides: 12 hexadecimal digits are shown in Beadle-Verdict.
  const std::string& digest() const;

  /// Every sentence of `text` (UTF-8, one zone) that does what a cue says, in order. Linear in the text.
  /// error: the matcher ran out of memory; never taken as "no match".
  Result<std::vector<CueHit>> find_cues(std::string_view text) const;
  /// Of a cue that is weighed: what the words of a sentence, or of two, count for it. For explanations: slow.
  Weighing take_apart(std::size_t cue, std::string_view sentence) const;

 private:
  struct Content;
  explicit RuleSet(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

}  // namespace beadle::rules
