// How long Beadle takes over a message: scanning, reading, inspecting, the footer. README.md says what the rows are.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "inspect/inspect.h"
#include "mail/edit.h"
#include "mail/message.h"
#include "mail/structure.h"
#include "mails.h"
#include "others.h"
#include "policy.h"
#include "report.h"

namespace beadle::bench {
namespace {

constexpr std::size_t made_count = 600;
constexpr const char* footer = "CC Councillor Jane Holt";

const std::map<std::string, std::string> budgets = {
    {"scan", ">= 500 MB/s"},
    {"read", "<= 100 µs"},
    {"footer", "<= 40 µs"},
    {"inspect", "<= 150 µs"},
    {"inspect, 10 x the rules", "<= 1.3 x inspect"},
    {"inspect, 10 x rules and cues", "<= 1.3 x inspect"},
};

using Messages = std::vector<mail::Message>;

void add_reading(Table& table, const Mails& mails) {
  const auto unread = std::make_shared<Messages>();
  const auto copy = [&mails, unread] {
    unread->assign(mails.bytes.size(), {});
    for (std::size_t i = 0; i < unread->size(); ++i) (*unread)[i].bytes = mails.bytes[i];
  };
  const auto scan = [unread](std::size_t i) {
    mail::scan_structure((*unread)[i]);
    return (*unread)[i].parts.size();
  };
  const auto read = [unread](std::size_t i) { return mail::parse_message(std::move((*unread)[i].bytes)).texts.size(); };
  table.add("mimetic", mails, [&mails](std::size_t i) { return parse_with_mimetic(mails.bytes[i]); });
  table.add("GMime", mails, [&mails](std::size_t i) { return parse_with_gmime(mails.bytes[i]); });
  table.add("scan", mails, scan, copy);
  table.add("read", mails, read, copy);
}

// From a councillor to a resident, as most rules ask about; nothing has to be disclosed, the footer is measured by itself.
inspect::Envelope envelope() {
  inspect::Envelope out;
  out.sender = "councillor@council.example";
  out.recipients = {"resident@homemail.example", "clerk@council.example"};
  return out;
}

void add_inspecting(Table& table, const Mails& mails) {
  const auto messages = std::make_shared<Messages>();
  for (const std::string& bytes : mails.bytes) messages->push_back(mail::parse_message(bytes));
  table.add("footer", mails, [messages](std::size_t i) { return mail::add_footer((*messages)[i], {.line = footer}).bytes.size(); });
  const auto with = [&](const std::string& name, const inspect::Policy& policy) {
    const auto inspect = [messages, policy](std::size_t i) {
      const auto decision = inspect::inspect((*messages)[i], envelope(), policy, {}, Time{});
      return decision ? decision->verdict.findings.size() : 0;
    };
    table.add(name, mails, inspect);
  };
  const inspect::Policy shipped = shipped_policy({});
  with("inspect", shipped);
  with("inspect, 10 x the rules", shipped_policy({.rules = 10, .cues = 1}));
  with("inspect, 10 x rules and cues", shipped_policy({.rules = 10, .cues = 10}));
}

}  // namespace
}  // namespace beadle::bench

int main(int argc, char** argv) {
  using namespace beadle::bench;
  std::vector<char*> arguments(argv, argv + argc);
  std::string take_turns = "--benchmark_enable_random_interleaving=true";
  arguments.insert(arguments.begin() + 1, take_turns.data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;

  Table table({"mimetic", "GMime"}, budgets);
  const Mails corpus = corpus_mails(), made = made_mails(made_count);
  for (const Mails* mails : {&corpus, &made}) {
    if (mails->bytes.empty()) continue;
    std::vector<std::size_t> sizes;
    for (const std::string& bytes : mails->bytes) sizes.push_back(bytes.size());
    std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2), sizes.end());
    std::printf("%s: %zu mails, median %zu bytes, mean %zu\n", mails->source.c_str(), sizes.size(), sizes[sizes.size() / 2],
                mails->total() / sizes.size());
    add_reading(table, *mails);
    add_inspecting(table, *mails);
  }
  benchmark::RunSpecifiedBenchmarks(&table);
  return 0;
}
