#include "report.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>

namespace beadle::bench {
namespace {

constexpr int passes = 7;
using Clock = std::chrono::steady_clock;

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// The median of its passes for each mail: whoever else ran on the machine meanwhile counts in one of them at most.
std::vector<double> settled(const std::vector<std::vector<double>>& seconds) {
  std::vector<double> out;
  for (const std::vector<double>& one : seconds) out.push_back(percentile(one, 0.5));
  return out;
}

}  // namespace

void Table::add(const std::string& name, const Mails& mails, Work work, Prepare prepare) {
  const auto row = std::make_shared<Row>(
      Row{.family = mails.source, .name = name, .bytes = static_cast<double>(mails.total()), .seconds = {}});
  row->seconds.resize(mails.bytes.size());
  rows_.push_back(row);
  const auto pass = [row, work = std::move(work), prepare = std::move(prepare)](benchmark::State& state) {
    for (auto unused : state) {
      (void)unused;
      if (prepare) prepare();
      const auto begin = Clock::now();
      for (std::size_t i = 0; i < row->seconds.size(); ++i) {
        const auto mail_begin = Clock::now();
        benchmark::DoNotOptimize(work(i));
        row->seconds[i].push_back(std::chrono::duration<double>(Clock::now() - mail_begin).count());
      }
      state.SetIterationTime(std::chrono::duration<double>(Clock::now() - begin).count());
    }
  };
  benchmark::RegisterBenchmark((mails.source + "/" + name).c_str(), pass)->Iterations(1)->Repetitions(passes)->UseManualTime();
}

const Table::Row* Table::rival_of(const Row& row, const std::string& name) const {
  for (const auto& other : rows_) {
    if (other->family == row.family && other->name == name && !other->seconds.front().empty()) return other.get();
  }
  return nullptr;
}

void Table::Finalize() {
  std::printf("%-36s %9s %10s %9s", "", "MB/s", "median µs", "99 % µs");
  for (const std::string& rival : rivals_) std::printf(" %11s", ("× " + rival).c_str());
  std::printf("  budget\n");
  for (const auto& row : rows_) {
    if (row->seconds.front().empty()) continue;  // filtered out
    const std::vector<double> seconds = settled(row->seconds);
    const double median = percentile(seconds, 0.5), sum = std::accumulate(seconds.begin(), seconds.end(), 0.0);
    std::printf("%-36s %9.0f %9.1f %8.1f", (row->family + "/" + row->name).c_str(), row->bytes / sum / 1e6, median * 1e6,
                percentile(seconds, 0.99) * 1e6);
    for (const std::string& name : rivals_) {
      const Row* rival = rival_of(*row, name);
      if (rival == nullptr)
        std::printf(" %10s", "");
      else
        std::printf(" %10.2f", median / percentile(settled(rival->seconds), 0.5));
    }
    const auto budget = budgets_.find(row->name);
    std::printf("  %s\n", budget == budgets_.end() ? "" : budget->second.c_str());
  }
}

}  // namespace beadle::bench
