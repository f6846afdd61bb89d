// beadle replay judge: a person says of a sample of findings whether each is right; the answers are kept beside the state.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/replay_report.h"
#include "replay/journal.h"
#include "replay/precision.h"
#include "replay/tally.h"

namespace beadle::cli {
namespace {

using replay::Outcome;

// A finding: of which message, by which clause.
using Key = std::pair<std::string, std::string>;
using Answers = std::map<Key, bool>;

struct Marks {
  std::uint64_t right = 0, wrong = 0;
};

/// Lines "digest <tab> clause <tab> right". The last answer to a finding counts; what is no such line is passed over.
Answers read_answers(const std::string& file) {
  Answers answers;
  std::ifstream in(file, std::ios::binary);
  for (std::string line; std::getline(in, line);) {
    const auto fields = split(line, '\t');
    if (fields.size() != 3 || (fields[2] != "right" && fields[2] != "wrong")) continue;
    answers[{std::string(fields[0]), std::string(fields[1])}] = fields[2] == "right";
  }
  return answers;
}

bool ends_in_line(const std::string& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in || in.tellg() == std::streampos(0)) return true;
  in.seekg(-1, std::ios::end);
  return in.get() == '\n';
}

void show(const std::string& clause, const Outcome& outcome, std::size_t number, std::size_t of) {
  const replay::Found* found = replay::finding_of(outcome.judgement, clause);
  std::printf("\n%zu of %zu   %s\n  %s\n", number, of, clause.c_str(), found != nullptr ? printable(found->says).c_str() : "");
  std::printf("  %s, from %s: \"%s\"\n  %s\n", outcome.at ? to_rfc3339(*outcome.at).substr(0, 10).c_str() : "no date", printable(outcome.from).c_str(),
              printable(outcome.subject).c_str(), printable(outcome.name).c_str());
  for (std::size_t i = 0; found != nullptr && i < found->evidence.size(); ++i) {
    std::printf("    %s: \"%s\"\n", found->evidence[i].zone.c_str(), printable(found->evidence[i].text).c_str());
  }
}

enum class Answer { right, wrong, skip, quit };

/// Asks until it understands; the end of the input is "quit".
Answer ask() {
  for (std::string line;;) {
    std::printf("  right, wrong, skip or quit? [r/w/s/q] ");
    std::fflush(stdout);
    if (!std::getline(std::cin, line)) return Answer::quit;
    const std::string word = ascii_lower(trimmed(line));
    if (word == "r" || word == "right") return Answer::right;
    if (word == "w" || word == "wrong") return Answer::wrong;
    if (word == "s" || word == "skip" || word.empty()) return Answer::skip;
    if (word == "q" || word == "quit") return Answer::quit;
  }
}

Result<void> go_through(const replay::Tally& tally, const JudgeOptions& options, Answers& answers) {
  const std::string file = options.state + ".judged";
  std::vector<std::pair<std::string, const Outcome*>> open;
  for (const auto& one : replay::sample_of(tally, options.sample)) {
    if (!answers.contains({one.second->digest, one.first})) open.push_back(one);
  }
  const bool broken_line = !ends_in_line(file);
  std::ofstream out(file, std::ios::binary | std::ios::app);
  if (broken_line) out << '\n';
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto& [clause, outcome] = open[i];
    show(clause, *outcome, i + 1, open.size());
    const Answer answer = ask();
    if (answer == Answer::quit) break;
    if (answer == Answer::skip) continue;
    answers[{outcome->digest, clause}] = answer == Answer::right;
    out << outcome->digest << '\t' << clause << '\t' << (answer == Answer::right ? "right" : "wrong") << std::endl;
  }
  if (!out) return Error{ErrorKind::try_later, file + ": cannot be written"};
  return {};
}

void print(const std::map<std::string, Marks>& clauses, const replay::Tally& tally) {
  std::printf("\n%-36s %8s %6s %6s %10s   %s\n", "clause", "found in", "right", "wrong", "precision", "95 % lie between");
  for (const auto& [clause, marks] : clauses) {
    const auto all = marks.right + marks.wrong;
    const replay::Interval interval = replay::wilson(marks.right, all);
    std::printf("%-36s %8s %6s %6s %8.0f %%   %.0f and %.0f %%\n", clause.c_str(), counted(tally.clauses.at(clause).messages).c_str(), counted(marks.right).c_str(),
                counted(marks.wrong).c_str(), 100 * static_cast<double>(marks.right) / static_cast<double>(all), 100 * interval.low, 100 * interval.high);
  }
  if (clauses.empty()) std::printf("No finding has been judged yet.\n");
}

void print_json(const std::map<std::string, Marks>& clauses, const replay::Tally& tally) {
  auto out = nlohmann::ordered_json::object();
  for (const auto& [clause, marks] : clauses) {
    const replay::Interval interval = replay::wilson(marks.right, marks.right + marks.wrong);
    out[clause] = {{"found_in", tally.clauses.at(clause).messages}, {"right", marks.right}, {"wrong", marks.wrong},
                   {"precision", static_cast<double>(marks.right) / static_cast<double>(marks.right + marks.wrong)},
                   {"low", interval.low}, {"high", interval.high}};
  }
  std::printf("%s\n", out.dump(2).c_str());
}

}  // namespace

int replay_judge(const JudgeOptions& options) {
  replay::Tally tally;
  std::map<Key, bool> findings;  // those that were judged, and whether they are still found
  Answers answers = read_answers(options.state + ".judged");
  for (const auto& [key, right] : answers) findings[key] = false;
  const auto head = replay::Journal::read(options.state, [&](const Outcome& outcome) {
    tally.add(outcome);
    for (const replay::Found& found : outcome.judgement.findings) {
      const auto judged = findings.find({outcome.digest, found.clause});
      if (judged != findings.end()) judged->second = true;
    }
  });
  if (!head) return fail(head.error());
  // An answer to a finding that changed rules make no longer says nothing about them.
  std::erase_if(answers, [&](const auto& answer) { return !findings[answer.first]; });
  if (!options.json) {
    if (const auto done = go_through(tally, options, answers); !done) return fail(done.error());
  }
  std::map<std::string, Marks> clauses;
  for (const auto& [key, right] : answers) {
    if (tally.clauses.contains(key.second)) ++(right ? clauses[key.second].right : clauses[key.second].wrong);
  }
  options.json ? print_json(clauses, tally) : print(clauses, tally);
  return exit_ok;
}

}  // namespace beadle::cli
