#include "rules/coverage.h"

#include <algorithm>

#include "rules/reading.h"

namespace beadle::rules {
namespace {

std::string protocol_of(std::string_view clause) { return std::string(clause.substr(0, clause.find('/'))); }

std::vector<const Rule*> rules_of(const Pack& pack, std::string_view clause) {
  std::vector<const Rule*> rules;
  for (const Rule& rule : pack.rules) {
    if (rule.clause == clause) rules.push_back(&rule);
  }
  return rules;
}

const Catalogue* catalogue_of(const std::vector<Catalogue>& catalogues, std::string_view protocol) {
  for (const Catalogue& catalogue : catalogues) {
    if (catalogue.protocol == protocol) return &catalogue;
  }
  return nullptr;
}

bool has_paragraph(const Catalogue& catalogue, std::string_view clause) {
  return std::any_of(catalogue.paragraphs.begin(), catalogue.paragraphs.end(), [&](const Paragraph& one) { return one.clause == clause; });
}

/// The pack's own protocol, then those that it includes.
std::vector<std::string> protocols_of(const Pack& pack) {
  std::vector<std::string> names{pack.protocol.name};
  for (const Rule& rule : pack.rules) {
    std::string name = protocol_of(rule.clause);
    if (!contains(names, name)) names.push_back(std::move(name));
  }
  return names;
}

void check_paragraphs(const Pack& pack, const Catalogue& catalogue, Problems& problems) {
  const auto error = [&](const Paragraph& paragraph, std::string what, std::string hint) {
    problems.push_back({Problem::Severity::error, catalogue.file, paragraph.at, std::move(what), std::move(hint)});
  };
  for (const Paragraph& paragraph : catalogue.paragraphs) {
    const bool has_rule = !rules_of(pack, paragraph.clause).empty();
    const bool checked = paragraph.checked != Checked::no;
    const bool has_reminder = std::any_of(pack.reminders.begin(), pack.reminders.end(), [&](const Reminder& one) { return one.clause == paragraph.clause; });
    if (paragraph.reminder && !has_reminder) error(paragraph, paragraph.clause + " is said to be a reminder, and has none in " + pack.file, "[[reminder]]");
    if (checked && !has_rule && !paragraph.reminder) {
      error(paragraph, paragraph.clause + " is said to be checked, and has no rule in " + pack.file, "checked = \"no\", or a rule");
    }
    if (!checked && has_rule) error(paragraph, paragraph.clause + " is said not to be checked, and has a rule in " + pack.file, "yes or partly");
  }
}

}  // namespace

std::size_t Coverage::examples() const {
  std::size_t count = 0;
  for (const Rule* rule : rules) count += rule->matches.size() + rule->passes.size();
  return count;
}

std::vector<Coverage> coverage_of(const Pack& pack, const std::vector<Catalogue>& catalogues) {
  std::vector<Coverage> all;
  for (const std::string& protocol : protocols_of(pack)) {
    const Catalogue* catalogue = catalogue_of(catalogues, protocol);
    if (catalogue == nullptr) continue;
    for (const Paragraph& paragraph : catalogue->paragraphs) {
      Coverage one{paragraph.clause, paragraph.family, &paragraph, rules_of(pack, paragraph.clause)};
      if (!one.rules.empty()) one.family = one.rules.front()->family;
      all.push_back(std::move(one));
    }
  }
  for (const Rule& rule : pack.rules) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const Coverage& one) { return one.clause == rule.clause; });
    if (!known) all.push_back({rule.clause, rule.family, nullptr, rules_of(pack, rule.clause)});
  }
  return all;
}

Problems check_catalogues(const std::vector<Pack>& packs, const std::vector<Catalogue>& catalogues) {
  Problems problems;
  std::vector<std::string> protocols;
  for (const Pack& pack : packs) {
    protocols.push_back(pack.protocol.name);
    const Catalogue* catalogue = catalogue_of(catalogues, pack.protocol.name);
    if (catalogue == nullptr) {
      problems.push_back({Problem::Severity::odd, pack.file, {}, "protocol " + pack.protocol.name + " has no catalogue",
                          "catalogue/" + pack.protocol.name + ".toml says what is checked and what is not; without it coverage knows only the rules"});
      continue;
    }
    check_paragraphs(pack, *catalogue, problems);
    std::vector<std::string> told;
    for (const Rule& rule : pack.rules) {
      if (rule.file != pack.file || has_paragraph(*catalogue, rule.clause) || contains(told, rule.clause)) continue;
      told.push_back(rule.clause);
      problems.push_back({Problem::Severity::error, pack.file, rule.at, rule.clause + " is not in the catalogue", "[[paragraph]] in " + catalogue->file});
    }
  }
  std::vector<std::string> seen;
  for (const Catalogue& catalogue : catalogues) {
    const auto error = [&](std::string what, std::string hint) {
      problems.push_back({Problem::Severity::error, catalogue.file, {}, std::move(what), std::move(hint)});
    };
    if (!contains(protocols, catalogue.protocol)) error("there is no pack of protocol " + shown(catalogue.protocol), known_hint(catalogue.protocol, protocols));
    if (contains(seen, catalogue.protocol)) error("protocol " + shown(catalogue.protocol) + " has another catalogue", "one a protocol");
    seen.push_back(catalogue.protocol);
  }
  return problems;
}

}  // namespace beadle::rules
