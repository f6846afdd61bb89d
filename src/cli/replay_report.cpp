#include "cli/replay_report.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;
using replay::Outcome;

constexpr std::size_t examples_in_text = 3, differences_in_text = 5, failures_in_text = 10;
constexpr std::size_t subject_bytes = 100, evidence_bytes = 200;

std::string shown(std::string_view text, std::size_t bytes_max) { return shortened(printable(valid_utf8(text)), bytes_max); }

std::string day_of(const Outcome& outcome) { return outcome.at ? to_rfc3339(*outcome.at).substr(0, 10) : "no date"; }

std::string line_of(const std::string& name, const replay::ByAction& actions) {
  std::string line = fmt::format("  {:<42} {:>9}", shown(name, 42), counted(sum_of(actions)));
  for (const rules::Action action : all_actions) line += fmt::format(" {:>9}", counted(count_of(actions, action)));
  return line + "\n";
}

std::string heading(const std::string& name) {
  std::string line = fmt::format("\n  {:<42} {:>9}", name, "messages");
  for (const rules::Action action : all_actions) line += fmt::format(" {:>9}", spoken(action));
  return line + "\n";
}

void add_example(std::string& out, const Outcome& outcome, const replay::Found* found) {
  out += fmt::format("    {}  {}  {}\n      {}\n", day_of(outcome), shown(outcome.from, 60), outcome.name.empty() ? "" : shown(outcome.name, 120),
                     "\"" + shown(outcome.subject, subject_bytes) + "\"");
  if (found == nullptr) return;
  for (const inspect::Evidence& evidence : found->evidence) {
    out += fmt::format("        {}: \"{}\"\n", evidence.zone, shown(evidence.text, evidence_bytes));
  }
}

void add_clauses(std::string& out, const ReplayReport& report) {
  if (report.tally.clauses.empty()) return;
  out += heading("clause");
  for (const auto& [name, clause] : report.tally.clauses) out += line_of(name, clause.actions);
  out += "\nExamples\n";
  for (const auto& [name, clause] : report.tally.clauses) {
    out += fmt::format("\n  {} ({}): {}\n", name, clause.family, clause.says);
    for (std::size_t i = 0; i < std::min(examples_in_text, clause.examples.size()); ++i) {
      add_example(out, clause.examples[i], replay::finding_of(clause.examples[i].judgement, name));
    }
  }
}

void add_differences(std::string& out, const ReplayReport& report) {
  if (report.against.empty()) return;
  out += fmt::format("\nAgainst {}\n\n  {:<42} {:>9} {:>12} {:>12}\n", report.against, report.tally.by_family() ? "about" : "clause", "both", "only first",
                     "only second");
  for (const auto& [name, difference] : report.tally.differences) {
    out += fmt::format("  {:<42} {:>9} {:>12} {:>12}\n", shown(name, 42), counted(difference.both), counted(difference.only_first),
                       counted(difference.only_second));
  }
  std::uint64_t same = 0;
  for (const auto& [change, count] : report.tally.action_changes) same += change.first == change.second ? count : 0;
  out += fmt::format("\n  {} messages would have fared the same.\n", counted(same));
  for (const auto& [change, count] : report.tally.action_changes) {
    if (change.first == change.second) continue;
    out += fmt::format("  {} {} by the first would be {} by the second.\n", counted(count), spoken(change.first), spoken(change.second));
  }
  for (const auto& [name, difference] : report.tally.differences) {
    for (const auto* examples : {&difference.first_examples, &difference.second_examples}) {
      if (examples->empty()) continue;
      out += fmt::format("\n  {}, only by the {}\n", name, examples == &difference.first_examples ? "first" : "second");
      for (std::size_t i = 0; i < std::min(differences_in_text, examples->size()); ++i) add_example(out, (*examples)[i], nullptr);
    }
  }
}

