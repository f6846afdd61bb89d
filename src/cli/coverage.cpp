// beadle rules coverage: each paragraph of a protocol, whether and how it is checked, as text, JSON or a page to publish.
#include <algorithm>
#include <cstdio>
#include <fstream>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/coverage_page.h"
#include "cli/exit.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;
using rules::Coverage;

std::string actions_of(const Coverage& coverage) {
  std::vector<std::string> words;
  for (const rules::Rule* rule : coverage.rules) {
    const std::string word = rule->mode == rules::Mode::off ? "off" : std::string(rules::to_string(rule->action));
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  if (coverage.paragraph != nullptr && coverage.paragraph->reminder) words.emplace_back("reminder");
  return words.empty() ? "-" : joined(words, ", ");
}

std::string places_of(const Coverage& coverage) {
  std::vector<std::string> places;
  for (const rules::Rule* rule : coverage.rules) {
    const std::size_t slash = rule->file.rfind('/');
    places.push_back(rule->file.substr(slash == std::string::npos ? 0 : slash + 1) + ":" + std::to_string(rule->at.line));
  }
  return joined(places, ", ");
}

void print(const rules::Pack& pack, const std::vector<Coverage>& coverage) {
  std::printf("%s: %s, %s\n", pack.protocol.name.c_str(), pack.protocol.title.c_str(), pack.protocol.council.c_str());
  for (const Coverage& one : coverage) {
    const std::string rules = one.rules.empty() ? "no rule" : places_of(one) + "; " + std::to_string(one.examples()) + " examples";
    std::printf("  %-40s %-14s %-14s %s\n", one.clause.c_str(), std::string(rules::to_string(one.checked())).c_str(), actions_of(one).c_str(), rules.c_str());
    std::printf("    %s\n", one.paragraph != nullptr ? one.paragraph->asks.c_str() : one.rules.front()->says.c_str());
    if (one.paragraph == nullptr) continue;
    const auto line = [](const char* label, const std::string& text) {
      if (!text.empty()) std::printf("    %-11s %s\n", label, text.c_str());
    };
    line("Looks for:", one.paragraph->finds);
    line(one.checked() == rules::Checked::no ? "Why not:" : "Limits:", one.paragraph->limits);
    line("Found:", one.paragraph->caught);
    line("Not found:", one.paragraph->missed);
  }
  const auto count = [&](rules::Checked checked) {
    return std::count_if(coverage.begin(), coverage.end(), [&](const Coverage& one) { return one.checked() == checked; });
  };
  std::printf("  %zu paragraphs: %td checked, %td partly, %td not by machine\n\n", coverage.size(), count(rules::Checked::yes), count(rules::Checked::partly),
              count(rules::Checked::no));
}

ordered_json to_json(const rules::Pack& pack, const std::vector<Coverage>& coverage) {
  ordered_json clauses = ordered_json::array();
  for (const Coverage& one : coverage) {
    ordered_json item{{"clause", one.clause}, {"checked", rules::to_string(one.checked())}, {"family", one.family}};
    if (one.paragraph != nullptr) {
      for (const auto& [key, value] : {std::pair{"place", &one.paragraph->place}, {"asks", &one.paragraph->asks}, {"finds", &one.paragraph->finds},
                                       {"limits", &one.paragraph->limits}, {"caught", &one.paragraph->caught}, {"missed", &one.paragraph->missed}}) {
        item[key] = *value;
      }
    }
    item["rules"] = ordered_json::array();
    for (const rules::Rule* rule : one.rules) {
      item["rules"].push_back({{"action", rules::to_string(rule->action)}, {"mode", rules::to_string(rule->mode)}, {"says", rule->says}, {"file", rule->file},
                               {"line", rule->at.line}, {"examples", rule->matches.size() + rule->passes.size()}});
    }
    clauses.push_back(std::move(item));
  }
  return {{"protocol", pack.protocol.name}, {"title", pack.protocol.title}, {"council", pack.protocol.council}, {"clauses", std::move(clauses)}};
}

/// The pack as the council's settings have it.
rules::Pack in_force(rules::Pack pack, const std::map<std::string, inspect::Override>& overrides) {
  for (rules::Rule& rule : pack.rules) {
    const auto change = overrides.find(rule.clause);
    if (change == overrides.end()) continue;
    rule.action = change->second.action.value_or(rule.action);
    rule.mode = change->second.mode.value_or(rule.mode);
  }
  return pack;
}

int write(const std::string& file, const std::string& page) {
  if (file == "-") {
    std::fwrite(page.data(), 1, page.size(), stdout);
    return exit_ok;
  }
  std::ofstream out(file, std::ios::binary);
  out << page;
  out.close();
  return out ? static_cast<int>(exit_ok) : fail({ErrorKind::try_later, file + ": cannot be written"});
}

}  // namespace

int rules_coverage(const RulesOptions& options) {
  std::optional<config::Settings> settings;
  if (!options.config.empty() && !(settings = settings_of(options.config))) return exit_config;
  const std::string protocol = options.protocol.empty() && settings ? settings->protocol : options.protocol;
  const std::string folder = rules_folder(options);
  Problems problems;
  const auto rules = config::load_rules(folder, problems, own_packs(options));
  const auto catalogues = config::load_catalogues(folder, problems);
  if (const int code = report(problems); !rules || !catalogues) return code == exit_ok ? static_cast<int>(exit_config) : code;

  CoveragePage page;
  page.date = options.date.empty() ? to_rfc3339(system_now()).substr(0, 10) : options.date;
  page.contact = options.contact.empty() ? "the clerk to the council" : options.contact;
  if (settings) {
    page.mode = settings->mode;
    if (const auto roster = config::load_roster(settings->roster, problems)) page.council = roster->council;
  }
  ordered_json json = ordered_json::array();
  const auto wanted = [&](const rules::Pack& pack) { return protocol.empty() || pack.protocol.name == protocol; };
  const auto packs = std::count_if(rules->packs().begin(), rules->packs().end(), wanted);
  if (packs == 0) return fail({ErrorKind::usage, "there is no protocol " + protocol});
  if (packs > 1 && !options.html.empty()) return fail({ErrorKind::usage, "a page is of one protocol: name it with --protocol"});
  for (const rules::Pack& shipped : rules->packs()) {
    if (!wanted(shipped)) continue;
    const rules::Pack pack = in_force(shipped, settings ? settings->overrides : std::map<std::string, inspect::Override>());
    const std::vector<Coverage> coverage = rules::coverage_of(pack, *catalogues);
    if (!options.html.empty()) {
      page.protocol = pack.protocol;
      if (page.council.empty()) page.council = pack.protocol.council;
      if (const int code = write(options.html, to_html(page, coverage)); code != exit_ok) return code;
    } else if (options.json) {
      json.push_back(to_json(pack, coverage));
    } else {
      print(pack, coverage);
    }
  }
  if (options.json && options.html.empty()) std::printf("%s\n", json.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
  return exit_ok;
}

}  // namespace beadle::cli
