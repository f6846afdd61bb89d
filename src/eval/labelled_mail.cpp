#include "eval/labelled_mail.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "inspect/explain.h"
#include "intake/record.h"
#include "store/store.h"

namespace beadle::eval {
namespace {

using nlohmann::json;

// One line of cases.jsonl.
class CaseReader {
 public:
  CaseReader(const json& object, Case& out, std::string& mistake) : object_(object), out_(out), mistake_(mistake) {}

  bool read() {
    if (!object_.is_object()) return wrong("a case is a JSON object");
    if (!text("id", out_.id) || !text("eml", out_.eml) || !text("mail_from", out_.envelope.sender)) return false;
    if (out_.eml.find('/') != std::string::npos || out_.eml.empty()) return wrong("eml is the name of a file in the same folder");
    if (object_.contains("kind") && !text("kind", out_.kind)) return false;
    if (object_.contains("why") && !text("why", out_.why)) return false;
    if (!texts(object_, "rcpt_to", out_.envelope.recipients)) return false;
    if (!object_.contains("expect") || !object_["expect"].is_object()) return wrong("expect is missing");
    const json& expect = object_["expect"];
    std::vector<std::string> clauses, may, footer;
    if (!expect.contains("action") || !expect["action"].is_string()) return wrong("expect.action is missing");
    const auto action = rules::action_from(expect["action"].get<std::string>());
    if (!action) return wrong("expect.action is pass, flag, annotate or hold");
    out_.expected.action = *action;
    if (!texts(expect, "clauses", clauses)) return false;
    if (expect.contains("may") && !texts(expect, "may", may)) return false;
    if (expect.contains("footer") && !texts(expect, "footer", footer)) return false;
    out_.expected.clauses = {clauses.begin(), clauses.end()};
    out_.expected.may = {may.begin(), may.end()};
    out_.expected.footer = {footer.begin(), footer.end()};
    return true;
  }

 private:
  bool wrong(std::string what) {
    mistake_ = std::move(what);
    return false;
  }
  bool text(const char* key, std::string& out) {
    if (!object_.contains(key) || !object_[key].is_string()) return wrong(std::string(key) + " is missing, or no text");
    out = object_[key].get<std::string>();
    return true;
  }
  bool texts(const json& of, const char* key, std::vector<std::string>& out) {
    if (!of.contains(key) || !of[key].is_array()) return wrong(std::string(key) + " is missing, or no list");
    for (const json& item : of[key]) {
      if (!item.is_string()) return wrong(std::string(key) + " holds something that is no text");
      out.push_back(item.get<std::string>());
    }
    return true;
  }

  const json& object_;
  Case& out_;
  std::string& mistake_;
};

Result<std::string> read_message(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorKind::not_found, path + ": cannot be read"};
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string reason_of(const inspect::Explanation& explanation) {
  if (explanation.excepted >= 0) return "excepted by unless table " + std::to_string(explanation.excepted + 1);
  std::string out;
  for (const std::string& key : explanation.failed) out += (out.empty() ? "" : "; ") + key;
  return "failed first: " + out;
}

void compare(Judged& judged) {
  const Expected& expected = judged.labelled.expected;
  std::set<std::string> found;
  for (const inspect::Finding& finding : judged.verdict.findings) {
    found.insert(finding.clause);
    if (!expected.clauses.contains(finding.clause) && !expected.may.contains(finding.clause)) judged.false_alarms.insert(finding.clause);
  }
  for (const std::string& clause : expected.clauses) {
    if (!found.contains(clause)) judged.missing.insert(clause);
  }
  judged.action_right = judged.verdict.action == expected.action;
  judged.footer_right = std::set<std::string>(judged.verdict.footer.begin(), judged.verdict.footer.end()) == expected.footer;
}

void count(const Judged& judged, const std::map<std::string, std::string>& families, Evaluation& evaluation) {
  const auto add = [&](const std::string& clause, auto change) {
    change(evaluation.all);
    change(evaluation.by_clause[clause]);
    const auto family = families.find(clause);
    change(evaluation.by_family[family == families.end() ? "no such rule" : family->second]);
  };
  for (const std::string& clause : judged.labelled.expected.clauses) {
    add(clause, [](Score& score) { ++score.wanted; });
    if (!judged.missing.contains(clause)) add(clause, [](Score& score) { ++score.found; });
  }
  for (const std::string& clause : judged.false_alarms) add(clause, [](Score& score) { ++score.false_alarms; });
  evaluation.actions_right += judged.action_right ? 1 : 0;
  evaluation.footers_right += judged.footer_right ? 1 : 0;
  evaluation.right += judged.right() ? 1 : 0;
}

}  // namespace

std::optional<std::vector<Case>> parse_cases(std::string_view text, std::string_view file, Problems& problems) {
  std::vector<Case> cases;
  bool wrong = false;
  int number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    Case labelled;
    labelled.line = number;
    std::string mistake;
    const json object = json::parse(line, nullptr, false);
    if (object.is_discarded()) mistake = "is no JSON";
    if (mistake.empty() && CaseReader(object, labelled, mistake).read()) {
      cases.push_back(std::move(labelled));
      continue;
    }
    wrong = true;
    problems.push_back({Problem::Severity::error, std::string(file), {number, 1}, mistake, "one case a line"});
  }
  if (wrong) return std::nullopt;
  return cases;
}

