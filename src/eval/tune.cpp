#include "eval/tune.h"

#include <algorithm>
#include <array>
#include <future>

namespace beadle::eval {
namespace {

// A wrong action costs a message; a missed or false clause its reader's trust, a little less where the action is right all the same.
constexpr double cost_of_action = 1.0, cost_of_clause = 0.7;
// Thresholds are tried in steps, so far to each side.
constexpr int step_points = 6, steps_each_side = 3;
constexpr int positions = 2 * steps_each_side + 1;
// What is lost at a threshold is averaged with what its neighbours lose: other messages score a little higher or lower than these.
constexpr std::array<double, 3> neighbours{1, 2, 1};
// Where nothing tells two thresholds apart, the present one stays; a change must gain something.
constexpr double gain_least = 0.05;

Result<double> loss_of(const Workbench& folder) {
  const Evaluation evaluation = TRY(judge(folder.cases, folder.messages, folder.policy, false));
  const double wrong = static_cast<double>(folder.cases.size()) - evaluation.actions_right;
  const double clauses = evaluation.all.wanted - evaluation.all.found + evaluation.all.false_alarms;
  return cost_of_action * wrong + cost_of_clause * clauses;
}

Result<double> loss_of(const std::vector<Workbench>& folders) {
  // Two halves side by side: judging is the same whoever does it.
  const auto half = [&](std::size_t first) -> Result<double> {
    double sum = 0;
    for (std::size_t i = first; i < folders.size(); i += 2) sum += TRY(loss_of(folders[i]));
    return sum;
  };
  auto other = std::async(std::launch::async, half, 1);
  const Result<double> mine = half(0), theirs = other.get();
  return TRY(mine) + TRY(theirs);
}

double smoothed(const std::vector<double>& losses, int at) {
  constexpr int reach = static_cast<int>(neighbours.size()) / 2;
  double sum = 0, weight = 0;
  for (int k = -reach; k <= reach; ++k) {
    if (at + k < 0 || at + k >= static_cast<int>(losses.size())) continue;
    sum += neighbours[static_cast<std::size_t>(k + reach)] * losses[static_cast<std::size_t>(at + k)];
    weight += neighbours[static_cast<std::size_t>(k + reach)];
  }
  return sum / weight;
}

}  // namespace

Result<Tuning> tune(const std::vector<Workbench>& folders, rules::RuleSet& rules, int rounds,
                    const std::function<void(const std::string&, int, int, double)>& step) {
  Tuning out;
  for (const rules::Cue& cue : rules.cues()) {
    if (cue.points) out.points[cue.name] = *cue.points;
  }
  out.loss_before = out.loss = TRY(loss_of(folders));
  for (int round = 0; round < rounds; ++round) {
    bool changed = false;
    for (auto& [cue, points] : out.points) {
      std::vector<double> losses;
      for (int k = 0; k < positions; ++k) {
        rules.try_points(cue, points + (k - steps_each_side) * step_points);
        losses.push_back(TRY(loss_of(folders)));
      }
      int best = steps_each_side;
      for (int k = 0; k < positions; ++k) {
        if (smoothed(losses, k) < smoothed(losses, best) - gain_least) best = k;
      }
      const int before = points;
      points += (best - steps_each_side) * step_points;
      rules.try_points(cue, points);
      out.loss = losses[static_cast<std::size_t>(best)];
      changed = changed || points != before;
      if (step) step(cue, before, points, out.loss);
    }
    if (!changed) break;
  }
  return out;
}

}  // namespace beadle::eval