void add_failures(std::string& out, const replay::Summary& summary) {
  if (summary.failures == 0) return;
  out += fmt::format("\nNot read: {}\n", counted(summary.failures));
  for (std::size_t i = 0; i < std::min(failures_in_text, summary.named_failures.size()); ++i) {
    const replay::Failure& failure = summary.named_failures[i];
    out += fmt::format("  {}: {}\n", shown(failure.name, 200), shown(failure.why, 200));
  }
  if (summary.failures > failures_in_text) out += "  … (--json and --html name more)\n";
}

ordered_json to_json(const replay::ByAction& actions) {
  ordered_json out = ordered_json::object();
  for (const rules::Action action : all_actions) out[std::string(rules::to_string(action))] = count_of(actions, action);
  return out;
}

ordered_json to_json(const std::map<std::string, replay::ByAction>& groups) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, actions] : groups) out[name] = to_json(actions);
  return out;
}

ordered_json to_json(const Outcome& outcome, const replay::Found* found) {
  ordered_json out{{"message", outcome.digest}, {"name", outcome.name}, {"date", day_of(outcome)}, {"from", outcome.from}, {"subject", outcome.subject}};
  out["action"] = rules::to_string(outcome.judgement.action);
  if (outcome.against) out["against"] = rules::to_string(outcome.against->action);
  if (found == nullptr) return out;
  out["evidence"] = ordered_json::array();
  for (const inspect::Evidence& evidence : found->evidence) out["evidence"].push_back({{"part", evidence.part}, {"zone", evidence.zone}, {"text", evidence.text}});
  return out;
}

ordered_json clauses_json(const replay::Tally& tally) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, clause] : tally.clauses) {
    ordered_json one{{"family", clause.family}, {"says", clause.says}, {"messages", clause.messages}, {"observed", clause.observed}};
    one["actions"] = to_json(clause.actions);
    one["roles"] = tally.clause_roles.at(name);
    one["months"] = tally.clause_months.at(name);
    one["examples"] = ordered_json::array();
    for (const Outcome& example : clause.examples) one["examples"].push_back(to_json(example, replay::finding_of(example.judgement, name)));
    out[name] = std::move(one);
  }
  return out;
}

ordered_json against_json(const ReplayReport& report) {
  ordered_json out{{"rules", report.against}, {"compared_by", report.tally.by_family() ? "family" : "clause"}};
  out["found"] = ordered_json::object();
  for (const auto& [name, difference] : report.tally.differences) {
    ordered_json one{{"both", difference.both}, {"only_first", difference.only_first}, {"only_second", difference.only_second}};
    one["only_first_examples"] = one["only_second_examples"] = ordered_json::array();
    for (const Outcome& example : difference.first_examples) one["only_first_examples"].push_back(to_json(example, nullptr));
    for (const Outcome& example : difference.second_examples) one["only_second_examples"].push_back(to_json(example, nullptr));
    out["found"][name] = std::move(one);
  }
  out["actions"] = ordered_json::array();
  for (const auto& [change, count] : report.tally.action_changes) {
    out["actions"].push_back({{"first", rules::to_string(change.first)}, {"second", rules::to_string(change.second)}, {"messages", count}});
  }
  return out;
}

}  // namespace

std::string_view spoken(rules::Action action) {
  switch (action) {
    case rules::Action::pass: return "passed";
    case rules::Action::flag: return "noted";
    case rules::Action::annotate: return "line added";
    case rules::Action::hold: return "held";
  }
  return "";
}

