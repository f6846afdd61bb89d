// beadle rules, beadle roster, beadle config: reads what councils edit, and says what is wrong with it and where.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/start.h"
#include "inspect/examples.h"
#include "rules/coverage.h"
#include "rules/examples.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;

std::size_t cue_examples(const rules::RuleSet& rules) {
  std::size_t count = 0;
  for (const rules::Cue& cue : rules.cues()) count += cue.matches.size() + cue.passes.size();
  return count;
}

}  // namespace

std::string rules_folder(const RulesOptions& options) {
  if (options.config.empty()) return find_rules(options.rules);
  if (!options.rules.empty()) return options.rules;
  const auto settings = settings_of(options.config);
  return settings ? settings->rules_directory : find_rules("");
}

std::vector<std::string> own_packs(const RulesOptions& options) {
  std::vector<std::string> files = options.own;
  if (options.config.empty()) return files;
  if (const auto settings = settings_of(options.config)) files.insert(files.end(), settings->own_packs.begin(), settings->own_packs.end());
  return files;
}

int rules_check(const RulesOptions& options) {
  Problems problems;
  const std::string folder = rules_folder(options);
  const auto rules = config::load_rules(folder, problems, own_packs(options));
  if (!rules) return report(problems), exit_config;
  const auto catalogues = config::load_catalogues(folder, problems);
  if (!catalogues) return report(problems), exit_config;
  const Problems of_catalogues = rules::check_catalogues(rules->packs(), *catalogues);
  problems.insert(problems.end(), of_catalogues.begin(), of_catalogues.end());
  // What is odd about the council of the examples (a list that an outsider reads) is what some examples turn on.
  Problems of_roster;
  const auto roster = config::load_roster(folder + "/examples/roster.toml", of_roster);
  if (!roster) return report(of_roster), exit_config;
  const people::Directory people(*roster);
  const Problems of_cues = rules::check_cue_examples(*rules);
  problems.insert(problems.end(), of_cues.begin(), of_cues.end());
  const inspect::ExampleResult result = inspect::check_rule_examples(*rules, people);
  problems.insert(problems.end(), result.problems.begin(), result.problems.end());
  const int code = report(problems);
  std::printf("%zu packs, %zu rules and %zu reminders with %zu examples, %zu cues with %zu examples: %s\n", rules->packs().size(), result.rules,
              result.reminders, result.examples, rules->cues().size(), cue_examples(*rules), code == exit_ok ? "all as they should be" : "see the mistakes above");
  return code;
}

int rules_list(const RulesOptions& options) {
  Problems problems;
  const auto rules = config::load_rules(rules_folder(options), problems, own_packs(options));
  if (const int code = report(problems); !rules) return code;
  ordered_json out = ordered_json::array();
  for (const rules::Pack& pack : rules->packs()) {
    if (!options.protocol.empty() && pack.protocol.name != options.protocol) continue;
    if (!options.json) std::printf("%s: %s, %s\n", pack.protocol.name.c_str(), pack.protocol.title.c_str(), pack.protocol.council.c_str());
    const auto list = [&](const auto& rule, rules::Action action, const std::string& within) {
      if (options.json) {
        out.push_back({{"clause", rule.clause}, {"family", rule.family}, {"action", rules::to_string(action)},
                       {"mode", rules::to_string(rule.mode)}, {"says", rule.says}, {"file", rule.file}, {"line", rule.at.line}});
        if (!within.empty()) out.back()["within"] = within;
      } else {
        std::printf("  %-40s %-8s %s%s%s\n", rule.clause.c_str(), std::string(rules::to_string(action)).c_str(), rule.says.c_str(),
                    within.empty() ? "" : (" [reminder after " + within + "]").c_str(),
                    rule.mode == rules::Mode::enforce ? "" : (" [" + std::string(rules::to_string(rule.mode)) + "]").c_str());
      }
    };
    for (const rules::Rule& rule : pack.rules) list(rule, rule.action, "");
    for (const rules::Reminder& reminder : pack.reminders) list(reminder, rules::Action::flag, to_string(reminder.within));
  }
  if (options.json) std::printf("%s\n", out.dump(2).c_str());
  return exit_ok;
}

int roster_check(const FileOptions& options) {
  std::string file = options.file;
  if (file.empty()) {
    const auto settings = settings_of(options.config.empty() ? default_config : options.config);
    if (!settings) return exit_config;
    file = settings->roster;
  }
  Problems problems;
  const auto roster = config::load_roster(file, problems);
  const int code = report(problems);
  if (!roster) return code;
  std::size_t councillors = 0;
  for (const people::Person& person : roster->persons) councillors += person.is_councillor() ? 1 : 0;
  std::printf("%s: %zu councillors, %zu officers, %zu lists, %zu contacts; %zu odd\n", roster->council.c_str(), councillors,
              roster->persons.size() - councillors, roster->lists.size(), roster->contacts.size(), problems.size());
  return code;
}

int config_check(const FileOptions& options) {
  const std::string file = !options.file.empty() ? options.file : !options.config.empty() ? options.config : default_config;
  Problems problems;
  const auto settings = config::load_settings(file, problems);
  std::optional<inspect::Policy> policy;
  if (settings) policy = check_start(*settings, problems);
  const int code = report(problems);
  if (policy && code == exit_ok) {
    std::printf("%s: can be used; protocol %s, mode %s, rules %s\n", file.c_str(), policy->protocol.c_str(),
                std::string(rules::to_string(policy->mode)).c_str(), policy->digest.c_str());
  }
  return settings && policy ? code : static_cast<int>(exit_config);
}

int config_show(const FileOptions& options) {
  const auto settings = settings_of(!options.file.empty() ? options.file : !options.config.empty() ? options.config : default_config);
  if (!settings) return exit_config;
  std::printf("%s", config::to_toml(*settings).c_str());
  return exit_ok;
}

}  // namespace beadle::cli
