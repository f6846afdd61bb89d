// The shipped rules on labelled messages: every folder of tests/data/eval, and where they are at hand those beside the source tree, is judged as
// `beadle eval` does it, and held against tests/data/eval/bounds.tsv. Whoever adds a case or raises a bound needs no C++.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/text.h"
#include "config/settings.h"
#include "eval/labelled_mail.h"
#include "intake/documents.h"
#include "catch.h"

namespace fs = std::filesystem;
using namespace beadle;

namespace {

struct Bounds {
  std::string protocol;
  int actions = 0, recall = 0, precision = 0;  // least, in per cent
  int wrong_footers = 0;                       // most
};

int number_in(std::string_view text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  REQUIRE((error == std::errc() && end == text.data() + text.size()));
  return number;
}

std::map<std::string, Bounds> read_bounds() {
  std::map<std::string, Bounds> bounds;
  std::ifstream file(std::string(BEADLE_TEST_DATA) + "/eval/bounds.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto columns = split(line, '\t');
    INFO(line);
    REQUIRE(columns.size() == 6);
    bounds[std::string(columns[0])] = {std::string(columns[1]), number_in(columns[2]), number_in(columns[3]), number_in(columns[4]), number_in(columns[5])};
  }
  return bounds;
}

/// Folders with labelled messages, by the name that bounds.tsv calls them.
std::map<std::string, fs::path> folders_in(const fs::path& root, const std::string& prefix) {
  std::map<std::string, fs::path> folders;
  if (!fs::exists(root)) return folders;
  for (const auto& entry : fs::directory_iterator(root)) {
    if (fs::exists(entry.path() / "cases.jsonl")) folders[prefix + entry.path().filename().string()] = entry.path();
  }
  return folders;
}

/// Documents are read where beadle-extract is built.
eval::DocumentReader document_reader() {
  if (!fs::exists(BEADLE_EXTRACT_PROGRAM)) return {};
  const auto extractor = std::make_shared<const extract::Extractor>(extract::ExtractorSettings{.program = BEADLE_EXTRACT_PROGRAM, .nursery = true});
  return [extractor](mail::Message& message) { intake::read_documents(message, *extractor); };
}

eval::Evaluation judge(const fs::path& folder, const std::string& protocol) {
  config::Settings settings;
  settings.roster = (folder / "roster.json").string();
  settings.protocol = protocol;
  settings.rules_directory = std::string(BEADLE_SOURCE_DIR) + "/rules";
  Problems problems;
  auto policy = config::load_policy(settings, problems);
  INFO(to_string(problems));
  REQUIRE(policy);
  policy->mode = rules::Mode::enforce;
  const std::string file = (folder / "cases.jsonl").string();
  const auto text = config::read_file(file);
  REQUIRE(text);
  const auto cases = eval::parse_cases(*text, file, problems);
  INFO(to_string(problems));
  REQUIRE(cases);
  auto evaluation = eval::evaluate(folder.string(), *cases, *policy, document_reader(), {});
  REQUIRE(evaluation);
  return std::move(*evaluation);
}

std::string wrong_of(const eval::Judged& judged) {
  std::string out = judged.labelled.id + ":";
  for (const std::string& clause : judged.missing) out += " missing " + clause;
  for (const std::string& clause : judged.false_alarms) out += " false " + clause;
  if (!judged.action_right) out += " action " + std::string(rules::to_string(judged.verdict.action));
  if (!judged.footer_right) out += " footer " + inspect::footer_line(judged.verdict.footer);
  return out + " -- " + judged.labelled.why;
}

}  // namespace

TEST_CASE("labelled messages are judged as well as bounds.tsv asks") {
  const auto bounds = read_bounds();
  auto folders = folders_in(fs::path(BEADLE_TEST_DATA) / "eval", "");
  REQUIRE(folders.size() >= 6);
  const auto shared = folders_in(fs::path(BEADLE_SOURCE_DIR) / ".." / "shared" / "eval", "shared/");
  if (shared.empty()) WARN("no samples beside the source tree");
  folders.insert(shared.begin(), shared.end());
  for (const auto& [name, path] : folders) {
    INFO(name);
    REQUIRE(bounds.contains(name));
    const Bounds& bound = bounds.at(name);
    const eval::Evaluation evaluation = judge(path, bound.protocol);
    const int cases = static_cast<int>(evaluation.cases.size());
    REQUIRE(cases > 0);
    for (const eval::Judged& judged : evaluation.cases) {
      if (!judged.right()) UNSCOPED_INFO(wrong_of(judged));
    }
    CAPTURE(cases, evaluation.actions_right, evaluation.footers_right, evaluation.all.wanted, evaluation.all.found, evaluation.all.false_alarms);
    CHECK(100 * evaluation.actions_right >= bound.actions * cases);
    CHECK(100 * evaluation.all.recall() >= bound.recall);
    CHECK(100 * evaluation.all.precision() >= bound.precision);
    CHECK(cases - evaluation.footers_right <= bound.wrong_footers);
  }
}
