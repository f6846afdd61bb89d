#include "inspect/explain.h"

#include "inspect/match.h"

namespace beadle::inspect {

Result<std::vector<Explanation>> explain(const mail::Message& message, const Envelope& envelope, const Policy& policy, const History& history,
                                         std::string_view clause) {
  const Facts facts = TRY(gather_facts(message, envelope, *policy.people, *policy.rules, history));
  const auto explanation_of = [&](const auto& rule, rules::Action action, const std::vector<rules::Condition>& when, const std::vector<rules::Condition>& unless) {
    Explanation explanation;
    explanation.clause = rule.clause;
    explanation.action = action;
    explanation.at = rule.at;
    auto match = match_any(when, facts, *policy.rules, &explanation.failed);
    if (match) explanation.failed.emplace_back();
    for (std::size_t i = 0; match && i < unless.size(); ++i) {
      if (!match_any({unless[i]}, facts, *policy.rules)) continue;
      explanation.excepted = static_cast<int>(i);
      break;
    }
    explanation.found = match.has_value() && explanation.excepted < 0;
    if (match) explanation.evidence = std::move(match->evidence);
    return explanation;
  };
  std::vector<Explanation> explanations;
  for (const rules::Pack& pack : policy.rules->packs()) {
    if (pack.protocol.name != policy.protocol) continue;
    for (const rules::Rule& rule : pack.rules) {
      if (!clause.empty() && rule.clause != clause) continue;
      explanations.push_back(explanation_of(rule, rule.action, rule.when, rule.unless));
    }
    // Of a reminder: whether the message opens it.
    for (const rules::Reminder& reminder : pack.reminders) {
      if (!clause.empty() && reminder.clause != clause) continue;
      explanations.push_back(explanation_of(reminder, rules::Action::flag, reminder.opens, {}));
    }
  }
  return explanations;
}

}  // namespace beadle::inspect
