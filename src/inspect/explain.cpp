#include "inspect/explain.h"

#include "inspect/match.h"

namespace beadle::inspect {

Result<std::vector<Explanation>> explain(const mail::Message& message, const Envelope& envelope, const Policy& policy, const History& history,
                                         std::string_view clause) {
  const Facts facts = TRY(gather_facts(message, envelope, *policy.people, *policy.rules, history));
  std::vector<Explanation> explanations;
  for (const rules::Pack& pack : policy.rules->packs()) {
    if (pack.protocol.name != policy.protocol) continue;
    for (const rules::Rule& rule : pack.rules) {
      if (!clause.empty() && rule.clause != clause) continue;
      Explanation explanation;
      explanation.clause = rule.clause;
      explanation.action = rule.action;
      explanation.at = rule.at;
      auto match = match_any(rule.when, facts, *policy.rules, &explanation.failed);
      if (match) explanation.failed.emplace_back();
      for (std::size_t i = 0; match && i < rule.unless.size(); ++i) {
        if (!match_any({rule.unless[i]}, facts, *policy.rules)) continue;
        explanation.excepted = static_cast<int>(i);
        break;
      }
      explanation.found = match.has_value() && explanation.excepted < 0;
      if (match) explanation.evidence = std::move(match->evidence);
      explanations.push_back(std::move(explanation));
    }
  }
  return explanations;
}

}  // namespace beadle::inspect