std::string counted(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::uint64_t count_of(const replay::ByAction& actions, rules::Action action) {
  const auto found = actions.find(action);
  return found == actions.end() ? 0 : found->second;
}

std::uint64_t sum_of(const replay::ByAction& actions) {
  std::uint64_t sum = 0;
  for (const auto& [action, count] : actions) sum += count;
  return sum;
}

std::vector<std::string> caveats_of(const ReplayReport& report) {
  const replay::Tally& tally = report.tally;
  std::vector<std::string> out;
  if (report.summary.stopped) out.push_back("The replay was stopped; these are the numbers so far, oldest mail first.");
  if (tally.with_blind == 0) {
    out.push_back("These copies record no blind copies, so silent copies cannot be seen. That none was found says nothing.");
  } else if (tally.with_blind == tally.messages) {
    out.push_back("Blind copies are seen as every copy records them: a journal does so fully, a mail program as it likes.");
  } else {
    out.push_back("Blind copies are seen only where a copy records them, which " + counted(tally.with_blind) + " of " + counted(tally.messages) +
                  " messages do; silent copies of the others cannot be seen.");
  }
  out.push_back("Mail that was not sent from these mailboxes, or not kept in them, is not here.");
  if (!report.documents) out.push_back("Attached documents were not read, so what is marked or said only in them was not seen.");
  if (report.documents && tally.with_unread > 0) out.push_back(counted(tally.with_unread) + " messages have a part that could not be read, such as a photograph.");
  if (report.summary.incoming > 0) out.push_back(counted(report.summary.incoming) + " messages that nobody of the council sent were passed over.");
  out.push_back("Order and months follow the date that each message gives itself.");
  out.push_back("Answers that were due within a time are not looked for.");
  return out;
}

std::string to_text(const ReplayReport& report) {
  const replay::Tally& tally = report.tally;
  std::string out = "What would have been done with " + counted(tally.messages) + (tally.messages == 1 ? " message" : " messages") + ", by " + report.rules +
                    "\n";
  for (const std::string& source : report.sources) out += "  of " + shown(source, 300) + "\n";
  out += "\n";
  for (const rules::Action action : all_actions) out += fmt::format("  {:<10} {:>9}\n", spoken(action), counted(count_of(tally.actions, action)));
  if (tally.protected_only > 0) {
    out += fmt::format("  {:<10} {:>9}  (to protected addresses only: counted, nothing else kept)\n", "protected", counted(tally.protected_only));
  }
  if (tally.copies > 0) out += fmt::format("  {:<10} {:>9}  (second copies of the same message, not counted above)\n", "copies", counted(tally.copies));
  add_clauses(out, report);
  out += heading("sender");
  for (const auto& [role, actions] : tally.roles) out += line_of(role, actions);
  out += heading("month");
  for (const auto& [month, actions] : tally.months) out += line_of(month, actions);
  add_differences(out, report);
  add_failures(out, report.summary);
  out += "\nWhat this cannot show\n";
  for (const std::string& caveat : caveats_of(report)) out += "  - " + caveat + "\n";
  for (const std::string& remark : report.remarks) out += "  - " + shown(remark, 300) + "\n";
  return out;
}

std::string to_json(const ReplayReport& report) {
  const replay::Tally& tally = report.tally;
  ordered_json out{{"confidential", "holds words of the mail that was inspected"}, {"council", report.council}, {"rules", report.rules}};
  out["sources"] = report.sources;
  out["messages"] = tally.messages;
  out["actions"] = to_json(tally.actions);
  out["protected"] = tally.protected_only;
  out["copies"] = tally.copies;
  out["with_findings"] = tally.with_findings;
  out["with_blind_copies_recorded"] = tally.with_blind;
  out["with_unread_parts"] = tally.with_unread;
  out["undated"] = tally.undated;
  out["incoming"] = report.summary.incoming;
  out["clauses"] = clauses_json(tally);
  out["roles"] = to_json(tally.roles);
  out["months"] = to_json(tally.months);
  if (!report.against.empty()) out["against"] = against_json(report);
  out["not_read"] = ordered_json{{"count", report.summary.failures}, {"named", ordered_json::array()}};
  for (const replay::Failure& failure : report.summary.named_failures) out["not_read"]["named"].push_back({{"name", failure.name}, {"why", failure.why}});
  out["cannot_show"] = caveats_of(report);
  for (const std::string& remark : report.remarks) out["cannot_show"].push_back(remark);
  const replay::Summary& summary = report.summary;
  out["run"] = ordered_json{{"listed", summary.listed}, {"done_before", summary.done_before}, {"done_now", summary.done_now},
                            {"inspected_twice", summary.again}, {"stopped", summary.stopped}, {"seconds", summary.seconds}};
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace beadle::cli
