// Runs a thing once over each of many mails, and prints what Google Benchmark does not: the median over the mails, MB/s, and how
// it compares with others in the same run.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mails.h"

namespace beadle::bench {

/// What is done with the mail of that index. What it hands back is kept from the optimizer.
using Work = std::function<std::size_t(std::size_t)>;
/// Before each pass, and not measured: new input for work that uses it up.
using Prepare = std::function<void()>;

/// Prints one line for each benchmark that ran: MB/s, median and 99th percentile in µs a mail, ratios to rivals, and the budget
/// where one is set.
class Table : public benchmark::BenchmarkReporter {
 public:
  /// `rivals` are names of rows; `budgets` are by name.
  Table(std::vector<std::string> rivals, std::map<std::string, std::string> budgets)
      : rivals_(std::move(rivals)), budgets_(std::move(budgets)) {}

  /// One pass over all mails is one iteration; passes of all rows take turns, so that a busy machine is busy for all of them.
  void add(const std::string& name, const Mails& mails, Work work, Prepare prepare = {});

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
  void Finalize() override;

 private:
  struct Row {
    std::string family, name;
    double bytes = 0;
    std::vector<std::vector<double>> seconds;  // of each mail, one for each pass
  };
  const Row* rival_of(const Row& row, const std::string& name) const;

  std::vector<std::string> rivals_;
  std::map<std::string, std::string> budgets_;
  std::vector<std::shared_ptr<Row>> rows_;
};

}  // namespace beadle::bench
