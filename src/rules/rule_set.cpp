#include "rules/rule_set.h"

#include <algorithm>
#include <map>

#include "base/limits.h"
#include "rules/cue_matcher.h"
#include "rules/include.h"
#include "rules/pattern.h"
#include "rules/reading.h"

namespace beadle::rules {

struct RuleSet::Content {
  std::vector<Pack> packs;
  std::vector<Cue> cues;
  std::map<std::string, std::size_t, std::less<>> cue_by_name;
  std::map<std::string, std::pair<std::size_t, std::size_t>, std::less<>> rule_by_clause;  // pack, rule
  std::string digest;
  CueMatcher matcher;

  explicit Content(std::shared_ptr<const WordVectors> vectors) : matcher(std::move(vectors)) {}
};

namespace {

// The cue that conditions on markings are decided by (inspect/facts.h).
constexpr std::string_view marking_cue = "confidential-marking";

std::string where(const std::string& file, Position at) { return file + ":" + std::to_string(at.line); }

/// Takes the cues of all lexicons, with their patterns replaced, read and made whole words.
class CueCompiler {
 public:
  CueCompiler(const std::vector<Lexicon>& lexicons, const std::vector<Weights>& weights, Problems& problems)
      : lexicons_(lexicons), weights_(weights), words_(lexicons, problems), problems_(problems) {}

  std::vector<DecidingCue> compile() {
    for (const Lexicon& lexicon : lexicons_) check_words(lexicon);
    std::vector<DecidingCue> cues;
    for (const Lexicon& lexicon : lexicons_) {
      for (const Cue& cue : lexicon.cues) cues.push_back(compile(cue, lexicon));
    }
    take_exceptions(cues);
    return cues;
  }

 private:
  /// A broken group of words is told once, where it stands, and not again for each pattern that uses it.
  void check_words(const Lexicon& lexicon) {
    for (const auto& [name, pattern] : lexicon.words) {
      const std::string expression = words_.expand(pattern, lexicon, problems_);
      if (expression.empty() || !is_sound(expression, pattern, lexicon, "{" + name + "}")) broken_ = true;
    }
  }

  DecidingCue compile(const Cue& cue, const Lexicon& lexicon) {
    DecidingCue out{.name = cue.name, .forms = {}, .unless = compile(cue.unless, lexicon), .points = cue.points, .sentences = cue.sentences, .weights = nullptr};
    if (cue.points) take_weights(cue, out);
    for (const Form& form : cue.forms)
      out.forms.push_back({compile(form.all, lexicon), compile(form.none, lexicon), form.sentences});
    return out;
  }

  void take_weights(const Cue& cue, DecidingCue& out) {
    for (const Weights& weights : weights_) {
      if (weights.cue == (cue.weights_of.empty() ? cue.name : cue.weights_of)) out.weights = &weights;
    }
    if (out.weights != nullptr && !out.weights->weights.empty()) return;
    if (!cue.weights_of.empty()) {
      problems_.push_back({Problem::Severity::error, cue.file, cue.at, "cue " + cue.name + " takes the weights of " + printable(cue.weights_of) + ", which has none",
                           ""});
      return;
    }
    problems_.push_back({Problem::Severity::error, cue.file, cue.at, "cue " + cue.name + " has points, and there are no weights of that name",
                         "weights/" + cue.name + ".tsv is written by `beadle rules learn`"});
  }

  /// What takes a cue back also takes back one that is weighed by the same table.
  void take_exceptions(std::vector<DecidingCue>& cues) const {
    std::size_t i = 0;
    for (const Lexicon& lexicon : lexicons_) {
      for (const Cue& cue : lexicon.cues) {
        DecidingCue& out = cues[i++];
        if (cue.weights_of.empty()) continue;
        const auto other = std::find_if(cues.begin(), cues.end(), [&](const DecidingCue& one) { return one.name == cue.weights_of; });
        if (other != cues.end()) out.unless.insert(out.unless.end(), other->unless.begin(), other->unless.end());
      }
    }
  }

  std::vector<std::string> compile(const std::vector<Pattern>& patterns, const Lexicon& lexicon) {
    std::vector<std::string> out;
    for (const Pattern& pattern : patterns) {
      if (broken_ && !name_uses(pattern.text).empty()) continue;
      const std::string expression = words_.expand(pattern, lexicon, problems_);
      if (!expression.empty() && is_sound(expression, pattern, lexicon, "a pattern")) out.push_back(whole_words(expression));
    }
    return out;
  }

