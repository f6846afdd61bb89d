// The numbers of a replay, and examples. Everything is counted as it comes, and comes out the same in whatever order it came; of messages themselves only
// some examples of each clause are kept, those with the least digests: a sample by lot that is the same each time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "replay/outcome.h"

namespace beadle::replay {

inline constexpr std::size_t examples_per_clause = 20;
inline constexpr std::size_t examples_of_difference = 10;

using ByAction = std::map<rules::Action, std::uint64_t>;

struct Clause {
  std::string family, says;
  ByAction actions;
  std::uint64_t messages = 0, observed = 0;
  std::vector<Outcome> examples;  // by digest
};

/// What only one of two sets of rules finds.
struct Difference {
  std::uint64_t both = 0, only_first = 0, only_second = 0;
  std::vector<Outcome> first_examples, second_examples;
};

class Tally {
 public:
  /// `by_family`: the two sets of rules are of different protocols, whose clauses have different names; what they are about is compared.
  explicit Tally(bool by_family = false) : by_family_(by_family) {}

  void add(const Outcome& outcome);

  std::uint64_t messages = 0;  // inspected, copies not counted
  std::uint64_t copies = 0, protected_only = 0, with_blind = 0, with_unread = 0, undated = 0;
  std::uint64_t with_findings = 0;
  ByAction actions;
  std::map<std::string, ByAction> roles, months;               // of messages
  std::map<std::string, Clause> clauses;
  std::map<std::string, std::map<std::string, std::uint64_t>> clause_months, clause_roles;
  std::map<std::pair<rules::Action, rules::Action>, std::uint64_t> action_changes;  // by the first, by the second set
  std::map<std::string, Difference> differences;               // by clause or family
  bool by_family() const { return by_family_; }

 private:
  void compare(const Outcome& outcome);

  bool by_family_;
};

/// Some examples, of each clause in turn, so that rare clauses have theirs: (clause, example).
std::vector<std::pair<std::string, const Outcome*>> sample_of(const Tally& tally, std::size_t most);

/// The finding of a clause in a judgement, or nullptr.
const Found* finding_of(const Judgement& judgement, std::string_view clause);

}  // namespace beadle::replay
