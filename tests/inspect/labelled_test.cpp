// Labelled messages: cases.jsonl, roster.json and .eml files in a folder (tests/data/eval/README.md). Whoever adds a case needs no C++.
// A case is judged on the clauses that its protocol's pack has; others are not looked for yet.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <nlohmann/json.hpp>

#include "config/settings.h"
#include "inspect/inspect.h"
#include "intake/record.h"
#include "catch.h"

namespace fs = std::filesystem;
using namespace beadle;

namespace {

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::set<std::string> strings(const nlohmann::json& list) {
  std::set<std::string> out;
  for (const auto& item : list) out.insert(item.get<std::string>());
  return out;
}

struct Score {
  int cases = 0, wrong = 0;
  int copies_wrong = 0;  // silent copies and footers hang on no wording: these must all be right
};

// Earlier mail of the same set, by Message-ID, as the record would give it.
inspect::History history_of(const std::vector<inspect::EarlierMail>& record, const mail::Message& message) {
  inspect::History history;
  const auto keys = inspect::history_keys(message);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (const auto& earlier : record) {
      if (!keys[i].empty() && earlier.message_id == keys[i]) (i == 0 ? history.same : history.referenced).push_back(earlier);
    }
  }
  return history;
}

void judge(const nlohmann::json& item, const fs::path& folder, const inspect::Policy& policy, const std::set<std::string>& known,
           std::vector<inspect::EarlierMail>& record, Score& score) {
  const mail::Message message = mail::parse_message(read(folder / item["eml"].get<std::string>()));
  inspect::Envelope envelope;
  envelope.sender = item["mail_from"].get<std::string>();
  for (const auto& address : item["rcpt_to"]) envelope.recipients.push_back(address.get<std::string>());
  const auto decision = inspect::inspect(message, envelope, policy, history_of(record, message), from_ms(0));
  REQUIRE(decision.has_value());
  const inspect::Verdict& verdict = decision->verdict;
  record.push_back(intake::to_record(message, envelope, verdict, from_ms(0)));

  const auto& expect = item["expect"];
  const std::set<std::string> wanted = strings(expect["clauses"]), may = strings(expect["may"]);
  std::string wrong;
  for (const std::string& clause : wanted) {
    const bool found = std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const auto& finding) { return finding.clause == clause; });
    if (known.contains(clause) && !found) wrong += " missing " + clause;
  }
  for (const auto& finding : verdict.findings) {
    if (wanted.contains(finding.clause) || may.contains(finding.clause)) continue;
    wrong += " false " + finding.clause;
    for (const auto& evidence : finding.evidence) wrong += " [" + evidence.zone + ": " + evidence.text + "]";
  }
  const bool all_known = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& clause) { return known.contains(clause); });
  if (all_known) {
    const std::string action(rules::to_string(verdict.action));
    if (action != expect["action"].get<std::string>()) wrong += " action " + action + " for " + expect["action"].get<std::string>();
    const std::set<std::string> footer(verdict.footer.begin(), verdict.footer.end());
    if (footer != strings(expect["footer"])) wrong += " footer " + inspect::footer_line(verdict.footer);
  }
  ++score.cases;
  for (const char* of_copies : {"correspondence-1", "correspondence-2", " footer "}) {
    if ((wrong + " ").find(std::string(of_copies)) != std::string::npos) ++score.copies_wrong;
  }
  if (wrong.empty()) return;
  ++score.wrong;
  UNSCOPED_INFO(item["id"].get<std::string>() << ":" << wrong << " -- " << item["why"].get<std::string>());
}

Score run(const fs::path& folder, const std::string& protocol) {
  config::Settings settings;
  settings.roster = (folder / "roster.json").string();
  settings.protocol = protocol;
  settings.rules_directory = std::string(BEADLE_SOURCE_DIR) + "/rules";
  Problems problems;
  auto policy = config::load_policy(settings, problems);
  INFO(to_string(problems));
  REQUIRE(policy);
  policy->mode = rules::Mode::enforce;
  std::set<std::string> known;
  for (const auto& pack : policy->rules->packs()) {
    for (const auto& rule : pack.rules) known.insert(rule.clause);
  }
  std::ifstream cases(folder / "cases.jsonl");
  std::vector<inspect::EarlierMail> record;
  Score score;
  for (std::string line; std::getline(cases, line);) {
    if (!line.empty()) judge(nlohmann::json::parse(line), folder, *policy, known, record, score);
  }
  return score;
}

}  // namespace

TEST_CASE("our own labelled messages are judged as labelled") {
  const fs::path folder = fs::path(BEADLE_TEST_DATA) / "eval" / "exmouth";
  if (!fs::exists(folder)) {
    WARN("no labelled messages yet");
    return;
  }
  const Score score = run(folder, "exmouth");
  // People put things in ways that no lexicon knows: what is judged wrongly may become less, not more. The misses are printed.
  CHECK(score.cases >= 120);
  CHECK(score.wrong * 100 <= score.cases * 10);
  CHECK(score.copies_wrong == 0);
}

TEST_CASE("the shared samples are judged as labelled, where they are at hand") {
  const fs::path folder = fs::path(BEADLE_SOURCE_DIR) / ".." / "shared" / "eval" / "exmouth";
  if (!fs::exists(folder)) {
    WARN("skipped: no samples here");
    return;
  }
  const Score score = run(folder, "exmouth");
  CHECK(score.cases > 0);
  CHECK(score.wrong == 0);
}