  bool is_sound(const std::string& expression, const Pattern& pattern, const Lexicon& lexicon, const std::string& what) {
    std::string mistake = expression_mistake(expression);
    // Brackets that close more than they open would close ours.
    if (mistake.empty()) mistake = expression_mistake(whole_words(expression));
    if (mistake.empty()) return true;
    problems_.push_back({Problem::Severity::error, lexicon.file, pattern.at,
                         what + " cannot be read: " + shortened(printable(mistake), 200), hint_for(expression)});
    return false;
  }

  static std::string hint_for(std::string_view expression) {
    for (const std::string_view look : {"(?=", "(?!", "(?<=", "(?<!"}) {
      if (expression.find(look) != std::string_view::npos) return "there is no look-around: use none or unless";
    }
    return "";
  }

  const std::vector<Lexicon>& lexicons_;
  const std::vector<Weights>& weights_;
  WordGroups words_;
  Problems& problems_;
  bool broken_ = false;
};

void note_cues_twice(const std::vector<Lexicon>& lexicons, Problems& problems) {
  std::map<std::string_view, const Cue*> seen;
  for (const Lexicon& lexicon : lexicons) {
    for (const Cue& cue : lexicon.cues) {
      const auto [place, is_new] = seen.try_emplace(cue.name, &cue);
      if (is_new) continue;
      problems.push_back({Problem::Severity::error, cue.file, cue.at,
                          "cue " + cue.name + " stands in " + where(place->second->file, place->second->at) + " too",
                          "give it another name, or put its forms there"});
    }
  }
}

void note_packs_twice(const std::vector<Pack>& packs, Problems& problems) {
  std::map<std::string_view, const Pack*> seen;
  for (const Pack& pack : packs) {
    const auto [place, is_new] = seen.try_emplace(pack.protocol.name, &pack);
    if (is_new) continue;
    problems.push_back({Problem::Severity::error,
                        pack.file,
                        {},
                        "protocol " + shown(pack.protocol.name) + " stands in " + place->second->file + " too",
                        "each pack has a name of its own"});
  }
}

/// What is open is known by its clause, so a clause has one reminder, and its clause no rule: overrides name clauses.
void note_reminders_twice(const Pack& pack, Problems& problems) {
  for (const Reminder& reminder : pack.reminders) {
    const auto is_same = [&](const auto& other) {
      return other.clause == reminder.clause && (!(other.at == reminder.at) || other.file != reminder.file);
    };
    const bool twice = std::any_of(pack.reminders.begin(), pack.reminders.end(), is_same) || std::any_of(pack.rules.begin(), pack.rules.end(), is_same);
    if (!twice) continue;
    problems.push_back({Problem::Severity::error, pack.file, reminder.at, "clause " + reminder.clause + " stands twice", "a reminder has a clause of its own"});
  }
}

/// Every cue that a pack names must stand in some lexicon.
class CueNames {
 public:
  CueNames(const std::vector<Lexicon>& lexicons, Problems& problems) : problems_(problems) {
    for (const Lexicon& lexicon : lexicons) {
      for (const Cue& cue : lexicon.cues) known_.push_back(cue.name);
    }
  }

  void check(const Pack& pack) {
    for (const Rule& rule : pack.rules) {
      if (rule.file != pack.file) continue;  // included: is checked where it stands
      for (const Condition& condition : rule.when) check(pack, condition);
      for (const Condition& condition : rule.unless) check(pack, condition);
    }
    for (const Reminder& reminder : pack.reminders) {
      if (reminder.file != pack.file) continue;
      for (const Condition& condition : reminder.opens) check(pack, condition);
      for (const Condition& condition : reminder.answered) check(pack, condition);
    }
  }

 private:
  void check(const Pack& pack, const Condition& condition) {
    for (const auto& [name, at] : condition.cue_places) {
      if (contains(known_, name)) continue;
      problems_.push_back(
          {Problem::Severity::error, pack.file, at, "no lexicon has the cue " + shown(name), known_hint(name, known_)});
    }
    const bool asks_marking = !condition.marking.empty() || (condition.letter && condition.letter->marked);
    if (!asks_marking || contains(known_, marking_cue)) return;
    problems_.push_back({Problem::Severity::odd, pack.file, condition.at,
                         "asks for markings, and no lexicon has the cue " + shown(marking_cue),
                         "only header fields will be seen as markings"});
  }

