#include "rules/cue_matcher.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/limits.h"
#include "rules/features.h"

namespace beadle::rules {

// How many points a sentence may be short of doing what a cue says, so that it is looked at together with its neighbours, where two sentences may do
// it together. What is further off adds too little.
constexpr int together_points = 45;

// Of a letter's sentences each may do something by itself. Of some hundred, one that just seems to is likely an accident, so that more points
// are needed the more there are: this many for each doubling.
constexpr std::size_t letter_sentences = 30;
constexpr double points_a_doubling = 10;
constexpr int more_points_most = 30;

// Points add up, so that in what is no sentence (a list without full stops, filler behind a letter) any cue would be done in the end, an exception
// too. What is longer than a long sentence is weighed a stretch at a time, each half over the one before, and the strongest counts.
constexpr std::size_t run_on_bytes = 600;
constexpr std::size_t stretch_bytes = 240;

/// Calls `each` with a sentence, or with each stretch of one that is too long.
template <class Each>
void each_stretch(std::string_view sentence, const Each& each) {
  if (sentence.size() <= run_on_bytes) return each(sentence);
  for (std::size_t begin = 0; begin < sentence.size(); begin += stretch_bytes / 2) {
    // From the blank before to the blank behind, so that no word is cut.
    const std::size_t blank = begin == 0 ? 0 : sentence.rfind(' ', begin);
    const std::size_t from = blank == std::string_view::npos ? begin : blank;
    each(sentence.substr(from, sentence.find(' ', begin + stretch_bytes) - from));
  }
}

int more_points_of(std::size_t sentences) {
  if (sentences <= letter_sentences) return 0;
  const double doublings = std::log2(static_cast<double>(sentences) / static_cast<double>(letter_sentences));
  return std::min(more_points_most, static_cast<int>(std::lround(points_a_doubling * doublings)));
}

/// One search through one text. Lines are counted from 1, so that 0 is "not seen yet".
class CueSearch {
 public:
  CueSearch(const CueMatcher& matcher, std::string_view text)
      : matcher_(matcher),
        folded_(fold(text)),
        reported_from_(matcher.cue_count_),
        more_points_(more_points_of(folded_.lines.size())) {}

  Result<std::vector<CueHit>> run() {
    for (line_ = 1; line_ <= folded_.lines.size(); ++line_) {
      const std::shared_ptr<const JudgedSentence> judged = TRY(matcher_.judge(line_text(line_)));
      if (!judged->asked.empty()) TRY(look_at_asked(judged->asked));
      report_weighed(judged->weighed, line_);
      if (matcher_.any_together_) TRY(weigh_together(*judged));
    }
    std::stable_sort(hits_.begin(), hits_.end(), [](const CueHit& a, const CueHit& b) {
      return std::pair(a.sentence.begin, a.cue) < std::pair(b.sentence.begin, b.cue);
    });
    return std::move(hits_);
  }

 private:
  using CompiledForm = CueMatcher::CompiledForm;

  std::string_view line_text(std::size_t line) const {
    const Span span = folded_.lines[line - 1];
    return std::string_view(folded_.text).substr(span.begin, span.end - span.begin);
  }

  /// From that line to the current one, in the original text.
  Span window_from(std::size_t line) const { return {folded_.sentences[line - 1].begin, folded_.sentences[line_ - 1].end}; }

  Result<void> look_at_asked(const std::vector<int>& asked) {
    // Only now: most texts are short, and ask for none of so many.
    asked_at_.resize(matcher_.asked_.size());
    form_done_at_.resize(matcher_.forms_.size());
    for (const int pattern : asked) asked_at_[static_cast<std::size_t>(pattern)] = line_;
    for (const int pattern : asked) TRY(look_at_forms(static_cast<std::size_t>(pattern)));
    return {};
  }

  Result<void> look_at_forms(std::size_t pattern) {
    for (const std::size_t index : matcher_.forms_of_[pattern]) {
      if (form_done_at_[index] == line_) continue;
      form_done_at_[index] = line_;
      TRY(look_at(matcher_.forms_[index]));
    }
    return {};
  }

  // A sentence with the one before it, where one of them comes near to what two sentences may do together.
  Result<void> weigh_together(const JudgedSentence& judged) {
    const bool near_before = std::exchange(near_, judged.nearly_together);
    if (line_ == 1 || !(near_ || near_before)) return {};
    const std::size_t begin = folded_.lines[line_ - 2].begin, end = folded_.lines[line_ - 1].end;
    const auto pair = TRY(matcher_.judge_pair(line_text(line_ - 1), line_text(line_), std::string_view(folded_.text).substr(begin, end - begin)));
    report_weighed(pair->weighed, line_ - 1);
    return {};
  }

