#include "policy.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "config/settings.h"
#include "rules/rule_set.h"

namespace beadle::bench {
namespace {

namespace fs = std::filesystem;

const std::string rules_folder = BEADLE_SOURCE_DIR "/rules";

template <class Item, class Parse>
std::vector<Item> read_all(const fs::path& folder, std::string_view ending, const Parse& parse, Problems& problems) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ending) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Item> out;
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    auto item = parse(std::string(std::istreambuf_iterator<char>(in), {}), file.string(), problems);
    if (item) out.push_back(std::move(*item));
  }
  return out;
}

std::string renamed(const std::string& name, std::size_t copy) { return name + "-" + std::to_string(copy); }

void rename_cues(rules::Condition& condition, std::size_t copy) {
  for (auto* names : {&condition.cues, &condition.cues_all, &condition.cues_none}) {
    for (std::string& name : *names) name = renamed(name, copy);
  }
  decltype(condition.cue_places) places;
  for (const auto& [name, at] : condition.cue_places) places.emplace(renamed(name, copy), at);
  condition.cue_places = std::move(places);
}

// Equal patterns would be compiled once only: each copy also finds a word of its own.
void make_different(std::vector<rules::Pattern>& patterns, std::size_t copy) {
  for (rules::Pattern& pattern : patterns) pattern.text = "(?:" + pattern.text + "|zyx" + std::to_string(copy) + ")";
}

rules::Lexicon copy_of(rules::Lexicon lexicon, std::size_t copy) {
  lexicon.words.clear();  // the first copy's stand for all
  for (rules::Cue& cue : lexicon.cues) {
    cue.name = renamed(cue.name, copy);
    make_different(cue.unless, copy);
    for (rules::Form& form : cue.forms) {
      make_different(form.all, copy);
      make_different(form.none, copy);
    }
  }
  return lexicon;
}

void add_copies(rules::Pack& pack, Copies copies) {
  const std::vector<rules::Rule> rules = pack.rules;
  for (std::size_t copy = 1; copy < std::max(copies.rules, copies.cues); ++copy) {
    for (rules::Rule rule : rules) {
      rule.clause = renamed(rule.clause, copy);
      if (copy < copies.cues) {
        for (rules::Condition& condition : rule.when) rename_cues(condition, copy);
        for (rules::Condition& condition : rule.unless) rename_cues(condition, copy);
      }
      pack.rules.push_back(std::move(rule));
    }
  }
}

[[noreturn]] void give_up(const Problems& problems) {
  std::fprintf(stderr, "%s\n", to_string(problems).c_str());
  std::exit(1);
}

}  // namespace

inspect::Policy shipped_policy(Copies copies) {
  Problems problems;
  auto packs = read_all<rules::Pack>(rules_folder, ".toml", rules::parse_pack, problems);
  auto lexicons = read_all<rules::Lexicon>(rules_folder + "/lexicon", ".toml", rules::parse_lexicon, problems);
  auto weights = read_all<rules::Weights>(rules_folder + "/weights", ".tsv", rules::parse_weights, problems);
  auto vectors = config::load_vectors(rules_folder, problems);
  if (!vectors) give_up(problems);
  for (rules::Pack& pack : packs) add_copies(pack, copies);
  const std::size_t lexicon_count = lexicons.size(), weight_count = weights.size();
  for (std::size_t copy = 1; copy < copies.cues; ++copy) {
    for (std::size_t i = 0; i < lexicon_count; ++i) lexicons.push_back(copy_of(lexicons[i], copy));
    for (std::size_t i = 0; i < weight_count; ++i) {
      weights.push_back(weights[i]);
      weights.back().cue = renamed(weights[i].cue, copy);
    }
  }
  auto rules = rules::RuleSet::compile(std::move(packs), std::move(lexicons), problems, {std::move(weights), std::move(*vectors)});
  auto roster = config::load_roster(rules_folder + "/examples/roster.toml", problems);
  if (!rules || !roster) give_up(problems);
  inspect::Policy policy;
  policy.people = std::make_shared<people::Directory>(std::move(*roster));
  policy.rules = std::make_shared<rules::RuleSet>(std::move(*rules));
  policy.protocol = "exmouth";
  policy.mode = inspect::Mode::enforce;
  return policy;
}

}  // namespace beadle::bench