  std::vector<std::string> known_;
  Problems& problems_;
};

std::size_t count_patterns(const std::vector<DecidingCue>& cues) {
  std::size_t count = 0;
  for (const DecidingCue& cue : cues) {
    count += cue.unless.size();
    for (const DecidingCue::Form& form : cue.forms) count += form.all.size() + form.none.size();
  }
  return count;
}

void note(Problems& problems, std::string what, std::string hint) {
  problems.push_back({Problem::Severity::error, "", {}, std::move(what), std::move(hint)});
}

void note_lacking_vectors(const Weights& weights, const Learned& learned, Problems& problems) {
  if (learned.vectors) return;
  if (std::none_of(weights.weights.begin(), weights.weights.end(), [](const Weight& weight) { return dimension_of(weight.feature).has_value(); })) return;
  problems.push_back({Problem::Severity::error, weights.file, {}, "was learned with word vectors, and there are none",
                      "vectors.tsv belongs into the folder of rules"});
}

}  // namespace

std::optional<RuleSet> RuleSet::compile(std::vector<Pack> packs, std::vector<Lexicon> lexicons, Problems& problems,
                                        Learned learned) {
  const std::size_t before = problems.size();
  note_packs_twice(packs, problems);
  resolve_includes(packs, problems);
  note_cues_twice(lexicons, problems);
  CueNames names(lexicons, problems);
  for (const Pack& pack : packs) {
    names.check(pack);
    note_reminders_twice(pack, problems);
  }
  const std::vector<DecidingCue> deciding = CueCompiler(lexicons, learned.weights, problems).compile();
  if (count_patterns(deciding) > limits::patterns_max) {
    note(problems, "the lexicons have more than " + std::to_string(limits::patterns_max) + " patterns",
         "put alternatives into one pattern");
  }
  for (const Weights& weights : learned.weights) note_lacking_vectors(weights, learned, problems);
  if (has_errors_since(problems, before)) return std::nullopt;

  auto content = std::make_unique<Content>(learned.vectors);
  for (const DecidingCue& cue : deciding) content->matcher.add(cue);
  if (!content->matcher.compile()) {
    note(problems,
         "the patterns of the lexicons need more than " + std::to_string(limits::pattern_set_memory_bytes_max >> 20) +
             " MB together",
         "repetitions of repetitions are the usual cause");
    return std::nullopt;
  }
  content->digest = rule_digest(packs, deciding, learned.vectors ? learned.vectors->digest() : "");
  for (Lexicon& lexicon : lexicons) {
    for (Cue& cue : lexicon.cues) content->cues.push_back(std::move(cue));
  }
  for (std::size_t i = 0; i < content->cues.size(); ++i) content->cue_by_name.emplace(content->cues[i].name, i);
  content->packs = std::move(packs);
  for (std::size_t i = 0; i < content->packs.size(); ++i) {
    const std::vector<Rule>& rules = content->packs[i].rules;
    for (std::size_t k = 0; k < rules.size(); ++k) {
      // The rule as its own pack has it, not as another changed it.
      if (rules[k].file == content->packs[i].file) content->rule_by_clause.try_emplace(rules[k].clause, i, k);
    }
  }
  return RuleSet(std::move(content));
}

RuleSet::RuleSet(std::unique_ptr<Content> content) : content_(std::move(content)) {}
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;
RuleSet::~RuleSet() = default;

const std::vector<Pack>& RuleSet::packs() const { return content_->packs; }
const std::vector<Cue>& RuleSet::cues() const { return content_->cues; }
const std::string& RuleSet::digest() const { return content_->digest; }

std::optional<std::size_t> RuleSet::cue_index(std::string_view name) const {
  const auto found = content_->cue_by_name.find(name);
  return found == content_->cue_by_name.end() ? std::nullopt : std::optional(found->second);
}

const Reminder* RuleSet::reminder(std::string_view clause) const {
  for (const Pack& pack : content_->packs) {
    for (const Reminder& reminder : pack.reminders) {
      if (reminder.clause == clause) return &reminder;
    }
  }
  return nullptr;
}

std::span<const Reminder> RuleSet::reminders(std::string_view protocol) const {
  for (const Pack& pack : content_->packs) {
    if (pack.protocol.name == protocol) return pack.reminders;
  }
  return {};
}

const Rule* RuleSet::rule(std::string_view clause) const {
  const auto found = content_->rule_by_clause.find(clause);
  return found == content_->rule_by_clause.end() ? nullptr : &content_->packs[found->second.first].rules[found->second.second];
}

bool RuleSet::try_points(std::string_view cue, int points) {
  const auto index = cue_index(cue);
  return index && content_->matcher.try_points(*index, points);
}

Result<std::vector<CueHit>> RuleSet::find_cues(std::string_view text) const { return content_->matcher.find(text); }

Weighing RuleSet::take_apart(std::size_t cue, std::string_view sentence) const { return content_->matcher.take_apart(cue, sentence); }

}  // namespace beadle::rules
