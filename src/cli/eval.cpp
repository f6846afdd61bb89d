// beadle eval: how the rules do on labelled messages.
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "eval/labelled_mail.h"
#include "eval/tune.h"
#include "intake/documents.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

double percent(double share) { return 100 * share; }

std::string roster_in(const std::string& folder) {
  for (const char* name : {"/roster.json", "/roster.toml"}) {
    if (fs::exists(folder + name)) return folder + name;
  }
  return folder + "/roster.toml";
}

void print_scores(const char* heading, const std::map<std::string, eval::Score>& scores) {
  std::printf("\n%-36s %6s %6s %6s %9s %10s\n", heading, "wanted", "found", "false", "recall", "precision");
  for (const auto& [name, score] : scores) {
    std::printf("%-36s %6d %6d %6d %7.1f %% %8.1f %%\n", name.c_str(), score.wanted, score.found, score.false_alarms, percent(score.recall()),
                percent(score.precision()));
  }
}

std::string listed(const std::set<std::string>& names) { return joined({names.begin(), names.end()}, ", "); }

void print_miss(const eval::Judged& judged) {
  const eval::Case& labelled = judged.labelled;
  std::printf("\n%s (%s, %s): %s\n", labelled.id.c_str(), labelled.eml.c_str(), labelled.kind.c_str(), printable(labelled.why).c_str());
  if (!judged.action_right) {
    std::printf("  action      %s, labelled %s\n", std::string(rules::to_string(judged.verdict.action)).c_str(),
                std::string(rules::to_string(labelled.expected.action)).c_str());
  }
  if (!judged.footer_right) {
    std::printf("  footer      %s, labelled %s\n", joined(judged.verdict.footer, ", ").c_str(), listed(labelled.expected.footer).c_str());
  }
  for (const std::string& reason : judged.reasons) std::printf("  missed      %s\n", reason.c_str());
  for (const inspect::Finding& finding : judged.verdict.findings) {
    if (!judged.false_alarms.contains(finding.clause)) continue;
    std::printf("  false alarm %s\n", finding.clause.c_str());
    for (const inspect::Evidence& evidence : finding.evidence) std::printf("              %s: \"%s\"\n", evidence.zone.c_str(), evidence.text.c_str());
  }
}

ordered_json to_json(const std::map<std::string, eval::Score>& scores) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, score] : scores) {
    out[name] = {{"wanted", score.wanted}, {"found", score.found}, {"false", score.false_alarms}, {"recall", score.recall()}, {"precision", score.precision()}};
  }
  return out;
}

ordered_json to_json(const std::string& folder, const std::string& protocol, const eval::Evaluation& evaluation) {
  ordered_json out{{"folder", folder}, {"protocol", protocol}, {"cases", evaluation.cases.size()}, {"right", evaluation.right},
                   {"actions_right", evaluation.actions_right}, {"footers_right", evaluation.footers_right},
                   {"recall", evaluation.all.recall()}, {"precision", evaluation.all.precision()}};
  out["families"] = to_json(evaluation.by_family);
  out["clauses"] = to_json(evaluation.by_clause);
  out["misses"] = ordered_json::array();
  for (const eval::Judged& judged : evaluation.cases) {
    if (judged.right()) continue;
    out["misses"].push_back({{"id", judged.labelled.id}, {"eml", judged.labelled.eml}, {"why", judged.labelled.why}, {"missing", judged.missing},
                             {"false", judged.false_alarms}, {"action", rules::to_string(judged.verdict.action)},
                             {"labelled", rules::to_string(judged.labelled.expected.action)}, {"footer", judged.verdict.footer}, {"reasons", judged.reasons}});
  }
  return out;
}

