#include "replay/tally.h"

#include <algorithm>
#include <set>

#include "replay/date.h"

namespace beadle::replay {
namespace {

constexpr const char* no_month = "no date";

/// Keeps the `most` outcomes with the least digests.
void keep_least(std::vector<Outcome>& kept, const Outcome& outcome, std::size_t most) {
  const auto before = [](const Outcome& a, const Outcome& b) { return a.digest < b.digest; };
  if (kept.size() >= most && !before(outcome, kept.back())) return;
  const auto place = std::lower_bound(kept.begin(), kept.end(), outcome, before);
  if (place != kept.end() && place->digest == outcome.digest) return;
  Outcome copy = outcome;
  copy.remembered.reset();
  kept.insert(place, std::move(copy));
  if (kept.size() > most) kept.pop_back();
}

std::set<std::string> named(const Judgement& judgement, bool by_family) {
  std::set<std::string> names;
  for (const Found& found : judgement.findings) names.insert(by_family ? found.family : found.clause);
  return names;
}

}  // namespace

const Found* finding_of(const Judgement& judgement, std::string_view clause) {
  for (const Found& found : judgement.findings) {
    if (found.clause == clause) return &found;
  }
  return nullptr;
}

void Tally::add(const Outcome& outcome) {
  with_blind += outcome.records_blind ? 1 : 0;
  if (outcome.copy) {
    ++copies;
    return;
  }
  ++messages;
  if (outcome.protected_only) {
    ++protected_only;
    return;
  }
  const std::string month = outcome.at ? month_of(*outcome.at) : no_month;
  const rules::Action action = outcome.judgement.action;
  undated += outcome.at ? 0 : 1;
  with_unread += outcome.unread > 0 ? 1 : 0;
  with_findings += outcome.judgement.findings.empty() ? 0 : 1;
  ++actions[action];
  ++roles[outcome.role][action];
  ++months[month][action];
  for (const Found& found : outcome.judgement.findings) {
    Clause& clause = clauses[found.clause];
    clause.family = found.family;
    clause.says = found.says;
    ++clause.messages;
    ++clause.actions[found.action];
    clause.observed += found.observed ? 1 : 0;
    ++clause_months[found.clause][month];
    ++clause_roles[found.clause][outcome.role];
    keep_least(clause.examples, outcome, examples_per_clause);
  }
  if (outcome.against) compare(outcome);
}

void Tally::compare(const Outcome& outcome) {
  ++action_changes[{outcome.judgement.action, outcome.against->action}];
  const std::set<std::string> first = named(outcome.judgement, by_family_), second = named(*outcome.against, by_family_);
  for (const std::string& name : first) {
    Difference& difference = differences[name];
    ++(second.contains(name) ? difference.both : difference.only_first);
    if (!second.contains(name)) keep_least(difference.first_examples, outcome, examples_of_difference);
  }
  for (const std::string& name : second) {
    if (first.contains(name)) continue;
    Difference& difference = differences[name];
    ++difference.only_second;
    keep_least(difference.second_examples, outcome, examples_of_difference);
  }
}

std::vector<std::pair<std::string, const Outcome*>> sample_of(const Tally& tally, std::size_t most) {
  std::vector<std::pair<std::string, const Outcome*>> sample;
  for (std::size_t round = 0; round < examples_per_clause; ++round) {
    for (const auto& [name, clause] : tally.clauses) {
      if (sample.size() >= most) return sample;
      if (round < clause.examples.size()) sample.emplace_back(name, &clause.examples[round]);
    }
  }
  return sample;
}

}  // namespace beadle::replay
