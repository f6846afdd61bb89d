// Labelled messages: a folder with cases.jsonl, roster.json and .eml files (tests/data/eval/README.md), and what the rules make of them.
// Each folder has one record of earlier mail, filled case by case in the order of the file. Judges nothing itself: inspect/ does.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/problem.h"
#include "base/result.h"
#include "inspect/inspect.h"
#include "mail/message.h"

namespace beadle::eval {

struct Expected {
  rules::Action action = rules::Action::pass;
  std::set<std::string> clauses;  // must be found
  std::set<std::string> may;      // may be found as well: neither right nor wrong
  std::set<std::string> footer;   // councillors
};

struct Case {
  std::string id, eml, kind, why;
  inspect::Envelope envelope;
  Expected expected;
  int line = 0;
};

/// nullopt where something is wrong; every mistake is in `problems` with its line.
std::optional<std::vector<Case>> parse_cases(std::string_view text, std::string_view file, Problems& problems);

/// One case as it was judged.
struct Judged {
  Case labelled;
  inspect::Verdict verdict;
  std::set<std::string> missing;  // clauses that had to be found
  std::set<std::string> false_alarms;
  bool action_right = false, footer_right = false;
  std::vector<std::string> reasons;  // of each missing clause: what failed first
  bool right() const { return missing.empty() && false_alarms.empty() && action_right && footer_right; }
};

/// Counts of one clause, family or of all.
struct Score {
  int wanted = 0, found = 0, false_alarms = 0;
  double recall() const { return wanted == 0 ? 1 : static_cast<double>(found) / wanted; }
  double precision() const { return found + false_alarms == 0 ? 1 : static_cast<double>(found) / (found + false_alarms); }
};

struct Evaluation {
  std::vector<Judged> cases;
  std::map<std::string, Score> by_clause, by_family;
  Score all;
  int actions_right = 0, footers_right = 0, right = 0;
};

using DocumentReader = std::function<void(mail::Message&)>;

/// Judges every case of `folder` by `policy` (in enforce mode, with the folder's roster). `step` is called before each case with its number and
/// how many there are; it may be empty. error: not_found or bad_data with the file.
Result<Evaluation> evaluate(const std::string& folder, const std::vector<Case>& cases, const inspect::Policy& policy, const DocumentReader& documents,
                            const std::function<void(std::size_t, std::size_t)>& step);

/// The messages of the cases, with the text of their documents. error: not_found with the file.
Result<std::vector<mail::Message>> read_messages(const std::string& folder, const std::vector<Case>& cases, const DocumentReader& documents,
                                                 const std::function<void(std::size_t, std::size_t)>& step);
/// The second half of evaluate, over messages as read_messages gives them. with_reasons: look for what failed first in each miss.
Result<Evaluation> judge(const std::vector<Case>& cases, const std::vector<mail::Message>& messages, const inspect::Policy& policy, bool with_reasons);

/// The protocol that the cases are labelled by: the first half of their clauses, "" where there is none or more than one.
std::string protocol_of(const std::vector<Case>& cases);

}  // namespace beadle::eval