std::string protocol_of(const std::vector<Case>& cases) {
  std::set<std::string> names;
  for (const Case& labelled : cases) {
    for (const std::string& clause : labelled.expected.clauses) names.insert(clause.substr(0, clause.find('/')));
  }
  return names.size() == 1 ? *names.begin() : "";
}

Result<std::vector<mail::Message>> read_messages(const std::string& folder, const std::vector<Case>& cases, const DocumentReader& documents,
                                                 const std::function<void(std::size_t, std::size_t)>& step) {
  std::vector<mail::Message> messages;
  for (const Case& labelled : cases) {
    if (step) step(messages.size(), cases.size());
    messages.push_back(mail::parse_message(TRY(read_message(folder + "/" + labelled.eml))));
    if (documents) documents(messages.back());
  }
  return messages;
}

Result<Evaluation> judge(const std::vector<Case>& cases, const std::vector<mail::Message>& messages, const inspect::Policy& policy, bool with_reasons) {
  CHECK(cases.size() == messages.size());
  std::map<std::string, std::string> families;
  for (const rules::Pack& pack : policy.rules->packs()) {
    for (const rules::Rule& rule : pack.rules) families[rule.clause] = rule.family;
  }
  // Minutes apart, on a day in the past: nothing depends on when an evaluation is run.
  Time now = from_ms(1'750'000'000'000);
  store::Store record = TRY(store::Store::open(":memory:", now));
  Evaluation evaluation;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& labelled = cases[i];
    const mail::Message& message = messages[i];
    now += std::chrono::minutes(1);
    const inspect::History history = TRY(intake::history_of(message, policy, record));
    inspect::Decision decision = TRY(inspect::inspect(message, labelled.envelope, policy, history, now));
    TRY(intake::remember(message, labelled.envelope, policy, decision.verdict, record, now));

    Judged judged;
    judged.labelled = labelled;
    judged.verdict = std::move(decision.verdict);
    compare(judged);
    for (const std::string& clause : judged.missing) {
      if (!with_reasons) break;
      for (const inspect::Explanation& explanation : TRY(inspect::explain(message, labelled.envelope, policy, history, clause))) {
        judged.reasons.push_back(clause + " " + reason_of(explanation));
      }
    }
    count(judged, families, evaluation);
    evaluation.cases.push_back(std::move(judged));
  }
  return evaluation;
}

Result<Evaluation> evaluate(const std::string& folder, const std::vector<Case>& cases, const inspect::Policy& policy, const DocumentReader& documents,
                            const std::function<void(std::size_t, std::size_t)>& step) {
  return judge(cases, TRY(read_messages(folder, cases, documents, step)), policy, true);
}

}  // namespace beadle::eval