  void report_weighed(const std::vector<JudgedSentence::Weighed>& weighed, std::size_t from) {
    for (const JudgedSentence::Weighed& one : weighed) {
      const CueMatcher::WeighedCue& cue = matcher_.weighed_[one.cue];
      const int needed = cue.points + more_points_;
      const bool nearly = one.points < needed;
      if (needed - one.points >= nearly_points || (from != line_ && (nearly || !cue.together)) || from <= reported_from_[cue.cue]) continue;
      if (!nearly) reported_from_[cue.cue] = from;
      hits_.push_back({.cue = cue.cue, .sentence = window_from(from), .short_by = std::max(0, needed - one.points), .points = one.points, .needed = needed});
    }
  }

  Result<void> look_at(const CompiledForm& form) {
    // The latest match of each pattern: together the shortest window that ends in this line.
    std::size_t from = line_;
    for (const std::size_t pattern : form.all) from = std::min(from, asked_at_[pattern]);
    if (from == 0 || from + form.sentences <= line_) return {};
    // A window that holds one already reported says nothing new.
    if (from <= reported_from_[form.cue]) return {};
    if (TRY(is_taken_back(form.none, from))) return {};
    reported_from_[form.cue] = from;
    hits_.push_back({.cue = form.cue, .sentence = window_from(from), .form = form.number});
    return {};
  }

  Result<bool> is_taken_back(const std::vector<std::size_t>& none, std::size_t from) {
    if (none.empty()) return false;
    for (std::size_t line = from; line <= line_; ++line) {
      const std::vector<bool>& matched = *TRY(taking_back_in(line));
      if (std::any_of(none.begin(), none.end(), [&](std::size_t pattern) { return matched[pattern]; })) return true;
    }
    return false;
  }

  struct TakingBack {
    std::size_t line = 0;
    std::vector<bool> patterns;
  };

  /// What takes something back in a line; kept for as many lines as a window has.
  Result<const std::vector<bool>*> taking_back_in(std::size_t line) {
    TakingBack& entry = taking_back_[line % taking_back_.size()];
    if (entry.line != line) {
      std::vector<int> found;
      TRY(matcher_.taking_back_.match(line_text(line), found));
      entry.patterns.assign(matcher_.taking_back_.size(), false);
      for (const int pattern : found) entry.patterns[static_cast<std::size_t>(pattern)] = true;
      entry.line = line;
    }
    return &entry.patterns;
  }

  const CueMatcher& matcher_;
  Folded folded_;
  std::vector<std::size_t> asked_at_;       // for each asked pattern the last line where it matched
  std::vector<std::size_t> form_done_at_;   // for each form the line where it was last looked at
  std::vector<std::size_t> reported_from_;  // for each cue where the last window that was reported begins
  int more_points_ = 0;                     // that a sentence of a text of this length needs
  std::array<TakingBack, static_cast<std::size_t>(limits::form_sentences_most)> taking_back_;
  bool near_ = false;  // the sentence comes near to what two may do together
  std::vector<CueHit> hits_;
  std::size_t line_ = 0;
};

CueMatcher::CueMatcher(std::shared_ptr<const WordVectors> vectors)
    : asked_(limits::pattern_set_memory_bytes_max / 2), taking_back_(limits::pattern_set_memory_bytes_max / 2), scales_(std::move(vectors)) {}

void CueMatcher::add(const DecidingCue& cue) {
  std::vector<std::size_t> unless;
  for (const std::string& expression : cue.unless) unless.push_back(taking_back_.add(expression));
  for (const DecidingCue::Form& form : cue.forms) {
    const auto number = static_cast<int>(&form - cue.forms.data());
    CompiledForm compiled{.cue = cue_count_, .all = {}, .none = unless, .sentences = static_cast<std::size_t>(form.sentences), .number = number};
    for (const std::string& expression : form.all) compiled.all.push_back(asked_.add(expression));
    for (const std::string& expression : form.none) compiled.none.push_back(taking_back_.add(expression));
    forms_.push_back(std::move(compiled));
  }
  if (cue.points) {
    scales_.add(*cue.weights);
    any_together_ = any_together_ || cue.sentences > 1;
    weighed_.push_back({.cue = cue_count_, .points = *cue.points, .together = cue.sentences > 1, .unless = unless});
  }
  ++cue_count_;
}

bool CueMatcher::try_points(std::size_t cue, int points) {
  const auto weighed = std::find_if(weighed_.begin(), weighed_.end(), [&](const WeighedCue& one) { return one.cue == cue; });
  if (weighed == weighed_.end()) return false;
  weighed->points = points;
  memory_->clear();
  return true;
}

bool CueMatcher::compile() {
  forms_of_.resize(asked_.size());
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    const CompiledForm& form = forms_[i];
    // Within one sentence every pattern must match, so one of them is enough to be woken by; in a window any may come last.
    const std::size_t count = form.sentences == 1 ? 1 : form.all.size();
    for (std::size_t k = 0; k < count; ++k) forms_of_[form.all[k]].push_back(i);
  }
  scales_.build();
  return asked_.compile() && taking_back_.compile();
}