void progress(std::size_t done, std::size_t all) {
  if (isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r%zu of %zu ", done, all);
}

std::optional<inspect::Policy> policy_of(const EvalOptions& options, const std::string& roster, const std::string& protocol, Problems& problems) {
  config::Settings settings;
  settings.roster = roster;
  settings.protocol = protocol;
  settings.rules_directory = find_rules(options.rules);
  settings.own_packs = options.own;
  auto policy = config::load_policy(settings, problems);
  if (policy) policy->mode = rules::Mode::enforce;
  return policy;
}

// Of folders after the first: the same scores, added up.
void add(const std::map<std::string, eval::Score>& from, std::map<std::string, eval::Score>& to) {
  for (const auto& [name, score] : from) {
    to[name].wanted += score.wanted;
    to[name].found += score.found;
    to[name].false_alarms += score.false_alarms;
  }
}

void print_head(const std::string& name, const eval::Evaluation& evaluation, std::size_t cases) {
  const auto of_cases = [&](int count) { return cases == 0 ? 100.0 : 100.0 * count / static_cast<double>(cases); };
  std::printf("%-24s %4zu cases  action %5.1f %%  footer %5.1f %%  recall %5.1f %%  precision %5.1f %%  all right %5.1f %%\n", name.c_str(), cases,
              of_cases(evaluation.actions_right), of_cases(evaluation.footers_right), percent(evaluation.all.recall()), percent(evaluation.all.precision()),
              of_cases(evaluation.right));
}

/// Cases, messages and policy of one folder. rules: shared by all folders; read with the first.
std::optional<eval::Workbench> workbench_of(const EvalOptions& options, const std::string& folder, std::shared_ptr<rules::RuleSet>& rules, Problems& problems) {
  const auto note = [&](const Error& error) { problems.push_back({Problem::Severity::error, folder, {}, error.what, {}}); };
  const std::string file = folder + "/cases.jsonl";
  const auto text = config::read_file(file);
  if (!text) return note(text.error()), std::nullopt;
  auto cases = eval::parse_cases(*text, file, problems);
  if (!cases) return std::nullopt;
  if (!rules) {
    auto read = config::load_rules(find_rules(options.rules), problems, options.own);
    if (!read) return std::nullopt;
    rules = std::make_shared<rules::RuleSet>(std::move(*read));
  }
  auto policy = policy_of(options, options.roster.empty() ? roster_in(folder) : options.roster,
                          options.protocol.empty() ? eval::protocol_of(*cases) : options.protocol, problems);
  if (!policy) return std::nullopt;
  policy->rules = rules;
  auto messages = eval::read_messages(folder, *cases, intake::document_reader(), progress);
  if (!messages) return note(messages.error()), std::nullopt;
  return eval::Workbench{std::move(*cases), std::move(*messages), std::move(*policy)};
}

/// Puts `points` into the table of the cue, whose heading stands in line `heading` of the file; the rest stays as it is.
Result<void> write_points(const rules::Cue& cue, int points) {
  const std::string text = TRY(config::read_file(cue.file));
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) lines.emplace_back(line);
  const std::string heading = "[cue." + cue.name + "]";
  auto line = std::find_if(lines.begin(), lines.end(), [&](const std::string& one) { return one.starts_with(heading); });
  if (line != lines.end()) ++line;
  while (line != lines.end() && !line->starts_with("points") && !line->starts_with("[")) ++line;
  if (line == lines.end() || !line->starts_with("points")) {
    return Error{ErrorKind::bad_data, cue.file + ": cue " + cue.name + " has no line \"points = …\" of its own"};
  }
  const std::size_t comment = line->find('#');
  *line = "points = " + std::to_string(points) + (comment == std::string::npos ? "" : "  " + line->substr(comment));
  return write_file(cue.file, joined(lines, "\n"));
}

}  // namespace

int eval_tune(const EvalOptions& options) {
  constexpr int rounds = 3;
  Problems problems;
  std::shared_ptr<rules::RuleSet> rules;
  std::vector<eval::Workbench> folders;
  for (const std::string& folder : options.folders) {
    auto read = workbench_of(options, folder, rules, problems);
    if (!read) return report(problems), exit_config;
    folders.push_back(std::move(*read));
  }
  const auto tuning = eval::tune(folders, *rules, rounds, [](const std::string& cue, int before, int after, double loss) {
    std::printf("%-26s %4d %s %4d   lost %.1f\n", cue.c_str(), before, before == after ? "  " : "->", after, loss);
    std::fflush(stdout);
  });
  if (!tuning) return fail(tuning.error());
  std::printf("lost %.1f before, %.1f now (a message: 1, a clause: 0.7)\n", tuning->loss_before, tuning->loss);
  for (const rules::Cue& cue : rules->cues()) {
    const auto points = tuning->points.find(cue.name);
    if (points == tuning->points.end() || points->second == *cue.points) continue;
    if (const auto written = write_points(cue, points->second); !written) return fail(written.error());
  }
  return exit_ok;
}

int eval_folders(const EvalOptions& options) {
  ordered_json json = ordered_json::array();
  eval::Evaluation total;
  std::size_t total_cases = 0;
  const auto documents = intake::document_reader();
  for (std::string folder : options.folders) {
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    Problems problems;
    const std::string file = folder + "/cases.jsonl";
    const auto text = config::read_file(file);
    if (!text) return fail(text.error());
    const auto cases = eval::parse_cases(*text, file, problems);
    if (!cases) return report(problems);
    const std::string protocol = !options.protocol.empty() ? options.protocol : eval::protocol_of(*cases);
    const auto policy = policy_of(options, options.roster.empty() ? roster_in(folder) : options.roster, protocol, problems);
    if (const int code = report(problems); !policy) return code == exit_ok ? static_cast<int>(exit_config) : code;
    const auto evaluation = eval::evaluate(folder, *cases, *policy, documents, progress);
    if (isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r                \r");
    if (!evaluation) return fail(evaluation.error());
    if (options.json) {
      json.push_back(to_json(folder, protocol, *evaluation));
    } else {
      print_head(fs::path(folder).filename().string(), *evaluation, cases->size());
      if (options.misses) {
        for (const eval::Judged& judged : evaluation->cases) {
          if (!judged.right()) print_miss(judged);
        }
        std::printf("\n");
      }
    }
    add(evaluation->by_clause, total.by_clause);
    add(evaluation->by_family, total.by_family);
    add({{"", evaluation->all}}, total.by_clause);
    total.all = total.by_clause[""];
    total.actions_right += evaluation->actions_right;
    total.footers_right += evaluation->footers_right;
    total.right += evaluation->right;
    total_cases += cases->size();
  }
  total.by_clause.erase("");
  if (options.json) {
    std::printf("%s\n", json.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
    return exit_ok;
  }
  if (options.folders.size() > 1) print_head("together", total, total_cases);
  print_scores("family", total.by_family);
  print_scores("clause", total.by_clause);
  return exit_ok;
}

}  // namespace beadle::cli
