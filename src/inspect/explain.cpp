#include "inspect/explain.h"

#include <algorithm>

#include "inspect/explain_words.h"
#include "inspect/match.h"

namespace beadle::inspect {
namespace {

constexpr std::size_t words_shown = 5;

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

/// Says of evidence by which cues it was found, and how.
class Reasons {
 public:
  Reasons(const Facts& facts, const rules::RuleSet& rules) : facts_(facts), rules_(rules) {}

  std::vector<Proof> prove(const rules::Condition& condition, const std::vector<Evidence>& evidence) const {
    std::vector<std::string> asked = condition.cues;
    asked.insert(asked.end(), condition.cues_all.begin(), condition.cues_all.end());
    if (condition.letter) asked.insert(asked.end(), condition.letter->cues.begin(), condition.letter->cues.end());
    const bool marked = !condition.marking.empty() || (condition.letter && condition.letter->marked.value_or(false));
    if (marked) asked.emplace_back(marking_cue);
    std::vector<Proof> proofs;
    for (const Evidence& one : evidence) {
      Proof proof{one, {}};
      for (const std::string& name : asked) add_reason(name, proof);
      proofs.push_back(std::move(proof));
    }
    return proofs;
  }

 private:
  void add_reason(const std::string& name, Proof& proof) const {
    const auto cue = rules_.cue_index(name);
    const bool known =
        std::any_of(proof.cues.begin(), proof.cues.end(), [&](const CueReason& other) { return other.cue == name; });
    if (!cue || known) return;
    const auto found = std::find_if(facts_.cues.begin(), facts_.cues.end(),
                                    [&](const CueFact& fact) { return fact.cue == *cue && fact.evidence == proof.evidence; });
    if (found != facts_.cues.end()) proof.cues.push_back(reason_of(*found));
  }

  CueReason reason_of(const CueFact& found) const {
    const rules::Cue& cue = rules_.cues()[found.cue];
    CueReason reason{.cue = cue.name, .says = cue.says, .place = {}, .forms = {}, .words = {}};
    if (found.form >= 0) {
      const rules::Form& form = cue.forms[static_cast<std::size_t>(found.form)];
      reason.place = file_name(cue.file) + ":" + std::to_string(form.at.line);
      for (const rules::Pattern& pattern : form.all) reason.forms.push_back(pattern.text);
      return reason;
    }
    rules::Weighing weighing = rules_.take_apart(found.cue, found.evidence.text);
    reason.points = found.points;
    reason.needed = found.needed;
    reason.usual = cue.points.value_or(found.needed);
    reason.base = weighing.base;
    if (weighing.words.size() > words_shown) weighing.words.resize(words_shown);
    for (rules::Weight& weight : weighing.words) weight.feature = feature_in_words(weight.feature);
    reason.words = std::move(weighing.words);
    return reason;
  }

  const Facts& facts_;
  const rules::RuleSet& rules_;
};

/// One message, asked about one rule after the other.
class Explainer {
 public:
  Explainer(const Facts& facts, const Policy& policy) : facts_(facts), policy_(policy), rules_(*policy.rules), reasons_(facts, *policy.rules) {}

  template <class Rule>
  Explanation explain(const Rule& rule, rules::Action action, const std::vector<rules::Condition>& when,
                      const std::vector<rules::Condition>& unless) {
    Explanation out;
    out.clause = rule.clause;
    out.says = rule.says;
    out.action = out.shipped = action;
    const auto change = policy_.overrides.find(rule.clause);
    if (change != policy_.overrides.end() && change->second.action) out.action = *change->second.action;
    out.mode = mode_in_force(rule.clause, rule.mode, policy_);
    out.file = file_name(rule.file);
    out.at = rule.at;
    out.tables = when.size();
    ask_when(when, out);
    if (out.when.empty() || !out.when.back().holds) return out;
    for (std::size_t i = 0; out.excepted < 0 && i < unless.size(); ++i) {
      const auto match = match_any({unless[i]}, facts_, rules_);
      if (!match) continue;
      out.excepted = static_cast<int>(i);
      out.exception = outcome_of(unless[i], *match);
    }
    out.found = out.excepted < 0;
    return out;
  }

 private:
  /// As match_any decides: the first that holds, or the first that holds weakly where no other does.
  void ask_when(const std::vector<rules::Condition>& when, Explanation& out) {
    const std::optional<Match> match = match_any(when, facts_, rules_, &out.failed);
    out.weak = match && match->weak;
    if (match) out.failed.emplace_back();
    for (const rules::Condition& condition : when) {
      std::vector<std::string> failed;
      const auto one = match_any({condition}, facts_, rules_, &failed);
      if (!one) {
        out.when.push_back({false, {lacking(failed.front(), condition, facts_, rules_)}, {}});
      } else if (one->weak == out.weak) {
        out.when.push_back(outcome_of(condition, *one));
        break;
      } else {
        out.when.push_back({false, {"too little of the letter is repeated to decide by"}, {}});
      }
    }
  }

  TableOutcome outcome_of(const rules::Condition& condition, const Match& match) const {
    return {true, fulfilled(condition, rules_), reasons_.prove(condition, match.evidence)};
  }

  const Facts& facts_;
  const Policy& policy_;
  const rules::RuleSet& rules_;
  Reasons reasons_;
};

}  // namespace

Result<std::vector<Explanation>> explain(const mail::Message& message, const Envelope& envelope, const Policy& policy,
                                         const History& history, std::string_view clause) {
  const Facts facts = TRY(gather_facts(message, envelope, *policy.people, *policy.rules, history));
  Explainer explainer(facts, policy);
  std::vector<Explanation> explanations;
  for (const rules::Pack& pack : policy.rules->packs()) {
    if (pack.protocol.name != policy.protocol) continue;
    for (const rules::Rule& rule : pack.rules) {
      if (!clause.empty() && rule.clause != clause) continue;
      explanations.push_back(explainer.explain(rule, rule.action, rule.when, rule.unless));
    }
    // Of a reminder: whether the message opens it.
    for (const rules::Reminder& reminder : pack.reminders) {
      if (!clause.empty() && reminder.clause != clause) continue;
      explanations.push_back(explainer.explain(reminder, rules::Action::flag, reminder.opens, {}));
      explanations.back().reminder = true;
    }
  }
  return explanations;
}

}  // namespace beadle::inspect