void CueMatcher::look_at_points(const std::vector<int>& points, JudgedSentence& judged) const {
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (weighed_[i].points - points[i] < nearly_points) judged.weighed.push_back({i, points[i]});
    if (weighed_[i].together && points[i] >= weighed_[i].points - together_points) judged.nearly_together = true;
  }
}

Result<void> CueMatcher::take_back(std::initializer_list<std::string_view> sentences, JudgedSentence& judged) const {
  const auto has_exceptions = [&](const JudgedSentence::Weighed& one) { return !weighed_[one.cue].unless.empty(); };
  if (std::none_of(judged.weighed.begin(), judged.weighed.end(), has_exceptions)) return {};
  std::vector<bool> matched(taking_back_.size());
  for (const std::string_view sentence : sentences) {
    std::vector<int> found;
    TRY(taking_back_.match(sentence, found));
    for (const int pattern : found) matched[static_cast<std::size_t>(pattern)] = true;
  }
  std::erase_if(judged.weighed, [&](const JudgedSentence::Weighed& one) {
    const std::vector<std::size_t>& unless = weighed_[one.cue].unless;
    return std::any_of(unless.begin(), unless.end(), [&](std::size_t pattern) { return matched[pattern]; });
  });
  return {};
}

std::shared_ptr<const JudgedSentence> CueMatcher::remember(const SipHash& hash, JudgedSentence judged) const {
  // Nearly all sentences do nothing: two values are enough for them.
  static const auto nothing = std::make_shared<const JudgedSentence>(), near = std::make_shared<const JudgedSentence>(JudgedSentence{.nearly_together = true});
  auto kept = judged.findings() > 0 ? std::make_shared<const JudgedSentence>(std::move(judged)) : judged.nearly_together ? near : nothing;
  memory_->keep(hash, kept);
  return kept;
}

std::vector<int> CueMatcher::weigh(std::string_view sentence) const {
  if (sentence.size() <= run_on_bytes) return scales_.weigh(sentence);
  std::vector<int> strongest;
  each_stretch(sentence, [&](std::string_view stretch) {
    const std::vector<int> points = scales_.weigh(stretch);
    strongest.resize(points.size(), std::numeric_limits<int>::min());
    for (std::size_t i = 0; i < points.size(); ++i) strongest[i] = std::max(strongest[i], points[i]);
  });
  return strongest;
}

Result<std::shared_ptr<const JudgedSentence>> CueMatcher::judge(std::string_view sentence) const {
  const SipHash hash = memory_->hash_of(sentence);
  if (auto known = memory_->find(hash)) return known;
  JudgedSentence judged;
  TRY(asked_.match(sentence, judged.asked));
  // Which of two forms of a cue speaks first must not hang on the order that the automaton gives.
  std::sort(judged.asked.begin(), judged.asked.end());
  if (!weighed_.empty()) look_at_points(weigh(sentence), judged);
  TRY(take_back({sentence}, judged));
  return remember(hash, std::move(judged));
}

Result<std::shared_ptr<const JudgedSentence>> CueMatcher::judge_pair(std::string_view first, std::string_view second, std::string_view both) const {
  const SipHash hash = memory_->hash_of(both);
  if (auto known = memory_->find(hash)) return known;
  const SentenceWords words_first(first), words_second(second);
  const std::vector<Word> words = as_one(words_first.words(), words_second.words());
  JudgedSentence judged;
  if (words.size() <= together_words_max) look_at_points(scales_.weigh(words), judged);
  TRY(take_back({first, second}, judged));
  return remember(hash, std::move(judged));
}

Result<std::vector<CueHit>> CueMatcher::find(std::string_view text) const { return CueSearch(*this, text).run(); }

Weighing CueMatcher::take_apart(std::size_t cue, std::string_view text) const {
  const auto weighed = std::find_if(weighed_.begin(), weighed_.end(), [&](const WeighedCue& one) { return one.cue == cue; });
  const Folded folded = fold(text);
  if (weighed == weighed_.end() || folded.lines.empty()) return {};
  const auto scale = static_cast<std::size_t>(weighed - weighed_.begin());
  const auto line = [&](Span span) { return std::string_view(folded.text).substr(span.begin, span.end - span.begin); };
  if (folded.lines.size() > 1) {
    const SentenceWords first(line(folded.lines[0])), second(line(folded.lines[1]));
    return scales_.take_apart(scale, as_one(first.words(), second.words()));
  }
  std::string_view heaviest;
  int most = std::numeric_limits<int>::min();
  each_stretch(line(folded.lines[0]), [&](std::string_view stretch) {
    const int points = scales_.weigh(stretch)[scale];
    if (points > most) heaviest = stretch;
    most = std::max(most, points);
  });
  return scales_.take_apart(scale, SentenceWords(heaviest).words());
}

}  // namespace beadle::rules
